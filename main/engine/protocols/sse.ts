/** Server-sent events as frames that keep their own bytes (WHATWG HTML, section 9.2). */

import { isUtf8 } from 'node:buffer';
import type { Framing } from './framing.ts';
import { createGathered } from './gathered.ts';

export interface SseFrame {
  /** Every byte, with the line ends: frames put together again are the stream. */
  readonly raw: Uint8Array;
  readonly event?: string;
  /** The `data` lines, joined with line feeds; absent where there is none, as in a comment. */
  readonly data?: string;
  readonly dataLines: number;
  /** Why its lines cannot be trusted to mean the same to every client. `event` and `data` are then absent. */
  readonly trouble?: 'too-long' | 'undecodable' | 'unknown-shape';
}

export interface SseSplitter {
  /** The frames that this chunk completes. Linear in time for any chunking. */
  push(chunk: Uint8Array): SseFrame[];
  /** The same, one after the other. Of a frame that `isKnown` only `raw` is of use, and it is not told. */
  each(chunk: Uint8Array, take: (frame: SseFrame) => unknown, isKnown: (raw: Uint8Array) => boolean): void;
  /** What came after the last blank line. Most clients drop it; some read it as a frame. */
  rest(): SseFrame | undefined;
}

/** A longer frame comes out in parts, each `too-long`, until its blank line; no more than this is kept of it. */
export const MAX_FRAME_BYTES = 8 * 1024 * 1024;

const LF = 10;
const CR = 13;

export function createSseSplitter(maxFrameBytes = MAX_FRAME_BYTES): SseSplitter {
  const held = createGathered();
  let overlong = false;
  let atLineStart = true;
  /** The next line feed is the second half of a CRLF. */
  let afterCr = false;
  /** The newest line that was not blank ended in CRLF. */
  let inCrlf = false;
  /** A frame ends with the chunk and in half a CRLF: Google's client takes it for the end only with the other half. */
  let halfEnded = false;
  let first = true;

  return {
    push(chunk) {
      const frames: SseFrame[] = [];
      each(
        chunk,
        (frame) => frames.push(frame),
        () => false,
      );
      return frames;
    },
    each,
    rest() {
      if (held.length === 0) return undefined;
      const raw = take(new Uint8Array(0));
      return overlong ? { raw, dataLines: 0, trouble: 'too-long' } : { ...readFrame(finished(raw), first), raw };
    },
  };

  function each(chunk: Uint8Array, tell: (frame: SseFrame) => unknown, isKnown: (raw: Uint8Array) => boolean): void {
    let start = 0;
    if (halfEnded && chunk.length > 0) {
      start = chunk[0] === LF ? 1 : 0;
      halfEnded = false;
      afterCr = false;
      complete(chunk.subarray(0, start), tell, isKnown);
    }
    const hasCr = chunk.includes(CR);
    for (let i = start; i < chunk.length; i += 1) {
      const byte = chunk[i];
      if (byte !== LF && byte !== CR) {
        atLineStart = false;
        afterCr = false;
        // Straight to the line's end, where there is but one kind of it.
        if (!hasCr) i = lineEnd(chunk, i) - 1;
        continue;
      }
      if (byte === LF && afterCr) {
        afterCr = false;
        inCrlf = true;
        continue;
      }
      afterCr = byte === CR;
      if (!atLineStart) {
        atLineStart = true;
        inCrlf = false;
        continue;
      }
      if (afterCr && inCrlf && i + 1 === chunk.length) {
        halfEnded = true;
        break;
      }
      if (afterCr && chunk[i + 1] === LF) {
        i += 1;
        afterCr = false;
      }
      complete(chunk.subarray(start, i + 1), tell, isKnown);
      start = i + 1;
    }
    keep(chunk.subarray(start), tell);
  }

  function complete(tail: Uint8Array, tell: (frame: SseFrame) => unknown, isKnown: (raw: Uint8Array) => boolean): void {
    const raw = take(tail);
    const tooLong = overlong || raw.length > maxFrameBytes;
    overlong = false;
    if (tooLong) {
      tell({ raw, dataLines: 0, trouble: 'too-long' });
      return;
    }
    if (isKnown(raw)) return;
    const frame = readFrame(raw, first);
    first = false;
    tell(frame);
  }

  function take(tail: Uint8Array): Uint8Array {
    if (held.length === 0) return tail;
    held.add(tail);
    return held.take();
  }

  function keep(tail: Uint8Array, tell: (frame: SseFrame) => unknown): void {
    if (tail.length === 0) return;
    if (overlong || held.length + tail.length > maxFrameBytes) {
      tell({ raw: take(tail), dataLines: 0, trouble: 'too-long' });
      overlong = true;
      first = false;
    } else held.add(tail);
  }
}

