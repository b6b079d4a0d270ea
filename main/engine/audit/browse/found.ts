/** The words around what a search has found. */

import { beginning } from './said.ts';

/** One line: of the first text that has one of the words, what is around it; the summary's beginning where none has. */
export function foundIn(words: readonly string[], summary: string, texts: Iterable<string>): string {
  const wanted = words.map(folded);
  const inSummary = placeOf(wanted, summary);
  if (inSummary !== undefined) return around(summary, inSummary);
  let left = LOOKED_AT;
  for (const text of texts) {
    const part = text.slice(0, left);
    const place = placeOf(wanted, part);
    if (place !== undefined) return around(part, place);
    left -= part.length;
    if (left <= 0) break;
  }
  return around(summary, 0);
}

/** UTF-16 units of all texts of a record. */
const LOOKED_AT = 256 * 1024;
/** UTF-16 units of what is shown, and of what comes before the word. */
const LENGTH = 160;
const LEAD = 50;

/** Of the first of the words that stands there by itself. */
function placeOf(words: readonly string[], text: string): number | undefined {
  const plain = folded(text);
  let first: number | undefined;
  for (const word of words) {
    for (let at = plain.indexOf(word); at >= 0 && (first === undefined || at < first); at = plain.indexOf(word, at + 1)) {
      if (isPartOfWord(plain, at - 1) || isPartOfWord(plain, at + word.length)) continue;
      first = at;
    }
  }
  return first;
}

function isPartOfWord(text: string, at: number): boolean {
  return at >= 0 && at < text.length && /[\p{L}\p{N}]/u.test(text[at]!);
}

/** As the index has it, each unit in its place: small letters without their marks. */
function folded(text: string): string {
  const small = text.toLowerCase();
  // Few letters are longer when they are small; then places would not be the same.
  const same = small.length === text.length ? small : text;
  return same.replace(/[\u00c0-\u024f\u1e00-\u1eff]/g, (letter) => letter.normalize('NFD')[0]!);
}

function around(text: string, place: number): string {
  const start = place <= LEAD ? 0 : boundary(text, place - LEAD, place);
  const rest = text.slice(start, start + LENGTH * 4).replace(/\s+/g, ' ');
  const shown = beginning(rest, LENGTH);
  const isCut = shown.length < rest.length || start + LENGTH * 4 < text.length;
  return `${start > 0 ? '…' : ''}${shown.trim()}${isCut ? '…' : ''}`;
}

/** After a blank, so that no word is shown in part. */
function boundary(text: string, from: number, to: number): number {
  const blank = text.slice(from, to).search(/\s/);
  if (blank >= 0) return from + blank + 1;
  const unit = text.charCodeAt(from);
  return unit >= 0xdc00 && unit <= 0xdfff ? from + 1 : from;
}
