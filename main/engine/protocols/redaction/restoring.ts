/** A decoder's input with values put back in the place of their placeholders, so that what is judged is what the agent gets. */

import { isUtf8 } from 'node:buffer';
import { isEventstream } from '../bedrock.ts';
import { createEventstreamSplitter } from '../eventstream.ts';
import { CHUNKS, EVENTSTREAM, innerText } from '../eventstream-framing.ts';
import type { EventFrame, Framing } from '../framing.ts';
import { createGathered } from '../gathered.ts';
import { isObject, readJson } from '../json.ts';
import { bodyKind } from '../media.ts';
import { framed, MESSAGES, type MessageDecoder, messagesIn } from '../messages.ts';
import { createNdjsonSplitter, NDJSON } from '../ndjson.ts';
import type { ResponseDecoder } from '../pieces.ts';
import { createSseSplitter, SSE } from '../sse.ts';
import { createFragments, type Placeholders, type Restored, restoredText } from './fragments.ts';
import { stringsIn, withStrings } from './strings.ts';

/** A frame on its way through; without `data` nothing in it can be a placeholder. */
interface Frame {
  readonly raw: Uint8Array;
  readonly data?: string;
  /** Where its kind of frame is written otherwise than its neighbours. */
  readonly framing?: Framing;
}

/** Bytes into frames, and back. */
interface Frames {
  readonly framing: Framing;
  push(chunk: Uint8Array): readonly Frame[];
  /** What came after the last whole frame. */
  rest(): readonly Frame[];
}

/** A longer document goes as it is. */
const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;

/** The same decoder, for an answer of this content type. One of no known framing goes as it came. */
export function restoringDecoder(decoder: ResponseDecoder, contentType: string, placeholders: Placeholders): ResponseDecoder {
  if (bodyKind(contentType) === 'json') return restoring(decoder, wholeRestorer(placeholders));
  const frames = framesOf(contentType);
  return frames ? restoring(decoder, frameRestorer(frames, placeholders)) : decoder;
}

/** The same for the messages of a WebSocket. */
export function restoringMessages(decoder: MessageDecoder, placeholders: Placeholders): MessageDecoder {
  return {
    ...restoring(decoder, frameRestorer(socketMessages(), placeholders)),
    get lost() {
      return decoder.lost;
    },
  };
}

interface Restorer {
  push(chunk: Uint8Array): Uint8Array[];
  end(): Uint8Array[];
}

function restoring(decoder: ResponseDecoder, restore: Restorer): ResponseDecoder {
  return {
    keepalive: () => decoder.keepalive(),
    summary: () => decoder.summary(),
    push: (chunk) => restore.push(chunk).flatMap((bytes) => decoder.push(bytes)),
    end: () => [...restore.end().flatMap((bytes) => decoder.push(bytes)), ...decoder.end()],
  };
}

function frameRestorer(frames: Frames, placeholders: Placeholders): Restorer {
  const fragments = createFragments<Frame>(placeholders);
  const written = ({ frame, data }: Restored<Frame>): Uint8Array =>
    data === undefined ? frame.raw : (frame.framing ?? frames.framing).withData(frame as EventFrame, data);
  return {
    push: (chunk) => frames.push(chunk).flatMap((frame) => fragments.push(frame).map(written)),
    end: () => [...frames.rest().flatMap((frame) => fragments.push(frame)), ...fragments.flush()].map(written),
  };
}

function framesOf(contentType: string): Frames | undefined {
  if (isEventstream(contentType)) return eventstream();
  if (bodyKind(contentType) === 'lines') {
    const splitter = createNdjsonSplitter();
    return { framing: NDJSON, push: splitter.push, rest: () => present(splitter.rest()) };
  }
  if (bodyKind(contentType) !== 'events') return undefined;
  const splitter = createSseSplitter();
  return { framing: SSE, push: splitter.push, rest: () => present(splitter.rest()) };
}

function socketMessages(): Frames {
  return {
    framing: MESSAGES,
    push: (chunk) =>
      messagesIn(chunk).map((message): Frame => {
        const raw = framed(message);
        return message.text && isUtf8(message.data) ? { raw, data: textOf(message.data) } : { raw };
      }),
    rest: () => [],
  };
}

function eventstream(): Frames {
  const splitter = createEventstreamSplitter();
  return {
    framing: EVENTSTREAM,
    push: (chunk) =>
      splitter.push(chunk).map(({ raw, headers, payload, trouble }): Frame => {
        if (trouble || !isUtf8(payload)) return { raw };
        const data = textOf(payload);
        if (headers.get(':event-type') !== 'chunk') return { raw, data };
        const reading = readJson(data);
        const inner = reading.ok && isObject(reading.value) ? innerText(reading.value) : 'unknown-shape';
        return typeof inner === 'string' ? { raw } : { raw, data: inner.text, framing: CHUNKS };
      }),
    rest() {
      const raw = splitter.rest();
      return raw.length > 0 ? [{ raw }] : [];
    },
  };
}

function wholeRestorer(placeholders: Placeholders): Restorer {
  const held = createGathered();
  let tooLong = false;
  return {
    push(chunk) {
      if (tooLong) return [chunk];
      held.add(chunk);
      tooLong = held.length > MAX_DOCUMENT_BYTES;
      return tooLong ? [held.take()] : [];
    },
    end: () => (tooLong || held.length === 0 ? [] : [restoredDocument(held.take(), placeholders)]),
  };
}

function restoredDocument(raw: Uint8Array, placeholders: Placeholders): Uint8Array {
  const data = isUtf8(raw) ? textOf(raw) : '';
  if (!data.includes('[') || !readJson(data).ok) return raw;
  const changes = stringsIn(data).flatMap((at) => {
    const nested = at.path.at(-1) === 'arguments';
    const says = restoredText(at.text, placeholders, nested);
    return says === at.text ? [] : [{ at, says }];
  });
  return changes.length === 0 ? raw : Buffer.from(withStrings(data, changes));
}

function present(frame: Frame | undefined): readonly Frame[] {
  return frame ? [frame] : [];
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
