/** What stands in a credential's place: `[secret:github-token:k3v9q2m7]`, the same for the same credential. */

import { createHmac } from 'node:crypto';

const SHAPE = '\\[secret:[a-z0-9-]{1,40}:[a-z2-7]{8}\\]';
/** Sticky: whether a placeholder begins here. */
export const PLACEHOLDER = new RegExp(SHAPE, 'y');
const ANYWHERE = new RegExp(SHAPE);
/** The longest a placeholder can be. */
const MAX_PLACEHOLDER = 60;

/** `label` without its leading `secret.`. Nobody without the key can tell whether a guessed credential is the one. */
export function placeholder(key: Buffer, label: string, value: string): string {
  return `[secret:${label}:${base32(createHmac('sha256', key).update(value).digest())}]`;
}

/** Whether a placeholder begins in `text` between `start` and `end`; it may go on beyond. */
export function placeholderBetween(text: string, start: number, end: number): boolean {
  const at = ANYWHERE.exec(text.slice(start, end + MAX_PLACEHOLDER))?.index;
  return at !== undefined && at < end - start;
}

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** The first 40 bits (RFC 4648, section 6, in lower case). */
function base32(bytes: Buffer): string {
  const bits = bytes.readUIntBE(0, 5);
  return Array.from({ length: 8 }, (_, i) => BASE32[Math.floor(bits / 32 ** (7 - i)) % 32]).join('');
}
