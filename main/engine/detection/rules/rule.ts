/** What a rule for a credential's shape is, and the ways to write one. */

import { entropy, isExample, mixesDigitsAndLetters } from '../shapes.ts';
import { isWordy } from '../words.ts';

export interface SecretRule {
  /** Without the leading `secret.`. */
  readonly label: string;
  readonly severity: 'medium' | 'high';
  /** Literal beginnings of at least three characters, case-sensitive. A scan tries the pattern only where one of them stands. */
  readonly prefixes: readonly string[];
  /** Sticky; tried `lead` characters before the prefix. Every quantifier is bounded, which keeps a scan linear. */
  readonly pattern: RegExp;
  /** Characters of the value before the prefix, for kinds that are known by their middle. */
  readonly lead?: number;
  /** Characters that belong to the pattern but not to the credential: `Bearer `. */
  readonly skip?: RegExp;
  /** Where the match is long, more of this alphabet still belongs to the value, up to 8 KB: a token longer than the pattern must not leave its end in clear. */
  readonly tail?: RegExp;
  /** Checksum or the like. Asked of the value. */
  readonly check?: (value: string) => boolean;
}

/** Alphabets. */
export const HEX = 'a-f0-9';
export const B62 = 'A-Za-z0-9';
export const B64 = 'A-Za-z0-9+/';
export const URL64 = '\\w-';
export const UPPER36 = 'A-Z0-9';
export const WORD = /[\w-]/;

export function rule(label: string, prefixes: readonly string[], pattern: RegExp, more: Partial<SecretRule> = {}): SecretRule {
  return { label, severity: 'high', prefixes, pattern, ...more };
}

/** One prefix, then `least` to `most` characters of one alphabet, and none of it after that. `check` is asked of these. */
export function token(
  label: string,
  prefix: string,
  alphabet: string,
  least: number,
  most = least,
  more: Partial<SecretRule> = {},
): SecretRule {
  const bare = prefix.replace(/[.*+?^$()|[\]{}\\]/g, '\\$&');
  const end = alphabet === B64 ? `={0,2}(?![${alphabet}=])` : `(?![${alphabet}])`;
  const pattern = new RegExp(`${bare}[${alphabet}]{${least},${most}}${end}`, 'y');
  const { check = isDrawn } = more;
  return rule(label, [prefix], pattern, { ...more, check: (value) => check(value.slice(prefix.length)) });
}

/** Drawn by chance, as far as one can see: not too even, and no words. */
export function isDrawn(value: string): boolean {
  const body = value.slice(0, 256);
  return entropy(body) >= (body.length < 20 ? 2.6 : 2.8) && !isWordy(body);
}

/** Besides that letters and digits both: for short prefixes, which stand in other things too. */
export function looksRandom(value: string): boolean {
  return mixesDigitsAndLetters(value) && entropy(value) >= 3 && !isWordy(value);
}

export function isAlive({ check }: SecretRule, value: string): boolean {
  return !isExample(value) && (check?.(value) ?? true);
}
