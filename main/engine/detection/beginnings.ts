/** Where a scan has to look closer: a table over three characters, made from everything that may begin something. */

import { MENTIONS } from './mentions.ts';
import { SECRET_RULES, type SecretRule } from './secret-rules.ts';

/** What may begin at a character; several at once. */
export const RULE = 1;
export const ASSIGNS = 2;
export const OPENS = 4;
export const MENTIONED = 8;
export const OPTION = 16;
const WORDS = RULE | MENTIONED;

const ALONE: readonly (readonly [string, number])[] = [
  ['=', ASSIGNS],
  [':', ASSIGNS],
  ['[', OPENS],
  ['-', OPTION],
  ['/', OPTION],
];

const PREFIXED: readonly { prefix: string; rule: SecretRule }[] = SECRET_RULES.flatMap((rule) =>
  rule.prefixes.map((prefix) => ({ prefix, rule })),
);

/** Rules by the first three characters of their prefixes. */
export const RULES_BY_GRAM: ReadonlyMap<string, readonly { prefix: string; rule: SecretRule }[]> = Map.groupBy(PREFIXED, ({ prefix }) =>
  prefix.slice(0, 3),
);

const FIRST = new Uint8Array(128);
const MAYBE = new Uint8Array(65_536);
for (const [char, role] of ALONE) FIRST[char.charCodeAt(0)]! |= role;
for (const prefix of [...PREFIXED.map(({ prefix }) => prefix), '-----BEGIN ', 'eyJ', 'PuTTY-User-Key-File']) mark(prefix, RULE);
for (const word of MENTIONS) for (const written of spellings(word.slice(0, 3))) mark(written, MENTIONED);

/** What may begin at `at`: what it says not is certain, what it says is not. */
export function rolesAt(text: string, at: number): number {
  const char = text.charCodeAt(at);
  const first = char < 128 ? FIRST[char]! : 0;
  if ((first & WORDS) === 0) return first;
  return (first & ~WORDS) | MAYBE[gram(char, text.charCodeAt(at + 1), text.charCodeAt(at + 2))]!;
}

function mark(beginning: string, role: number): void {
  FIRST[beginning.charCodeAt(0)]! |= role;
  MAYBE[gram(beginning.charCodeAt(0), beginning.charCodeAt(1), beginning.charCodeAt(2))]! |= role;
}

function gram(a: number, b: number, c: number): number {
  return (Math.imul(a, 0x9e3d) ^ Math.imul(b, 0x3f1) ^ Math.imul(c, 0x1d)) & 0xffff;
}

function spellings(word: string): string[] {
  return [...word].reduce<string[]>((all, char) => all.flatMap((some) => [some + char.toLowerCase(), some + char.toUpperCase()]), ['']);
}
