/** Answers that come as WebSocket messages: each is a frame behind a word that holds its length, so that neighbours stay apart. */

import { isUtf8 } from 'node:buffer';
import type { Uninspected } from '../../contract/action.ts';
import type { EventFrame, Framing } from './framing.ts';
import { isObject, readJson } from './json.ts';
import { createLine, type Line, NOTHING } from './line.ts';
import type { DecoderLimits, ResponseDecoder } from './pieces.ts';
import { MAX_FRAME_BYTES } from './sse.ts';
import type { Dialect } from './sse-decoder.ts';

export interface Message {
  /** Text in UTF-8, else binary. */
  readonly text: boolean;
  readonly data: Uint8Array;
}

export interface MessageDecoder extends ResponseDecoder {
  /** Whether something came that could not be read: nothing after it can be trusted. */
  readonly lost: boolean;
}

/** Bytes of the length; its highest bit is set for a binary message. */
const PREFIX = 4;
const BINARY = 0x8000_0000;

/** The message as decoders take it and pieces hold it. Of less than 2 GiB. */
export function framed({ text, data }: Message): Uint8Array {
  const frame = Buffer.allocUnsafe(PREFIX + data.length);
  frame.writeUInt32BE(text ? data.length : data.length + BINARY);
  frame.set(data, PREFIX);
  return frame;
}

/** The messages in the bytes of a piece. */
export function messagesIn(bytes: Uint8Array): Message[] {
  const messages: Message[] = [];
  for (let at = 0; at + PREFIX <= bytes.length; ) {
    const { text, end } = readPrefix(bytes, at);
    messages.push({ text, data: bytes.subarray(at + PREFIX, end) });
    at = end;
  }
  return messages;
}

export const MESSAGES: Framing = {
  events: (events) => Buffer.concat(events.map(({ data }) => ofText(JSON.stringify(data)))),
  withData: (_frame, data) => ofText(data),
};

/** Reads messages by what `speak` makes of each. A binary one has no place where the dialect knows only its own events. */
export function createMessageDecoder(limits: DecoderLimits, speak: (line: Line) => Dialect): MessageDecoder {
  const line = createLine(limits.callBytes);
  const dialect = speak(line);
  let held: Uint8Array = NOTHING;
  let lost = false;

  return {
    get lost() {
      return lost;
    },
    push(chunk) {
      const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      let at = 0;
      while (at + PREFIX <= bytes.length) {
        const { text, end } = readPrefix(bytes, at);
        if (end > bytes.length) break;
        take(bytes.subarray(at, end), text);
        at = end;
      }
      held = bytes.subarray(at);
      return line.drain();
    },
    end() {
      line.cut('truncated');
      return line.drain();
    },
    keepalive: () => dialect.keepalive(),
    summary: () => dialect.summary(),
  };

  function take(raw: Uint8Array, text: boolean): void {
    const trouble = line.crowded ? 'too-long' : read(raw, text);
    if (!trouble) return;
    line.lose(trouble, raw, dialect.ending());
    lost = true;
  }

  function read(raw: Uint8Array, text: boolean): Uninspected | undefined {
    const data = raw.subarray(PREFIX);
    if (data.length > MAX_FRAME_BYTES) return 'too-long';
    if (!text && !dialect.other) return 'undecodable';
    if (text && !isUtf8(data)) return 'undecodable';
    // Clients read JSON from binary messages too, and many take what is no UTF-8 as well as it goes.
    const said = Buffer.from(data.buffer, data.byteOffset, data.length).toString('utf8');
    const frame: EventFrame = { raw, data: said };
    const reading = readJson(said, 'anyCase');
    if (!reading.ok && reading.why !== 'malformed') return reading.why;
    if (reading.ok && isObject(reading.value)) return dialect.event(reading.value, frame);
    return dialect.other ? dialect.other(reading.ok ? reading.value : undefined, frame) : 'unknown-shape';
  }
}

function readPrefix(bytes: Uint8Array, at: number): { text: boolean; end: number } {
  const word = new DataView(bytes.buffer, bytes.byteOffset + at, PREFIX).getUint32(0);
  const text = word < BINARY;
  return { text, end: at + PREFIX + (text ? word : word - BINARY) };
}

function ofText(data: string): Uint8Array {
  return framed({ text: true, data: Buffer.from(data) });
}
