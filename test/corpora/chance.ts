/** Characters that look drawn by chance and are the same for the same seed, so that no credential has to be committed. */

import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

export const DIGITS = '0123456789';
export const LOWER = 'abcdefghijklmnopqrstuvwxyz';
export const UPPER = LOWER.toUpperCase();
export const BASE62 = DIGITS + UPPER + LOWER;
export const BASE64URL = `${UPPER + LOWER + DIGITS}-_`;
export const HEX = '0123456789abcdef';
export const LOWER36 = LOWER + DIGITS;

export interface Chance {
  bytes(length: number): Buffer;
  chars(alphabet: string, length: number): string;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  pick<T>(choices: readonly T[]): T;
}

export function createChance(seed: string): Chance {
  let block = 0;
  let held = Buffer.alloc(0);
  const bytes = (length: number): Buffer => {
    while (held.length < length) held = Buffer.concat([held, createHash('sha256').update(`${seed}/${block++}`).digest()]);
    const taken = held.subarray(0, length);
    held = held.subarray(length);
    return taken;
  };
  const between = (low: number, high: number): number => low + (bytes(4).readUInt32BE() % (high - low + 1));
  return {
    bytes,
    between,
    chars: (alphabet, length) => Array.from({ length }, () => alphabet[between(0, alphabet.length - 1)]).join(''),
    pick: (choices) => choices[between(0, choices.length - 1)]!,
  };
}

/** The last six characters of a GitHub or npm token: the CRC-32 of what is before it, in base 62. */
export function crcBase62(text: string): string {
  let value = crc32(text);
  let out = '';
  for (; value > 0; value = Math.floor(value / 62)) out = BASE62[value % 62] + out;
  return out.padStart(6, '0');
}

/** The same six characters, but wrong. */
export function wrongCrcBase62(text: string): string {
  const right = crcBase62(text);
  return right.slice(0, 5) + (right.endsWith('a') ? 'b' : 'a');
}
