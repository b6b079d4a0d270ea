/** JSON of request bodies. Agents resend the whole conversation at each turn: what a body has in common with an earlier one is not parsed again. */

import { type JsonReading, MAX_DEPTH, membersOf, readJson, stringEnd } from './json.ts';

/** A container within a body, by where it stands. Half open, in bytes. */
interface Part {
  readonly start: number;
  readonly end: number;
  /** Names and indexes from the root. */
  readonly path: readonly (string | number)[];
}

interface Body {
  readonly bytes: Uint8Array;
  readonly value: unknown;
  /** In the order of their starts. */
  readonly parts: readonly Part[];
}

export interface ResentReader {
  /** As `readJson` of its text. Values may be shared with earlier readings: whoever reads them changes nothing. */
  read(body: Uint8Array): JsonReading;
}

/** Shorter bodies are parsed faster than they are compared. */
const WORTH_BYTES = 16 * 1024;
const WORTH_PART = 64;
/** `messages[3].content[0]`, `request.contents[3]`. */
const PART_DEPTH = 4;

/**
 * Keeps the bodies that were read last, up to `keptBytes` of them. Of a new one that begins with the same bytes, every object and list
 * that ends within them is the same value in the same place: a parser that has read the same bytes is in the same state. So `0` is
 * parsed in its place, and the value put there afterwards. Objects and lists alone, because they say themselves where they end.
 */
export function createResentReader(keptBytes = 16 * 1024 * 1024, worthBytes = WORTH_BYTES): ResentReader {
  /** Least recently used first. */
  let kept: readonly Body[] = [];

  return {
    read(bytes) {
      if (bytes.length < worthBytes) return readJson(textOf(bytes));
      const { before, shared } = closest(bytes);
      if (before && shared === bytes.length && shared === before.bytes.length) {
        remember(before, before);
        return { ok: true, value: before.value };
      }
      const reused = before ? outermost(before.parts, shared) : [];
      const reduced = without(bytes, reused);
      const found = scan(reduced.latin1, reused, before?.parts ?? []);
      if (!found) return { ok: false, why: 'malformed' };
      let value: unknown;
      try {
        value = JSON.parse(reduced.text);
      } catch {
        return { ok: false, why: 'malformed' };
      }
      if (membersOf(value) !== found.members) return { ok: false, why: 'duplicate-key' };
      for (const { path } of reused) put(value, path, at(before!.value, path));
      // What has gone on from it takes its place; what only begins alike is another conversation.
      remember({ bytes, value, parts: found.parts }, before && shared > before.bytes.length / 2 ? before : undefined);
      return { ok: true, value };
    },
  };

  function closest(bytes: Uint8Array): { before: Body | undefined; shared: number } {
    let before: Body | undefined;
    let shared = 0;
    for (const body of kept.toReversed()) {
      const same = sharedStart(body.bytes, bytes);
      if (same > shared) [before, shared] = [body, same];
    }
    return { before, shared };
  }

  function remember(body: Body, instead: Body | undefined): void {
    const all = [...kept.filter((one) => one !== instead), body];
    let room = keptBytes;
    const first = all.findLastIndex(({ bytes }) => {
      room -= bytes.length;
      return room < 0;
    });
    kept = all.slice(first + 1);
  }
}

/** How many bytes two bodies begin with alike. */
function sharedStart(a: Uint8Array, b: Uint8Array): number {
  const most = Math.min(a.length, b.length);
  const BLOCK = 8192;
  let at = 0;
  while (at < most && Buffer.compare(a.subarray(at, Math.min(at + BLOCK, most)), b.subarray(at, Math.min(at + BLOCK, most))) === 0)
    at += BLOCK;
  while (at < most && a[at] === b[at]) at += 1;
  return Math.min(at, most);
}

/** Of the parts that end within the first `length` bytes those that are in no other. */
function outermost(parts: readonly Part[], length: number): readonly Part[] {
  const found: Part[] = [];
  let end = 0;
  for (const part of parts) {
    if (part.start >= length) break;
    if (part.start < end || part.end > length) continue;
    found.push(part);
    end = part.end;
  }
  return found;
}

/** The body with `0` in the place of each of the parts: as it is parsed, and as bytes that can be walked through. */
function without(bytes: Uint8Array, parts: readonly Part[]): { text: string; latin1: string } {
  if (parts.length === 0) return { text: textOf(bytes), latin1: latin1Of(bytes) };
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (const { start, end } of parts) {
    pieces.push(bytes.subarray(from, start), ZERO);
    from = end;
  }
  const reduced = Buffer.concat([...pieces, bytes.subarray(from)]);
  return { text: textOf(reduced), latin1: latin1Of(reduced) };
}

const ZERO = Buffer.from('0');

/**
 * Walks through a reduced body: counts the members that it writes, and finds its parts, at their places in the whole body.
 * Undefined where it nests too deep or ends within a string. Of what is no JSON it may say anything.
 */
function scan(text: string, reused: readonly Part[], before: readonly Part[]): { members: number; parts: Part[] } | undefined {
  const parts: Part[] = [];
  /** Of the containers around, down to `PART_DEPTH`: where each begins in `parts`, and the name or index of what stands in it now. */
  const open: {
    readonly slot: number;
    readonly start: number;
    readonly path: Part['path'] | undefined;
    at: string | number | undefined;
  }[] = [];
  let members = 0;
  let depth = 0;
  /** From a place in the text to that in the whole body. */
  let shift = 0;
  let next = 0;
  let known = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    switch (code) {
      case 0x22: {
        const end = stringEnd(text, i);
        if (end === 0) return undefined;
        if (depth > 0 && depth === open.length && text.charCodeAt(end) === 0x3a) open.at(-1)!.at = plainName(text.slice(i + 1, end - 1));
        i = end - 1;
        break;
      }
      case 0x2c: {
        const around = depth === open.length ? open.at(-1) : undefined;
        if (around) around.at = typeof around.at === 'number' ? around.at + 1 : undefined;
        break;
      }
      case 0x3a:
        members += 1;
        break;
      case 0x5b:
      case 0x7b:
        if (depth === open.length && depth < PART_DEPTH) {
          const around = open.at(-1);
          const path = !around ? [] : around.path && around.at !== undefined ? [...around.path, around.at] : undefined;
          open.push({ slot: parts.length, start: i + shift, path, at: code === 0x5b ? 0 : undefined });
        }
        depth += 1;
        if (depth > MAX_DEPTH) return undefined;
        break;
      case 0x5d:
      case 0x7d:
        if (depth === open.length) {
          const { slot = 0, start = 0, path } = open.pop() ?? {};
          const end = i + 1 + shift;
          if (path && path.length > 0 && end - start >= WORTH_PART) parts.splice(slot, 0, { start, end, path });
        }
        depth -= 1;
        break;
      case 0x30: {
        const part = reused[next];
        if (part?.start !== i + shift) break;
        while (before[known] !== part) known += 1;
        for (; known < before.length && before[known]!.start < part.end; known += 1) parts.push(before[known]!);
        next += 1;
        shift += part.end - part.start - 1;
      }
    }
  }
  return { members, parts };
}

/** A name that means what is written, and that can be set like any other. */
function plainName(written: string): string | undefined {
  return written !== '__proto__' && /^[ !#-[\]-~]*$/.test(written) ? written : undefined;
}

function at(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((within, step) => (within as { readonly [step: string | number]: unknown })[step], value);
}

function put(value: unknown, path: readonly (string | number)[], part: unknown): void {
  (at(value, path.slice(0, -1)) as { [step: string | number]: unknown })[path.at(-1)!] = part;
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

function latin1Of(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
