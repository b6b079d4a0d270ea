/** Reads a text as the few words in it that mean something to an order, with their places. */

import { FOLDED } from '../fold.ts';
import { fits, hashed, isUnspaced, LONGEST_WORD, MAYBE, PHRASES, STEMS, slot, UNSPACED, WORDS } from './lexicon.ts';

export interface Token {
  /** Bits of `BIT`. */
  readonly concepts: number;
  readonly start: number;
  readonly end: number;
  /** How many words stand before it in the text. */
  readonly word: number;
  readonly sentence: number;
}

export interface Reading {
  readonly tokens: readonly Token[];
  /** Where each sentence starts, and the number of its first word. */
  readonly sentences: readonly { readonly start: number; readonly word: number }[];
}

/** One pass; linear. */
export function tokensOf(text: string): Reading {
  const raw: Raw[] = [];
  const sentences = [{ start: 0, word: 0 }];
  let words = 0;
  let start = -1;
  let hash = 0;
  let stem = -1;

  for (let i = 0; i <= text.length; i++) {
    const unit = i < text.length ? text.charCodeAt(i) : 0;
    const letter = FOLDED[unit]!;
    if (letter !== 0 && !isUnspaced(unit)) {
      if (start < 0) {
        start = i;
        hash = 0;
        stem = -1;
      }
      hash = hashed(hash, letter);
      if ((MAYBE[slot(hash)]! & 2) !== 0) stem = i + 1;
      continue;
    }
    if (start >= 0) {
      const isWord = (MAYBE[slot(hash)]! & 1) !== 0;
      if (isWord || stem >= 0 || (unit < 128 && mixes(text, start, i))) word(start, i, isWord, stem);
      start = -1;
      words++;
    }
    if (letter !== 0) i = unspaced(i) - 1;
    else if (ends(text, i, unit)) sentences.push({ start: i + 1, word: words });
  }
  return { tokens: joined(raw), sentences };

  function word(from: number, to: number, isWord: boolean, stemEnd: number): void {
    if (to - from > LONGEST_WORD) return;
    const written = fold(text, from, to);
    let concepts = isWord ? WORDS.get(written) : undefined;
    if (stemEnd >= 0) {
      const more = STEMS.get(written.slice(0, stemEnd - from));
      if (more !== undefined) concepts = (concepts ?? 0) | more;
    }
    if (written.length < 3 && concepts !== undefined && isCode(from, to)) return;
    if (written.length > 3) concepts ??= WORDS.get(unleet(written, 'i')) ?? WORDS.get(unleet(written, 'l'));
    if (concepts !== undefined) raw.push({ concepts, start: from, end: to, word: words, sentence: sentences.length - 1, written });
  }

  /** "AI" and "KI" are names, `ai` in a program is a variable. */
  function isCode(from: number, to: number): boolean {
    const written = text.slice(from, to);
    if (!/^(?:ai|ia|ki)$/i.test(written)) return false;
    return (
      !/^(?:AI|IA|KI)$/.test(written) && !/[a-z] $/i.test(text.slice(from - 2, from)) && !/^[a-z]+ [a-z]{2}/i.test(text.slice(to, to + 6))
    );
  }

  function unspaced(at: number): number {
    for (const entry of UNSPACED.get(text[at]!) ?? []) {
      if (!text.startsWith(entry.text, at)) continue;
      raw.push({
        concepts: entry.concepts,
        start: at,
        end: at + entry.text.length,
        word: words,
        sentence: sentences.length - 1,
        written: '',
      });
      words++;
      return at + entry.text.length;
    }
    if (at % 2 === 0) words++;
    return at + 1;
  }
}

interface Raw extends Token {
  readonly written: string;
}

/** Puts the words of phrases together, and drops those that mean nothing alone. */
function joined(raw: readonly Raw[]): Token[] {
  const tokens: Token[] = [];
  for (let i = 0; i < raw.length; i++) {
    const { concepts, start, end, word, sentence, written } = raw[i]!;
    let all = concepts;
    let last = end;
    for (const phrase of PHRASES.get(written) ?? []) {
      const isHere = phrase.rest.every((next, k) => {
        const other = raw[i + 1 + k];
        return other !== undefined && other.word === word + 1 + k && fits(other.written, next);
      });
      if (!isHere) continue;
      all |= phrase.concepts;
      last = Math.max(last, raw[i + phrase.rest.length]!.end);
    }
    if (all !== 0) tokens.push({ concepts: all, start, end: last, word, sentence });
  }
  return tokens;
}

function ends(text: string, at: number, unit: number): boolean {
  if (unit === 10) {
    const next = text.charCodeAt(at + 1);
    // A wrapped line goes on in lower case; lists, headings, quotations and code do not.
    return !(next >= 97 && next <= 122) || text.charCodeAt(at - 1) === 10;
  }
  if (unit === 46 || unit === 33 || unit === 63) {
    const next = text.charCodeAt(at + 1);
    return !(next > 0x2f && next !== 0x3c && FOLDED[next] !== 0) && next !== 47 && next !== unit;
  }
  return unit === 0x3002 || unit === 0x0964 || unit === 0x61f || unit === 0xff01 || unit === 0xff1f;
}

function mixes(text: string, from: number, to: number): boolean {
  if (to - from < 3 || to - from > 14) return false;
  let digits = 0;
  for (let i = from; i < to; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 48 && unit <= 57) digits++;
  }
  return digits > 0 && digits <= (to - from) / 2;
}

function unleet(word: string, one: string): string {
  return word.replace(/[0134578@$]/g, (digit) => ({ 0: 'o', 1: one, 3: 'e', 4: 'a', 5: 's', 7: 't', 8: 'b' })[digit] ?? digit);
}

function fold(text: string, from: number, to: number): string {
  let out = '';
  for (let i = from; i < to; i++) out += String.fromCharCode(FOLDED[text.charCodeAt(i)]!);
  return out;
}
