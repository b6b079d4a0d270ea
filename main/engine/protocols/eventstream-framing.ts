/** The two ways in which Bedrock puts events into messages of an event stream. */

import { isUtf8 } from 'node:buffer';
import type { Uninspected } from '../../contract/action.ts';
import { eventstreamMessage, readMessage, withPayload } from './eventstream.ts';
import type { Framing } from './framing.ts';
import { asString, isMisspelt, type JsonObject, locate, patched } from './json.ts';

/** Events by their name in `:event-type`, with JSON as payload. */
export const EVENTSTREAM: Framing = {
  events: (events) => Buffer.concat(events.map(({ data, name = 'unknown' }) => jsonEvent(name, data))),
  withData: (frame, data) => withPayload(frame.raw, Buffer.from(data)),
};

/** Events within `chunk` events: `{"bytes": "<base64>", "p": "<padding>"}`, as `InvokeModelWithResponseStream` sends them. */
export const CHUNKS: Framing = {
  events: (events) => Buffer.concat(events.map(({ data }) => jsonEvent('chunk', { bytes: base64(JSON.stringify(data)) }))),
  withData({ raw }, data) {
    const text = Buffer.from(readMessage(raw).payload).toString();
    return withPayload(raw, Buffer.from(patched(text, locate(text), { bytes: JSON.stringify(base64(data)) })));
  },
};

/** The event's text within the payload of a `chunk`; a reason where it is not there in the one way that every client reads the same. */
export function innerText(chunk: JsonObject): { readonly text: string } | Uninspected {
  const bytes = isMisspelt(chunk, 'bytes') ? undefined : asString(chunk.bytes);
  if (bytes === undefined) return 'unknown-shape';
  const inner = Buffer.from(bytes, 'base64');
  if (inner.toString('base64') !== bytes) return 'malformed';
  return isUtf8(inner) ? { text: inner.toString() } : 'undecodable';
}

/** An exception: clients throw it and read no further. `type` is its name as AWS writes it there, in camel case. */
export function exceptionMessage(type: string, message: string): Uint8Array {
  const headers = { ':exception-type': type, ':content-type': 'application/json', ':message-type': 'exception' };
  return eventstreamMessage(headers, Buffer.from(JSON.stringify({ message })));
}

function jsonEvent(name: string, data: unknown): Uint8Array {
  const headers = { ':event-type': name, ':content-type': 'application/json', ':message-type': 'event' };
  return eventstreamMessage(headers, Buffer.from(JSON.stringify(data)));
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
