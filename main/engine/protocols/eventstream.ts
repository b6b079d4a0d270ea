/** AWS's binary event streams as messages that keep their own bytes (`application/vnd.amazon.eventstream`, "Event stream encoding"). */

import { isUtf8 } from 'node:buffer';
import { crc32 } from 'node:zlib';
import type { Uninspected } from '../../contract/action.ts';

export interface EventstreamMessage {
  /** Every byte: messages put together again are the stream. */
  readonly raw: Uint8Array;
  /** Those that are text, by name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly payload: Uint8Array;
  /** Why it was not read; headers and payload are then empty. A checksum that is wrong is `malformed`. */
  readonly trouble?: Uninspected;
}

export interface EventstreamSplitter {
  /** The messages that this chunk completes. Linear in time for any chunking. */
  push(chunk: Uint8Array): EventstreamMessage[];
  /** The beginning of a message that did not come whole; empty where there is none. */
  rest(): Uint8Array;
}

/** A longer message comes out in parts, each `too-long`; none of it is kept. AWS sends 16 MB of payload at most. */
export const MAX_MESSAGE_BYTES = 16 * 1024 * 1024 + 128 * 1024;

const PRELUDE = 12;
const CHECKSUM = 4;
const NONE = new Uint8Array(0);

export function createEventstreamSplitter(maxMessageBytes = MAX_MESSAGE_BYTES): EventstreamSplitter {
  /** The prelude as it comes in, and then the whole message that it announces. */
  let buffer = new Uint8Array(PRELUDE);
  let filled = 0;
  /** Bytes to come of a message that is too long. */
  let skipping = 0;
  /** Where one message ends and the next begins cannot be told any more. */
  let lost = false;

  return {
    push(chunk) {
      const messages: EventstreamMessage[] = [];
      for (let at = 0; at < chunk.length; ) at += take(chunk.subarray(at), messages);
      return messages;
    },
    rest() {
      const rest = buffer.slice(0, filled);
      filled = 0;
      return rest;
    },
  };

  /** How many of the bytes were used. */
  function take(bytes: Uint8Array, messages: EventstreamMessage[]): number {
    if (lost) return push(messages, unread(bytes, 'malformed'));
    if (skipping > 0) {
      const part = bytes.subarray(0, skipping);
      skipping -= part.length;
      return push(messages, unread(part, 'too-long'));
    }
    if (filled === 0) {
      const total = bytes.length < PRELUDE ? undefined : lengthOf(bytes);
      // Most messages come whole: they need not be copied.
      if (total !== undefined && total <= Math.min(bytes.length, maxMessageBytes))
        return push(messages, readMessage(bytes.subarray(0, total)));
    }
    const part = bytes.subarray(0, buffer.length - filled);
    buffer.set(part, filled);
    filled += part.length;
    if (filled < buffer.length) return part.length;
    if (buffer.length > PRELUDE) push(messages, readMessage(taken()));
    else announced(messages);
    return part.length;
  }

  /** A prelude is complete. */
  function announced(messages: EventstreamMessage[]): void {
    const total = lengthOf(buffer);
    if (total === undefined || total > maxMessageBytes) {
      lost = total === undefined;
      skipping = total === undefined ? 0 : total - PRELUDE;
      push(messages, unread(taken(), lost ? 'malformed' : 'too-long'));
      return;
    }
    const whole = new Uint8Array(total);
    whole.set(buffer);
    buffer = whole;
  }

  function taken(): Uint8Array {
    const whole = buffer;
    buffer = new Uint8Array(PRELUDE);
    filled = 0;
    return whole;
  }
}

/** A message of our own, with headers that are text. */
export function eventstreamMessage(headers: Readonly<Record<string, string>>, payload: Uint8Array): Uint8Array {
  const parts = Object.entries(headers).flatMap(([name, value]) => {
    const [key, text] = [Buffer.from(name), Buffer.from(value)];
    return [Buffer.from([key.length]), key, Buffer.from([STRING, text.length >> 8, text.length & 0xff]), text];
  });
  return framed(Buffer.concat(parts), payload);
}

