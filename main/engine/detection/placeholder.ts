/** What stands in a value's place: `[secret:github-token:k3v7q2m6]`, the same for the same value. */

import { createHmac } from 'node:crypto';

const SHAPE = '\\[[a-z]{1,12}:[a-z0-9-]{1,40}:[a-z2-7]{8}\\]';
/** Sticky: whether a placeholder begins here. */
export const PLACEHOLDER = new RegExp(SHAPE, 'y');
const ANYWHERE = new RegExp(SHAPE);
const EVERY = new RegExp(SHAPE, 'g');
/** The longest a placeholder can be. */
const MAX_PLACEHOLDER = 70;

/** `label` without its leading `secret.`. Nobody without the key can tell whether a guessed credential is the one. */
export function placeholder(key: Buffer, label: string, value: string): string {
  return placeholderOf('secret', label, key, value);
}

/** The same for what any detector found, by its whole label. */
export function placeholderFor(key: Buffer, label: string, value: string): string {
  const [family = 'value', ...rest] = label.toLowerCase().split('.');
  const name = rest
    .join('-')
    .replaceAll(/[^a-z0-9-]/g, '-')
    .slice(0, 40);
  return placeholderOf(family.replaceAll(/[^a-z]/g, '').slice(0, 12) || 'value', name || 'value', key, value);
}

/** Every placeholder in the text, in order. */
export function placeholdersIn(text: string): readonly { readonly start: number; readonly end: number }[] {
  if (!text.includes('[')) return [];
  return Array.from(text.matchAll(EVERY), ({ index, 0: whole }) => ({ start: index, end: index + whole.length }));
}

/** Whether a placeholder begins in `text` between `start` and `end`; it may go on beyond. */
export function placeholderBetween(text: string, start: number, end: number): boolean {
  const at = ANYWHERE.exec(text.slice(start, end + MAX_PLACEHOLDER))?.index;
  return at !== undefined && at < end - start;
}

function placeholderOf(family: string, name: string, key: Buffer, value: string): string {
  return `[${family}:${name}:${base32(createHmac('sha256', key).update(value).digest())}]`;
}

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** The first 40 bits (RFC 4648, section 6, in lower case). */
function base32(bytes: Buffer): string {
  const bits = bytes.readUIntBE(0, 5);
  return Array.from({ length: 8 }, (_, i) => BASE32[Math.floor(bits / 32 ** (7 - i)) % 32]).join('');
}
