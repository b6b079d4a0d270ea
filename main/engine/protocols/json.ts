/** JSON as it was written: duplicate keys are seen, and values are replaced by splicing, so that all else keeps its bytes. */

export type JsonObject = { readonly [key: string]: unknown };

export type JsonReading =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly why: 'malformed' | 'duplicate-key' };

/** Deeper than any tool's schema; beyond it a text counts as malformed. */
export const MAX_DEPTH = 256;

/**
 * Strict JSON (RFC 8259) in which no object names a member twice: parsers differ in which of the two they take.
 * The members that are written are counted, and then those that were read. With `anyCase`, `type` and `Type` are the same name,
 * as they are to clients written in Go.
 */
export function readJson(text: string, names: 'exact' | 'anyCase' = 'exact'): JsonReading {
  const written = countWritten(text);
  if (written < 0) return { ok: false, why: 'malformed' };
  try {
    const value: unknown = JSON.parse(text);
    return membersOf(value, names === 'anyCase') === written ? { ok: true, value } : { ok: false, why: 'duplicate-key' };
  } catch {
    return { ok: false, why: 'malformed' };
  }
}

/** A value's place in its text, half open, with what it contains. */
export interface JsonNode {
  readonly start: number;
  readonly end: number;
  /** Of an object; else empty. */
  readonly members: ReadonlyMap<string, JsonMember>;
  /** Of an array; else empty. */
  readonly items: readonly JsonNode[];
}

export interface JsonMember {
  /** Where its key begins. */
  readonly start: number;
  readonly value: JsonNode;
}

/** Places of a text that `readJson` has read. */
export function locate(text: string): JsonNode {
  let at = 0;
  return node();

  function node(): JsonNode {
    skipSpace();
    const start = at;
    const members = new Map<string, JsonMember>();
    const items: JsonNode[] = [];
    const opening = text[at];
    if (opening === '{' || opening === '[') {
      at += 1;
      for (skipSpace(); text[at] !== '}' && text[at] !== ']'; skipSpace()) {
        if (text[at] === ',') at += 1;
        else if (opening === '[') items.push(node());
        else member(members);
      }
      at += 1;
    } else if (opening === '"') at = stringEnd(text, at);
    else while (at < text.length && !/[\s,}\]]/.test(text[at]!)) at += 1;
    return { start, end: at, members, items };
  }

  function member(members: Map<string, JsonMember>): void {
    const start = at;
    at = stringEnd(text, at);
    const key = JSON.parse(text.slice(start, at)) as string;
    skipSpace();
    at += 1;
    members.set(key, { start, value: node() });
  }

  function skipSpace(): void {
    while (at < text.length && /\s/.test(text[at]!)) at += 1;
  }
}

/** The value's own text. */
export function source(text: string, node: JsonNode): string {
  return text.slice(node.start, node.end);
}

/** The text of an object with members replaced, appended where it has none of that name, or left out (`undefined`). Values are JSON texts. */
export function patched(text: string, object: JsonNode, changes: { readonly [key: string]: string | undefined }): string {
  const parts: string[] = [];
  for (const [key, { start, value }] of object.members) {
    if (!Object.hasOwn(changes, key)) parts.push(text.slice(start, value.end));
    else if (changes[key] !== undefined) parts.push(text.slice(start, value.start) + changes[key]);
  }
  for (const [key, value] of Object.entries(changes)) {
    if (value !== undefined && !object.members.has(key)) parts.push(`${JSON.stringify(key)}:${value}`);
  }
  return `{${parts.join(',')}}`;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A name as clients written in Go compare it: in simple case folding, where `ſ` is an `s` and the Kelvin sign a `k`. */
export function folded(name: string): string {
  return name.toLowerCase().replaceAll('ſ', 's');
}

/** Whether a member is there by one of these names in other letters: clients written in Go would read it. */
export function isMisspelt(object: JsonObject, ...names: readonly string[]): boolean {
  const wanted = names.map(folded);
  return Object.keys(object).some((key) => !names.includes(key) && wanted.includes(folded(key)));
}

/** A member by its name in any letters. `readJson` with `anyCase` has seen to it that there is one at most. */
export function memberNamed(object: JsonObject, name: string): unknown {
  if (Object.hasOwn(object, name)) return object[name];
  const key = Object.keys(object).find((key) => folded(key) === name);
  return key === undefined ? undefined : object[key];
}

/** Whether any object within the value passes the test; `except` are not looked at, nor what is in them. */
export function someObject(value: unknown, except: ReadonlySet<unknown>, test: (object: JsonObject) => boolean): boolean {
  if (typeof value !== 'object' || value === null || except.has(value)) return false;
  if (isObject(value) && test(value)) return true;
  return Object.values(value).some((member) => someObject(member, except, test));
}

/** The value as it stands where it is a string. */
export function asString(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The value as it stands where it is a finite number. */
export function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** How many members the text writes, or -1 where it nests too deep or ends within a string. */
function countWritten(text: string): number {
  let count = 0;
  let depth = 0;
  for (let i = 0; i < text.length; i += 1) {
    switch (text.charCodeAt(i)) {
      case 0x22: // "
        i = stringEnd(text, i) - 1;
        if (i < 0) return -1;
        break;
      case 0x3a: // :
        count += 1;
        break;
      case 0x5b: // [
      case 0x7b: // {
        depth += 1;
        if (depth > MAX_DEPTH) return -1;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth -= 1;
    }
  }
  return count;
}

/** How many members the value has, and all within it. */
export function membersOf(value: unknown, anyCase = false): number {
  if (typeof value !== 'object' || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) for (const item of value) count += membersOf(item, anyCase);
  else {
    const object = value as JsonObject;
    const keys = Object.keys(object);
    count = anyCase && keys.some((key) => key !== folded(key)) ? new Set(keys.map(folded)).size : keys.length;
    for (const key of keys) count += membersOf(object[key], anyCase);
  }
  return count;
}

/** The index after the string that begins at `start`, or 0 where it does not end. */
export function stringEnd(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote > 0; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === 0x5c) backslashes += 1;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return 0;
}
