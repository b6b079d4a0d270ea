/** All word tables as one index: words and beginnings of words by hash, phrases by their first word, other scripts by first character. */

import { FOLDED } from '../fold.ts';
import { BIT, CONCEPTS, type WordTable } from './concepts.ts';
import * as asian from './words/asian.ts';
import { ENGLISH } from './words/english.ts';
import * as germanic from './words/germanic.ts';
import * as romance from './words/romance.ts';
import * as slavic from './words/slavic.ts';

export interface Phrase {
  /** The words behind the first. */
  readonly rest: readonly string[];
  readonly concepts: number;
}

export interface Unspaced {
  readonly text: string;
  readonly concepts: number;
}

/** Concepts of whole words, folded. A word of a phrase is here too, if only with none. */
export const WORDS: Map<string, number> = new Map();
/** Concepts of words' beginnings. */
export const STEMS: Map<string, number> = new Map();
/** By first word, the longest first. */
export const PHRASES: Map<string, Phrase[]> = new Map();
/** Of scripts without spaces between words, by first character, the longest first. */
export const UNSPACED: Map<string, Unspaced[]> = new Map();
/** 1 for a word, 2 for a word's beginning, at the hash of either: most words of a text are none. */
export const MAYBE: Uint8Array = new Uint8Array(1 << 16);
/** Longer words are not in any table. */
export const LONGEST_WORD = 24;

/** One step of the hash that `MAYBE` is looked up by. */
export function hashed(hash: number, unit: number): number {
  return (Math.imul(hash, 31) + unit) | 0;
}

export function slot(hash: number): number {
  return (hash ^ (hash >>> 15)) & 0xffff;
}

/** Whether words of this script stand without spaces: Thai, Han, Kana. */
export function isUnspaced(unit: number): boolean {
  return (unit >= 0xe00 && unit < 0xe80) || (unit >= 0x2e80 && unit < 0xa000) || (unit >= 0xf900 && unit < 0xfb00);
}

/** The last word of a phrase may be a beginning. */
export function fits(word: string, pattern: string): boolean {
  return pattern.endsWith('*') ? word.startsWith(pattern.slice(0, -1)) : word === pattern;
}

function add(table: WordTable): void {
  for (const concept of CONCEPTS) {
    for (const entry of table[concept]?.split(',') ?? []) enter(entry.trim(), BIT[concept]);
  }
}

function enter(entry: string, concepts: number): void {
  if (entry === '') return;
  if ([...entry].some((char) => isUnspaced(char.charCodeAt(0)))) {
    const text = entry.toLowerCase();
    const entries = UNSPACED.get(text[0]!) ?? [];
    const known = entries.findIndex((other) => other.text === text);
    if (known >= 0) entries[known] = { text, concepts: entries[known]!.concepts | concepts };
    else entries.push({ text, concepts });
    UNSPACED.set(
      text[0]!,
      entries.sort((a, b) => b.text.length - a.text.length),
    );
    return;
  }
  const words = plain(entry).split(' ').filter(Boolean);
  const [first = '', ...rest] = words;
  if (rest.length === 0) {
    word(first, concepts);
    return;
  }
  for (const each of words) word(each, 0);
  const phrases = PHRASES.get(first) ?? [];
  const known = phrases.findIndex((other) => other.rest.join(' ') === rest.join(' '));
  if (known >= 0) phrases[known] = { rest, concepts: phrases[known]!.concepts | concepts };
  else phrases.push({ rest, concepts });
  PHRASES.set(
    first,
    phrases.sort((a, b) => b.rest.length - a.rest.length),
  );
}

function word(written: string, concepts: number): void {
  const isStem = written.endsWith('*');
  const text = isStem ? written.slice(0, -1) : written;
  const table = isStem ? STEMS : WORDS;
  table.set(text, (table.get(text) ?? 0) | concepts);
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = hashed(hash, text.charCodeAt(i));
  const at = slot(hash);
  MAYBE[at] = MAYBE[at]! | (isStem ? 2 : 1);
}

/** Folded, its star kept. */
function plain(entry: string): string {
  let out = '';
  for (let i = 0; i < entry.length; i++) {
    const char = entry[i]!;
    out += char === '*' ? char : String.fromCharCode(FOLDED[char.charCodeAt(0)]! || 32);
  }
  return out;
}

/** Words that attackers misspell to be understood and not found: one letter left out. */
const MISSPELT = ['ignore', 'disregard', 'previous', 'instructions', 'override', 'forget'];

for (const table of [ENGLISH, ...Object.values(germanic), ...Object.values(romance), ...Object.values(slavic), ...Object.values(asian)])
  add(table);
for (const written of MISSPELT) {
  const concepts = WORDS.get(written) ?? 0;
  for (let i = 1; i < written.length; i++) {
    const wrong = written.slice(0, i) + written.slice(i + 1);
    if (wrong.length >= 5 && !WORDS.has(wrong)) word(wrong, concepts);
  }
}
