/** Texts whose characters are written by escapes, and strings that were cut: decoded with the way back. */

import { isWordy } from '../words.ts';
import type { EncodedPart } from './parts.ts';

/** `%3D`, `\u003d`, `\x3d`, `&quot;`, `&#61;`. */
const ESCAPE = /%([0-9A-Fa-f]{2})|\\u00([0-9A-Fa-f]{2})|\\x([0-9A-Fa-f]{2})|&#x([0-9A-Fa-f]{2});|&#(\d{2,3});|&(quot|apos|amp|lt|gt);/g;
const NAMED: Readonly<Record<string, string>> = { quot: '"', apos: "'", amp: '&', lt: '<', gt: '>' };
/** How far from an escape its credential may be, and how far apart escapes of one part. */
const AROUND = 160;

/** Each stretch of text with escapes in it; stretches do not overlap. */
export function* escapedParts(text: string): Generator<EncodedPart> {
  let open: Stretch | undefined;
  for (const match of text.matchAll(ESCAPE)) {
    const from = match.index;
    if (open && from - open.end > AROUND) {
      yield partOf(text, open);
      open = undefined;
    }
    open ??= { cuts: [], end: from };
    open.cuts.push({ start: from, end: from + match[0].length, text: written(match) });
    open.end = from + match[0].length;
    if (open.cuts.length >= MOST_CUTS) {
      yield partOf(text, open);
      open = undefined;
    }
  }
  if (open) yield partOf(text, open);
}

/** Strings that are joined by `+`, `.` or a line's end, where both sides look like parts of a token. */
export function* joinedParts(text: string): Generator<EncodedPart> {
  for (const match of text.matchAll(JOINT)) {
    const [before, after] = [
      text.slice(Math.max(0, match.index - 40), match.index),
      text.slice(match.index + match[0].length, match.index + match[0].length + 40),
    ];
    const [left, right] = [LEFT.exec(before)?.[0], RIGHT.exec(after)?.[0]];
    if (left === undefined || right === undefined || !/\d/.test(left + right) || isWordy(left + right)) continue;
    yield partOf(text, {
      cuts: [{ start: match.index, end: match.index + match[0].length, text: '' }],
      end: match.index + match[0].length,
    });
  }
}

const MOST_CUTS = 2_000;
const JOINT = /["'`]\s{0,30}[+.]\s{0,30}["'`]|["']\s{1,30}["']|\\\r?\n\s{0,12}/g;
const LEFT = /[\w+/-]{6,40}$/;
const RIGHT = /^[\w+/-]{6,40}/;

interface Cut {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

interface Stretch {
  readonly cuts: Cut[];
  end: number;
}

function written([, percent, unicode, hex, entityHex, entity, name]: RegExpExecArray): string {
  if (name !== undefined) return NAMED[name] ?? '';
  if (entity !== undefined) return String.fromCharCode(Number(entity));
  return String.fromCharCode(Number.parseInt(percent ?? unicode ?? hex ?? entityHex ?? '20', 16));
}

function partOf(text: string, { cuts, end }: Stretch): EncodedPart {
  const from = Math.max(0, cuts[0]!.start - AROUND);
  const to = Math.min(text.length, end + AROUND);
  /** By character of the decoded text, and one more for its end. */
  const origins: number[] = [];
  const pieces: string[] = [];
  let at = from;
  const keep = (until: number) => {
    pieces.push(text.slice(at, until));
    for (; at < until; at++) origins.push(at);
  };
  for (const cut of cuts) {
    keep(cut.start);
    pieces.push(cut.text);
    if (cut.text !== '') origins.push(cut.start);
    at = cut.end;
  }
  keep(to);
  origins.push(to);
  const originOf = (offset: number, isEnd: boolean) => {
    if (!isEnd) return origins[offset] ?? to;
    const last = origins[offset - 1] ?? from;
    return Math.max(last + 1, Math.min(origins[offset] ?? to, cuts.find((cut) => cut.start === last)?.end ?? last + 1));
  };
  return { text: pieces.join(''), start: from, end: to, isKey: false, originOf };
}

/** For the test that asserts that every quantifier is bounded. */
export const PIECE_PATTERNS: readonly RegExp[] = [ESCAPE, JOINT, LEFT, RIGHT];
