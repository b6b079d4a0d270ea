/** What stands in a text behind one encoding: base 64, hexadecimal, percent and other escapes, a string cut into several. */

import { isPrivateKeyDer } from './der.ts';
import { escapedParts, joinedParts, PIECE_PATTERNS } from './escapes.ts';

/** A decoded part, with the way back to where it stands. */
export interface EncodedPart {
  readonly text: string;
  /** In the text that holds it. */
  readonly start: number;
  readonly end: number;
  /** It is a private key without the lines around it. */
  readonly isKey: boolean;
  /** The place of a character of `text`; of the one before it, plus one, where it is an `end`. */
  originOf(offset: number, isEnd: boolean): number;
}

const LEAST = 24;
/** Every run of `LEAST` characters has one at such a distance. */
const STRIDE = 20;
const MOST = 64 * 1024;
/** Lines of what was wrapped are this long: MIME's 76, PEM's 64, what `fold` and others take. */
const WRAPPED_AT = 56;
const LINE_BREAK = /(?:\\r)?\\n[ \t>+]{0,8}|\r?\n[ \t>+]{0,16}/y;

/** Parts in order of their kind, each kind in order of place. Together they are not much longer than the text. */
export function* encodedParts(text: string): Generator<EncodedPart> {
  yield* runs(text);
  yield* escapedParts(text);
  yield* joinedParts(text);
}

function* runs(text: string): Generator<EncodedPart> {
  let done = 0;
  for (let at = STRIDE - 1; at < text.length; at += STRIDE) {
    if (at < done || !isCode(text.charCodeAt(at))) continue;
    let start = at;
    while (start > done && isCode(text.charCodeAt(start - 1))) start--;
    let end = at + 1;
    while (end < text.length && end - start < MOST && isCode(text.charCodeAt(end))) end++;
    done = end;
    if (end - start < LEAST) continue;
    const part = decodedRun(text, start, end);
    if (part) {
      done = Math.max(done, part.end);
      yield part;
    }
  }
}

function decodedRun(text: string, start: number, end: number): EncodedPart | undefined {
  const head = text.slice(start, Math.min(end, start + 64));
  if (/^[0-9a-f]{24,64}$/i.test(head)) return hexRun(text, start, end);
  for (const from of beginnings(head)) {
    const bytes = Buffer.from(head.slice(from, from + 64), 'base64');
    const isKey = isPrivateKeyDer(bytes);
    if (!isKey && !isPrintable(bytes.subarray(0, 15))) continue;
    const whole = unwrapped(text, start + from, end);
    const decoded = Buffer.from(whole.code, 'base64').toString('utf8');
    if (!isKey && !isText(decoded)) continue;
    return wholePart(isKey ? '' : decoded, start + from, withPadding(text, whole.end), isKey);
  }
  return undefined;
}

/** A path or a name may be glued to it: `/secrets/ZGI…`, `value-ZGI…`. */
function beginnings(head: string): number[] {
  const glued = [...head.slice(0, 40).matchAll(/[/_-]/g)].slice(0, 4).map(({ index }) => index + 1);
  return [0, ...glued].filter((from) => head.length - from >= LEAST);
}

function hexRun(text: string, start: number, end: number): EncodedPart | undefined {
  const code = text.slice(start, end);
  if (!/^[0-9a-f]+$/i.test(code)) return undefined;
  const bytes = Buffer.from(code, 'hex');
  if (!isPrintable(bytes.subarray(0, 12))) return undefined;
  const decoded = bytes.toString('utf8');
  return isText(decoded) ? wholePart(decoded, start, end, false) : undefined;
}

/** The code without the line breaks in it, as far as its lines are long. */
function unwrapped(text: string, start: number, end: number): { readonly code: string; readonly end: number } {
  const lines = [text.slice(start, end)];
  let length = end - start;
  let last = end;
  while (lines.at(-1)!.length >= WRAPPED_AT && length < MOST) {
    LINE_BREAK.lastIndex = last;
    const gap = LINE_BREAK.exec(text)?.[0].length;
    if (gap === undefined) break;
    let to = last + gap;
    while (to < text.length && to - last < 256 && isCode(text.charCodeAt(to))) to++;
    if (to === last + gap) break;
    lines.push(text.slice(last + gap, to));
    length += to - last;
    last = to;
  }
  return { code: lines.join(''), end: last };
}

function withPadding(text: string, end: number): number {
  return text.startsWith('==', end) ? end + 2 : text[end] === '=' ? end + 1 : end;
}

/** A finding within it covers all of it: nobody can take a part of base 64 away. */
function wholePart(text: string, start: number, end: number, isKey: boolean): EncodedPart {
  return { text, start, end, isKey, originOf: (_offset, isEnd) => (isEnd ? end : start) };
}

function isCode(code: number): boolean {
  const lower = code | 0x20;
  return (lower >= 0x61 && lower <= 0x7a) || (code >= 0x2f && code <= 0x39) || code === 0x2b || code === 0x2d || code === 0x5f;
}

function isPrintable(bytes: Uint8Array): boolean {
  return bytes.length >= 9 && bytes.every((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d || byte === 0x09);
}

/** A little at the end may be broken, where something was glued to the code. */
function isText(decoded: string): boolean {
  const head = decoded.slice(0, Math.max(12, Math.floor(decoded.length * 0.9)));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  return !/[\0-\x08\x0e-\x1f\ufffd]/.test(head.slice(0, 4096));
}

/** For the test that asserts that every quantifier is bounded. */
export const ENCODED_PATTERNS: readonly RegExp[] = [LINE_BREAK, ...PIECE_PATTERNS];
