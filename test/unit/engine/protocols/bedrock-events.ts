/** Bedrock's messages, made and read by AWS's own codec, as a reader would describe an answer. */

import { EventStreamCodec } from '@smithy/eventstream-codec';

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString(),
  (text) => Buffer.from(text),
);

export const EVENTSTREAM_TYPE = 'application/vnd.amazon.eventstream';

const text = (value: string) => ({ type: 'string' as const, value });

export function message(headers: Record<string, string>, payload: string | Uint8Array): Buffer {
  const typed = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, text(value)]));
  return Buffer.from(codec.encode({ headers: typed, body: Buffer.from(payload) }));
}

export const event = (name: string, data: object) =>
  message(
    { ':event-type': name, ':content-type': 'application/json', ':message-type': 'event' },
    JSON.stringify({ ...data, p: 'abcdefghijkl'.slice(0, 3 + (JSON.stringify(data).length % 7)) }),
  );

export const exception = (name: string, words: string) =>
  message(
    { ':exception-type': name, ':content-type': 'application/json', ':message-type': 'exception' },
    JSON.stringify({ message: words }),
  );

/** A model's own event in a chunk. */
export const chunk = (data: unknown) => event('chunk', { bytes: Buffer.from(JSON.stringify(data)).toString('base64') });

/** Converse's events. */
export const start = event('messageStart', { role: 'assistant' });

export const says = (index: number, words: string) =>
  Buffer.concat([
    ...(words.match(/.{1,4}/gsu) ?? []).map((part) => event('contentBlockDelta', { contentBlockIndex: index, delta: { text: part } })),
    blockStop(index),
  ]);

export const callStart = (index: number, toolUse: object = {}) =>
  event('contentBlockStart', {
    contentBlockIndex: index,
    start: { toolUse: { toolUseId: `tooluse_SECRET${index}`, name: 'bash', ...toolUse } },
  });

export const input = (index: number, json: string) =>
  Buffer.concat(
    (json.match(/.{1,7}/gs) ?? []).map((part) =>
      event('contentBlockDelta', { contentBlockIndex: index, delta: { toolUse: { input: part } } }),
    ),
  );

export const blockStop = (index: number) => event('contentBlockStop', { contentBlockIndex: index });

export const call = (index: number, command: string, json = JSON.stringify({ command })) =>
  Buffer.concat([callStart(index), input(index, json), blockStop(index)]);

export const stop = (stopReason: string) =>
  Buffer.concat([
    event('messageStop', { stopReason }),
    event('metadata', { usage: { inputTokens: 12, outputTokens: 9, totalTokens: 21 }, metrics: { latencyMs: 7 } }),
  ]);

export interface Seen {
  /** `:event-type`, or `:exception-type`. */
  readonly name: string;
  readonly data: Record<string, unknown>;
}

/** Throws where the codec cannot read a message, or its checksums are wrong. */
export function codecReads(raw: Uint8Array): void {
  codec.decode(Uint8Array.prototype.slice.call(raw));
}

/** Every message of a stream as AWS's codec reads it, which checks both checksums. Throws where it cannot. */
export function readAll(stream: Uint8Array): Seen[] {
  const seen: Seen[] = [];
  for (let at = 0; at < stream.length; ) {
    const length = Buffer.from(stream).readUInt32BE(at);
    const { headers, body } = codec.decode(Uint8Array.prototype.slice.call(stream, at, at + length));
    const name = headers[':event-type']?.value ?? headers[':exception-type']?.value;
    seen.push({ name: String(name), data: JSON.parse(Buffer.from(body).toString()) });
    at += length;
  }
  return seen;
}

/** The model's own events of a stream of chunks. */
export function readChunks(stream: Uint8Array): Record<string, unknown>[] {
  return readAll(stream).flatMap(({ name, data }) =>
    name === 'chunk' ? [JSON.parse(Buffer.from(String(data.bytes), 'base64').toString())] : [],
  );
}