function lineEnd(chunk: Uint8Array, from: number): number {
  const at = chunk.indexOf(LF, from);
  return at < 0 ? chunk.length : at;
}

/** The frame with other data. Its event name, id and line ends stay. */
export function withData(frame: Pick<SseFrame, 'raw'>, data: string): Uint8Array {
  const text = decode(frame.raw);
  const eol = /\r\n|\r|\n/.exec(text)?.[0] ?? '\n';
  const lines = data.split('\n').map((line) => `data: ${line}`);
  const others = text.split(/\r\n|\r|\n/).filter((line) => line !== '' && !/^\uFEFF?data(:|$)/.test(line));
  return Buffer.from([...others, ...lines, '', ''].join(eol));
}

export const SSE: Framing = {
  events: (events) => Buffer.from(events.map(({ data, name }) => sseEvent(data, name)).join('')),
  withData,
};

/** An event of our own. */
export function sseEvent(data: unknown, event?: string): string {
  return `${event === undefined ? '' : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`;
}

/**
 * Stricter than the standard, which ignores a field that it does not know: clients differ in what they skip and trim, so a line
 * that any of them might take for data makes the frame one that was not read.
 */
function readFrame(raw: Uint8Array, first: boolean): SseFrame {
  if (!isUtf8(raw)) return { raw, dataLines: 0, trouble: 'undecodable' };
  let text = decode(raw);
  if (first && text.startsWith('\uFEFF')) text = text.slice(1);
  const lines = text.includes('\r') ? text.split(/\r\n|\r|\n/) : text.split('\n');
  let event: string | undefined;
  let data: string | undefined;
  let dataLines = 0;
  for (const line of lines) {
    if (line === '') continue;
    if (mayHoldData(line)) return { raw, dataLines: 0, trouble: 'unknown-shape' };
    if (line.startsWith(':')) continue;
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'data') {
      data = data === undefined ? value : `${data}\n${value}`;
      dataLines += 1;
    } else if (field === 'event' && event === undefined) event = value;
    else if (field !== 'id' && field !== 'retry') return { raw, dataLines: 0, trouble: 'unknown-shape' };
  }
  return { raw, dataLines, ...(event === undefined ? {} : { event }), ...(data === undefined ? {} : { data }) };
}

/**
 * Python's `splitlines` and Node's `readline` end lines at more characters than the standard does, and some clients look for `data:`
 * anywhere. In JSON what follows it is escaped and means nothing; in a comment or a name nobody needs it.
 */
function mayHoldData(line: string): boolean {
  if (!line.startsWith('data')) return /data\s*:/.test(line);
  return LINE_END.test(line) && [...line.matchAll(/data\s*:/g)].some(({ index }) => followsLineEnd(line, index));
}

const LINE_END = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** Whether there is nothing but blanks between a line's end and this place. By hand: a pattern would go back over long blanks again and again. */
function followsLineEnd(line: string, place: number): boolean {
  for (let at = place - 1; at >= 0; at -= 1) {
    if (LINE_END.test(line[at]!)) return true;
    if (!/\s/.test(line[at]!)) return false;
  }
  return false;
}

/** Without half a character, and half a field's name, where the stream broke off. */
function finished(raw: Uint8Array): Uint8Array {
  let end = raw.length;
  while (end > 0 && raw[end - 1]! >= 0x80) end -= 1;
  const whole = raw.subarray(0, end);
  const lineStart = Math.max(whole.lastIndexOf(LF), whole.lastIndexOf(CR)) + 1;
  const line = decode(whole.subarray(lineStart));
  return ['data', 'event', 'id', 'retry'].some((field) => field.startsWith(line)) ? whole.subarray(0, lineStart) : whole;
}

function decode(raw: Uint8Array): string {
  return Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('utf8');
}
