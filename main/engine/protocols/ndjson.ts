/** Newline-delimited JSON as frames that keep their own bytes: one value a line. */

import { isUtf8 } from 'node:buffer';
import type { EventFrame, Framing } from './framing.ts';
import { createGathered } from './gathered.ts';
import { readJson } from './json.ts';
import { MAX_FRAME_BYTES } from './sse.ts';

export interface NdjsonLine {
  /** Every byte, with the line's end: lines put together again are the stream. */
  readonly raw: Uint8Array;
  /** The line without its end; absent where it is blank. */
  readonly data?: string;
  /** Why it cannot be trusted to mean the same to every client. `data` is then absent. */
  readonly trouble?: 'too-long' | 'undecodable' | 'unknown-shape';
}

export interface NdjsonSplitter {
  /** The lines that this chunk completes. Linear in time for any chunking. */
  push(chunk: Uint8Array): NdjsonLine[];
  /** What came after the last line's end. Clients read it as a line. */
  rest(): NdjsonLine | undefined;
}

const LF = 10;

/** A longer line comes out in parts, each `too-long`, until its end; no more than `maxLineBytes` is kept of it. */
export function createNdjsonSplitter(maxLineBytes = MAX_FRAME_BYTES): NdjsonSplitter {
  const held = createGathered();
  let overlong = false;

  return {
    push(chunk) {
      const lines: NdjsonLine[] = [];
      let start = 0;
      for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
        lines.push(complete(chunk.subarray(start, end + 1)));
        start = end + 1;
      }
      keep(chunk.subarray(start), lines);
      return lines;
    },
    rest: () => (held.length > 0 ? complete(new Uint8Array(0)) : undefined),
  };

  function complete(tail: Uint8Array): NdjsonLine {
    const raw = taken(tail);
    const tooLong = overlong || raw.length > maxLineBytes;
    overlong = false;
    return tooLong ? { raw, trouble: 'too-long' } : readLine(raw);
  }

  function keep(tail: Uint8Array, lines: NdjsonLine[]): void {
    if (tail.length === 0) return;
    if (overlong || held.length + tail.length > maxLineBytes) {
      lines.push({ raw: taken(tail), trouble: 'too-long' });
      overlong = true;
    } else held.add(tail);
  }

  function taken(tail: Uint8Array): Uint8Array {
    if (held.length === 0) return tail;
    held.add(tail);
    return held.take();
  }
}

export const NDJSON: Framing = {
  events: (events) => Buffer.from(events.map(({ data }) => `${JSON.stringify(data)}\n`).join('')),
  withData: (frame: EventFrame, data) => Buffer.from(data + (/\r?\n$/.exec(decode(frame.raw))?.[0] ?? '')),
};

function readLine(raw: Uint8Array): NdjsonLine {
  if (!isUtf8(raw)) return { raw, trouble: 'undecodable' };
  const data = decode(raw).replace(/\r?\n$/, '');
  if (/^[ \t]*$/.test(data)) return { raw };
  return hasOtherEnds(data) ? { raw, trouble: 'unknown-shape' } : { raw, data };
}

/** Python's clients end lines at more characters than others do, and some of those may stand in a string. */
function hasOtherEnds(data: string): boolean {
  const parts = data.split(/(?:(?!\t)[\p{Cc}\p{Zl}\p{Zp}])+/u);
  return parts.length > 1 && parts.some((part) => /^\s*[[{]/.test(part) && readJson(part).ok);
}

function decode(raw: Uint8Array): string {
  return Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('utf8');
}
