/** What is worked out of parts of a conversation, remembered: agents resend all of it at each turn, and `resent.ts` gives the same values again. */

import { createHash } from 'node:crypto';

/** Shorter texts are hashed as fast as they are looked up. */
const WORTH = 512;
/** UTF-16 units. */
const REMEMBERED = 8 * 1024 * 1024;

/** Two generations: what was not asked for while the younger one grew full is forgotten with the older. */
let young = new Map<string, string>();
let old = new Map<string, string>();
let size = 0;

/** What stands for a text in a hash: itself where it is short, else its own hash. Beside its length, no two texts have the same. */
export function hashable(text: string): string {
  if (text.length < WORTH) return text;
  const known = young.get(text);
  if (known) return known;
  const digest = old.get(text) ?? createHash('sha256').update(text).digest('base64');
  young.set(text, digest);
  size += text.length;
  if (size > REMEMBERED) {
    old = young;
    young = new Map();
    size = 0;
  }
  return digest;
}

const texts = new WeakMap<object, string>();

/** The text of a value that nobody changes. */
export function written(value: object, write: () => string): string {
  const known = texts.get(value);
  if (known !== undefined) return known;
  const text = write();
  texts.set(value, text);
  return text;
}
