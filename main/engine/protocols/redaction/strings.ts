/** The strings of a JSON text, each with where it stands: what redaction replaces, and what restoration puts back. */

import { type JsonNode, locate } from '../json.ts';

export interface JsonString {
  /** UTF-16 offsets of the literal with its quotes, half open. */
  readonly start: number;
  readonly end: number;
  /** What it says. */
  readonly text: string;
  /** Names from the outside inwards; items of a list go by their place. */
  readonly path: readonly (string | number)[];
}

/**
 * Under these names stand what a provider has signed or encrypted, and what is no text: a change would make it worthless. A model's
 * own thinking is the provider's already.
 */
const UNTOUCHED = new Set([
  'signature',
  'thinking',
  'encrypted_content',
  'thoughtSignature',
  'thought_signature',
  'reasoningText',
  'redactedContent',
  'data',
  'bytes',
]);

/** In order. `text` has been read by `readJson`. Names of members are among them where `names` says so. */
export function stringsIn(text: string, names: 'with names' | 'values' = 'values'): JsonString[] {
  const found: JsonString[] = [];
  visit(locate(text), []);
  return found;

  function visit(node: JsonNode, path: readonly (string | number)[]): void {
    if (text[node.start] === '"') found.push({ start: node.start, end: node.end, text: said(node.start, node.end), path });
    for (const [index, item] of node.items.entries()) visit(item, [...path, index]);
    for (const [name, { start, value }] of node.members) {
      if (UNTOUCHED.has(name)) continue;
      if (names === 'with names') {
        const end = nameEnd(start);
        found.push({ start, end, text: name, path });
      }
      visit(value, [...path, name]);
    }
  }

  function said(start: number, end: number): string {
    const inner = text.slice(start + 1, end - 1);
    return inner.includes('\\') ? (JSON.parse(text.slice(start, end)) as string) : inner;
  }

  function nameEnd(start: number): number {
    for (let at = start + 1; ; at += 1) {
      if (text[at] === '\\') at += 1;
      else if (text[at] === '"') return at + 1;
    }
  }
}

/** The text with other strings in these places; `changes` are in order. */
export function withStrings(text: string, changes: readonly { readonly at: JsonString; readonly says: string }[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const { at, says } of changes) {
    parts.push(text.slice(from, at.start), JSON.stringify(says));
    from = at.end;
  }
  return parts.join('') + text.slice(from);
}

/** What stands within a JSON string's quotes for this text. */
export function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
