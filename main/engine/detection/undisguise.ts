/** Takes disguises off a text, character by character: escapes, look-alikes, what is invisible, what a terminal would not show. */
// biome-ignore-all lint/suspicious/noMisleadingCharacterClass: each of them is looked for by itself
// biome-ignore-all lint/suspicious/noControlCharactersInRegex: they are what is looked for

import { unmixed } from './confusables.ts';
import { entityAt, percentAt, stringEscapeAt } from './escapes.ts';
import { FOLDED } from './fold.ts';
import { unseenAt } from './invisible.ts';
import type { Hidden } from './normalise.ts';
import { createPieces, type Origins } from './pieces.ts';
import { sequenceAt } from './terminal.ts';

export interface Undisguised {
  /** Absent where there was nothing to take off. */
  readonly origins?: Origins;
  readonly hidden: Hidden[];
  readonly splits: number;
}

/** Whatever may be something else than it seems. Honest letters of other scripts are not among it. */
const SPECIAL =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u00a0\u00ad\u0300-\u036f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2100-\u214f\u2460-\u24ff\u3000\u3164\ufb00-\ufb06\ufe00-\ufe0f\ufeff\uff01-\uff5e\uffa0\ud835\udb40]|\ud83c[\udd30-\udd89]|&(?=[#a-zA-Z])|\\(?=[unxrt"'/])|%(?=[0-9a-fA-F]{2})|<\/?(?:b|i|u|s|em|strong|span|font|sub|sup|mark|small|wbr|B|I|U|EM|STRONG|SPAN|FONT)\s{0,3}>|[\u0370-\u04ff\u0531-\u0587\u1d00-\u1d22](?:(?<=[a-zA-Z].)|(?=[a-zA-Z]))| (?=[a-zA-Z] [a-zA-Z](?![a-zA-Z]))/g;

export function undisguised(text: string): Undisguised {
  const pieces = createPieces(text);
  /** In the original's offsets, until all is put together. */
  const concealed: Hidden[] = [];
  let splits = 0;
  let copied = 0;
  let changed = false;
  let erased = 0;
  let hides = -1;

  SPECIAL.lastIndex = 0;
  for (let found = SPECIAL.exec(text); found; found = SPECIAL.exec(text)) {
    const change = changeAt(text, found.index, found[0]);
    if (!change || change.start < copied) continue;
    changed = true;
    pieces.copy(copied, change.start);
    pieces.put(change.says, change.start, change.end);
    copied = change.end;
    SPECIAL.lastIndex = copied;
    if (change.splits) splits++;
    if (change.how) concealed.push({ start: change.start, end: change.end, how: change.how });
    if (change.does === 'hides') hides = change.end;
    if (change.does === 'shows' && hides >= 0) {
      concealed.push({ start: hides, end: change.start, how: 'terminal' });
      hides = -1;
    }
    if (change.does === 'erases') {
      const before = Math.max(erased, change.start - MAX_LINE);
      const start = before + text.slice(before, change.start).lastIndexOf('\n') + 1;
      if (change.start > start) concealed.push({ start, end: change.start, how: 'terminal' });
      erased = change.end;
    }
  }
  if (!changed) return { hidden: [], splits: 0 };
  if (hides >= 0) concealed.push({ start: hides, end: text.length, how: 'terminal' });
  pieces.copy(copied, text.length);
  const origins = pieces.done();
  const hidden = concealed.map(({ start, end, how }) => ({ start: origins.placeOf(start), end: origins.placeOf(end), how }));
  return { origins, hidden, splits };
}

interface Change {
  readonly start: number;
  readonly end: number;
  readonly says: string;
  readonly how?: Hidden['how'];
  readonly does?: 'hides' | 'shows' | 'erases' | 'nothing';
  /** It kept a Latin word apart, or was one of another script's letters in it. */
  readonly splits?: boolean;
}

const MAX_LINE = 1000;
const MAX_WORD = 64;

function changeAt(text: string, at: number, found: string): Change | undefined {
  const unit = found.charCodeAt(0);
  if (unit === 32) return spacedLetters(text, at);
  if (unit === 38 || unit === 92 || unit === 37) {
    const escaped = unit === 38 ? entityAt(text, at) : unit === 92 ? stringEscapeAt(text, at) : percentAt(text, at);
    return escaped && { start: at, ...escaped };
  }
  if (unit === 60) return { start: at, end: at + found.length, says: '' };
  if (unit === 27) {
    const { end, says, does } = sequenceAt(text, at);
    return { start: at, end, says, does, ...(says.trim() !== '' && { how: 'terminal' as const }) };
  }
  if (unit === 13) {
    const ends = text[at + 1] === '\n' || at + 1 === text.length;
    return ends ? undefined : { start: at, end: at + 1, says: '\n', does: 'erases' };
  }
  if (unit === 8) return { start: at, end: runEnd(text, at), says: '', does: 'erases' };
  if (unit < 32 || (unit >= 0x7f && unit < 0xa0)) return { start: at, end: at + 1, says: '' };
  if (unit >= 0x300 && unit <= 0x36f) return isMarked(text, at) ? { start: at, end: at + 1, says: '' } : undefined;
  if ((unit >= 0x370 && unit <= 0x587) || (unit >= 0x1d00 && unit <= 0x1d22)) return mixedWord(text, at);
  if (unit === 0x202e) return turnedRound(text, at);
  return unseen(text, at) ?? compatible(text, at);
}

function unseen(text: string, at: number): Change | undefined {
  const found = unseenAt(text, at);
  if (!found || isShaping(text, at, found.end)) return undefined;
  const splits = isLatin(text.charCodeAt(at - 1)) && isLatin(text.charCodeAt(found.end));
  return { start: at, end: found.end, says: found.says, splits, ...(found.smuggled && found.says !== '' && { how: 'invisible' as const }) };
}

/** Between letters of Arabic and Indic scripts joiners are spelling. */
function isShaping(text: string, at: number, end: number): boolean {
  if (end - at !== 1 || (text[at] !== '\u200c' && text[at] !== '\u200d')) return false;
  return [text.charCodeAt(at - 1), text.charCodeAt(end)].some((unit) => (unit >= 0x600 && unit < 0x8ff) || (unit >= 0x900 && unit < 0xe00));
}

function compatible(text: string, at: number): Change | undefined {
  const point = text.codePointAt(at)!;
  const whole = String.fromCodePoint(point);
  const squared = (point >= 0x1f150 && point <= 0x1f169) || (point >= 0x1f170 && point <= 0x1f189);
  const plain = squared ? String.fromCharCode(65 + ((point - 0x1f150) % 32)) : whole.normalize('NFKC');
  return plain === whole ? undefined : { start: at, end: at + whole.length, says: plain };
}

/** A right-to-left override shows its text backwards. */
function turnedRound(text: string, at: number): Change {
  const close = text.slice(at, at + 2000).search(/[\u202c\n]/);
  const end = close === -1 ? Math.min(text.length, at + 2000) : at + close;
  return { start: at, end, says: [...text.slice(at + 1, end)].reverse().join(''), how: 'invisible' };
}

function mixedWord(text: string, at: number): Change | undefined {
  let [start, end] = [at, at + 1];
  while (at - start < MAX_WORD && isLetter(text.charCodeAt(start - 1))) start--;
  while (end - at < MAX_WORD && isLetter(text.charCodeAt(end))) end++;
  const word = text.slice(start, end);
  const latin = /[a-z]{2}|[a-z].{1,8}[a-z]/i.test(word) || /^[^\n]{2,8}$/.test(word) ? unmixed(word) : undefined;
  return latin === undefined ? undefined : { start, end, says: latin, splits: true };
}

/** "i g n o r e": a word whose letters stand apart. The first of them is before the space at `at`. */
function spacedLetters(text: string, at: number): Change | undefined {
  if (!isLatin(text.charCodeAt(at - 1)) || isLatin(text.charCodeAt(at - 2)) || isSpace(text, at - 2, at - 3)) return undefined;
  let end = at;
  while (end - at < 2 * MAX_WORD && text[end] === ' ' && isLatin(text.charCodeAt(end + 1)) && !isLatin(text.charCodeAt(end + 2))) end += 2;
  return end - at < 4 ? undefined : { start: at - 1, end, says: text.slice(at - 1, end).replaceAll(' ', '') };
}

/** A single space before the first letter would make it the end of a longer run. */
function isSpace(text: string, at: number, before: number): boolean {
  return text[at] === ' ' && isLatin(text.charCodeAt(before)) && !isLatin(text.charCodeAt(before - 1));
}

function isMarked(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  return isLatin(before) || (before >= 0x300 && before <= 0x36f);
}

function runEnd(text: string, at: number): number {
  let end = at + 1;
  while (text[end] === text[at]) end++;
  return end;
}

function isLetter(unit: number): boolean {
  return !Number.isNaN(unit) && FOLDED[unit] !== 0;
}

function isLatin(unit: number): boolean {
  return (unit >= 65 && unit <= 90) || (unit >= 97 && unit <= 122);
}
