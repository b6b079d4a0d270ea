/** What the statistical stage sees of a passage: hashed words and neighbours, and how words that mean something follow each other. */

import { FOLDED } from '../fold.ts';
import { familyOf, STEM, stemStep } from './families.ts';
import { isUnspaced } from './lexicon.ts';
import type { Token } from './tokens.ts';

/** How many weights there are; a feature is a number below. */
export const BUCKETS: number = 1 << 16;
/** Longer passages are cut. */
const MOST = 600;

/** Features of `text` from `start` to `end`, each once. `tokens` are those inside. */
export function featuresOf(text: string, start: number, end: number, tokens: readonly Token[]): number[] {
  const found = new Set<number>();
  const add = (kind: number, a: number, b = 0) => {
    if (found.size < MOST) found.add(mixed(kind, a, b));
  };
  pairs(tokens, add);
  words(text, start, end, add);
  shapes(text, start, end, tokens, add);
  return [...found];
}

type Add = (kind: number, a: number, b?: number) => void;

/** Meanings, whatever the language: alone, first in a sentence, and after one another. */
function pairs(tokens: readonly Token[], add: Add): void {
  for (let i = 0; i < tokens.length; i++) {
    const { concepts, sentence } = tokens[i]!;
    const first = i === 0 || tokens[i - 1]!.sentence !== sentence;
    for (let bits = concepts; bits !== 0; bits = (bits & (bits - 1)) >>> 0) {
      const bit = lowest(bits);
      add(1, bit);
      if (first) add(2, bit);
      for (let k = i + 1; k < tokens.length && k < i + 6; k++) {
        const other = tokens[k]!;
        for (let more = other.concepts; more !== 0; more = (more & (more - 1)) >>> 0) {
          add(3, bit, lowest(more));
        }
      }
    }
  }
}

function lowest(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}

/** Beginnings of words, so that endings do not matter; families of words, and which stand close behind which. */
function words(text: string, start: number, end: number, add: Add): void {
  let hash = 0;
  let length = 0;
  let short = 0;
  let opens = true;
  const families: number[] = [];
  for (let i = start; i <= end; i++) {
    const unit = i < end ? text.charCodeAt(i) : 0;
    const letter = FOLDED[unit]!;
    if (letter !== 0 && isUnspaced(unit)) {
      add(5, letter);
      const next = i + 1 < end ? FOLDED[text.charCodeAt(i + 1)]! : 0;
      if (next !== 0) add(6, letter, next);
      continue;
    }
    if (letter !== 0) {
      if (length < STEM) hash = stemStep(hash, letter);
      if (++length === 4) short = hash;
      continue;
    }
    if (length === 0) {
      if (isClosing(unit)) opens = true;
      continue;
    }
    add(7, hash);
    if (length > 4) add(8, short);

    if (opens) add(12, hash);
    const family = familyOf(hash);
    if (family >= 0) {
      if (opens) add(15, family);
      add(16, family);
      for (let k = 1; k <= 6 && k <= families.length; k++) {
        const other = families[families.length - k]!;
        if (other < 0) continue;
        add(17, other, family);
        if (k === 1) add(18, other, family);
      }
      if (families.length > 1) add(19, families.at(-1)! * 64 + families.at(-2)!, family);
    }
    families.push(family);
    opens = isClosing(unit) || isClosing(text.charCodeAt(i + 1));
    hash = 0;
    length = 0;
  }
}

/** Addresses, places of files and marks that an order hides behind. */
function shapes(text: string, start: number, end: number, tokens: readonly Token[], add: Add): void {
  const part = text.slice(start, Math.min(end, start + 1000));
  let all = 0;
  for (const { concepts } of tokens) all |= concepts;
  for (let i = 0; i < SHAPES.length; i++) {
    if (!SHAPES[i]!.test(part)) continue;
    add(11, i);
    for (let bits = all; bits !== 0; bits = (bits & (bits - 1)) >>> 0) add(14, i, lowest(bits));
  }
}

const SHAPES: readonly RegExp[] = [
  /https?:\/\//,
  /[\w.-]@[\w-]{1,60}\.[a-z]/,
  /[~/.]\/[\w.]|\.env\b|\/etc\//,
  /`[^`\n]{3,80}`/,
  /[?&]\w{1,20}=/,
  /^\s{0,8}(?:\/\/|\/\*|--|#|<!--|\*|;)/,
  /<!--|\[\/\/\]/,
  /^[\s"'{]{0,4}[\w.$-]{2,40}["']?\s?[:=]/,
  /\b(?:alt|title|content|aria-label|hidden|style)=|<\w/,
  /[{}();=]{2}|=>/,
  /^\W{0,3}[A-Z]{2,}/,
  /["“”«»]/,
  /[!]/,
  /\?/,
  /\w\(|\w\.\w{1,20}\(/,
  /\d/,
  /[|&;]\s?\w/,
];

/** Ends a clause: what follows may be an order. */
function isClosing(unit: number): boolean {
  return CLOSING.has(unit);
}

const CLOSING: ReadonlySet<number> = new Set([...'.:;,!?\n"“()[]>*#/-–—`'].map((char) => char.charCodeAt(0)));

function mixed(kind: number, a: number, b: number): number {
  let hash = Math.imul(kind + 1, 0x9e3779b1) ^ Math.imul(a + 0x7f4a, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35) ^ Math.imul(b + 0x1b3, 0x27d4eb2f);
  hash = Math.imul(hash ^ (hash >>> 13), 0x165667b1);
  return (hash ^ (hash >>> 16)) & (BUCKETS - 1);
}
