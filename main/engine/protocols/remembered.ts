/** What is worked out of parts of a conversation, remembered: agents resend all of it at each turn, and `resent.ts` gives the same values again. */

import { createHash } from 'node:crypto';
import { createRecentTexts } from '../../contract/recent-texts.ts';

/** Shorter texts are hashed as fast as they are looked up. */
const WORTH = 512;

const digests = createRecentTexts<string>();

/** What stands for a text in a hash: itself where it is short, else its own hash. Beside its length, no two texts have the same. */
export function hashable(text: string): string {
  return text.length < WORTH ? text : digests(text, digestOf);
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64');
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
