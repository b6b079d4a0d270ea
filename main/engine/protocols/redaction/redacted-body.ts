/** A request's body with placeholders in the place of values that must not leave. All else keeps its bytes. */

import { isUtf8 } from 'node:buffer';
import { readJson } from '../json.ts';
import { escaped, stringsIn, withStrings } from './strings.ts';

/**
 * `placeholders`: by value. Strings within strings, as arguments are sent back, are seen too. Undefined where the body is no JSON, so that
 * nobody can tell what is left in it.
 */
export function redactedBody(body: Uint8Array, placeholders: ReadonlyMap<string, string>): Uint8Array | undefined {
  if (!isUtf8(body)) return undefined;
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  if (!readJson(text).ok) return undefined;
  const writings = writingsOf(placeholders);
  const changes = stringsIn(text, 'with names').flatMap((at) => {
    const says = writings.reduce((said, [value, placeholder]) => said.replaceAll(value, () => placeholder), at.text);
    return says === at.text ? [] : [{ at, says }];
  });
  return changes.length === 0 ? body : Buffer.from(withStrings(text, changes));
}

/** Longest first: a value may begin like another. */
function writingsOf(placeholders: ReadonlyMap<string, string>): (readonly [string, string])[] {
  const writings = [...placeholders].flatMap(([value, placeholder]) => {
    const once = escaped(value);
    return [...new Set([value, once, escaped(once)])].map((writing) => [writing, placeholder] as const);
  });
  return writings.sort(([one], [other]) => other.length - one.length);
}