/** The message with another payload. Its headers stay, byte for byte. */
export function withPayload(raw: Uint8Array, payload: Uint8Array): Uint8Array {
  return framed(raw.subarray(PRELUDE, PRELUDE + viewOf(raw).getUint32(4)), payload);
}

function framed(headers: Uint8Array, payload: Uint8Array): Uint8Array {
  const message = Buffer.alloc(PRELUDE + headers.length + payload.length + CHECKSUM);
  message.writeUInt32BE(message.length, 0);
  message.writeUInt32BE(headers.length, 4);
  message.writeUInt32BE(crc32(message.subarray(0, 8)), 8);
  message.set(headers, PRELUDE);
  message.set(payload, PRELUDE + headers.length);
  message.writeUInt32BE(crc32(message.subarray(0, -CHECKSUM)), message.length - CHECKSUM);
  return message;
}

/** What a prelude says of the message's length; undefined where the prelude cannot be trusted. */
function lengthOf(prelude: Uint8Array): number | undefined {
  const view = viewOf(prelude);
  const [total, headers] = [view.getUint32(0), view.getUint32(4)];
  if (view.getUint32(8) !== crc32(prelude.subarray(0, 8))) return undefined;
  return total >= PRELUDE + headers + CHECKSUM ? total : undefined;
}

/** A whole message, whose prelude is in order. Never throws. */
export function readMessage(raw: Uint8Array): EventstreamMessage {
  const view = viewOf(raw);
  const end = raw.length - CHECKSUM;
  if (view.getUint32(end) !== crc32(raw.subarray(0, end))) return unread(raw, 'malformed');
  const payloadStart = PRELUDE + view.getUint32(4);
  const headers = readHeaders(raw.subarray(PRELUDE, payloadStart));
  return typeof headers === 'string' ? unread(raw, headers) : { raw, headers, payload: raw.subarray(payloadStart, end) };
}

const STRING = 7;

/** Bytes of a header's value by its type; the two that are left out say their length themselves. */
const VALUE_BYTES = new Map([
  [0, 0],
  [1, 0],
  [2, 1],
  [3, 2],
  [4, 4],
  [5, 8],
  [8, 8],
  [9, 16],
]);
const BINARY = 6;

/** AWS sends three or four, and 128 KB at most. */
const MAX_HEADERS = 64;
const MAX_HEADER_BYTES = 128 * 1024;

function readHeaders(bytes: Uint8Array): Map<string, string> | Uninspected {
  if (bytes.length > MAX_HEADER_BYTES) return 'too-long';
  const headers = new Map<string, string>();
  const names = new Set<string>();
  for (let at = 0; at < bytes.length; ) {
    const nameEnd = at + 1 + bytes[at]!;
    const type = bytes[nameEnd] ?? -1;
    const counted = type === STRING || type === BINARY;
    const start = nameEnd + (counted ? 3 : 1);
    const length = counted ? ((bytes[nameEnd + 1] ?? 0) << 8) | (bytes[nameEnd + 2] ?? 0) : VALUE_BYTES.get(type);
    if (length === undefined || start + length > bytes.length) return 'malformed';
    const [name, value] = [bytes.subarray(at + 1, nameEnd), bytes.subarray(start, start + length)];
    if (!isUtf8(name) || (type === STRING && !isUtf8(value))) return 'undecodable';
    const spelt = Buffer.from(name).toString();
    // Of two, clients take the first or the last; in other letters it is another header to some of them only.
    if (names.has(spelt.toLowerCase())) return 'duplicate-key';
    names.add(spelt.toLowerCase());
    if (type === STRING) headers.set(spelt, Buffer.from(value).toString());
    if (names.size > MAX_HEADERS) return 'too-long';
    at = start + length;
  }
  return headers;
}

function unread(raw: Uint8Array, trouble: Uninspected): EventstreamMessage {
  return { raw, headers: new Map(), payload: NONE, trouble };
}

function push(messages: EventstreamMessage[], message: EventstreamMessage): number {
  messages.push(message);
  return message.raw.length;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
