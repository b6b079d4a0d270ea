/** One text for one JSON value (RFC 8785), so that its hash means the value. */

import type { Json } from './record.ts';

/**
 * Object members in the order of their names' UTF-16 code units, no blanks, numbers and strings as ECMAScript writes them.
 * Lone surrogates become U+FFFD, because no file can hold them.
 * @throws TypeError for what JSON cannot say: NaN, Infinity, undefined in a list.
 */
export function canonicalJson(value: Json): string {
  if (typeof value === 'string') return JSON.stringify(value.toWellFormed());
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${value} is no JSON number.`);
    return JSON.stringify(value);
  }
  if (typeof value !== 'object') throw new TypeError(`A ${typeof value} is no JSON value.`);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name.toWellFormed())}:${canonicalJson(value[name]!)}`).join(',')}}`;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
