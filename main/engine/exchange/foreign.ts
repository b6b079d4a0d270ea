/** Answers of no protocol that we know, and those that are no success: they pass, unless a call of any protocol is in them. */

import { hasCalls, mayHoldCall } from '../protocols/any-calls.ts';
import { isEventstream } from '../protocols/bedrock.ts';
import { explain } from '../protocols/explain.ts';
import type { Framing } from '../protocols/framing.ts';
import { createGathered } from '../protocols/gathered.ts';
import { memberNamed, someObject } from '../protocols/json.ts';
import { type Line, NOTHING } from '../protocols/line.ts';
import { bodyKind } from '../protocols/media.ts';
import { createMessageDecoder, MESSAGES, type MessageDecoder } from '../protocols/messages.ts';
import { NDJSON } from '../protocols/ndjson.ts';
import { createNdjsonDecoder } from '../protocols/ndjson-decoder.ts';
import type { DecoderLimits, Piece, ResponseDecoder } from '../protocols/pieces.ts';
import { SSE } from '../protocols/sse.ts';
import { createSseDecoder, type Dialect } from '../protocols/sse-decoder.ts';
import { createWholeDecoder, NO_CALLS } from '../protocols/whole.ts';
import { opaqueDecoder } from './opaque.ts';
import { strayEventsDecoder } from './stray-events.ts';

/** Enough to tell what a body is: `retry:` after a byte order mark. */
const BEGINNING = 16;

/** The type says how a body is read where it is one of ours. Else the body does: clients that expect JSON read it whatever its type. */
export function foreignDecoder(contentType: string, limits: DecoderLimits): ResponseDecoder {
  // Binary messages, and parts that are documents by themselves, may hold anything.
  if (isEventstream(contentType) || /^\s*multipart\//i.test(contentType)) return opaqueDecoder();
  switch (bodyKind(contentType)) {
    case 'events':
      return eventsDecoder(limits);
    case 'json':
      return documentDecoder(limits);
    case 'lines':
      return createNdjsonDecoder(limits, foreignDialect(NDJSON));
    default:
      return untypedDecoder(limits);
  }
}

/** The same for a socket whose messages are in no protocol that we know. */
export function foreignMessages(limits: DecoderLimits): MessageDecoder {
  return createMessageDecoder(limits, foreignDialect(MESSAGES));
}

function eventsDecoder(limits: DecoderLimits): ResponseDecoder {
  return createSseDecoder(limits, foreignDialect(SSE));
}

function foreignDialect(framing: Framing): (line: Line) => Dialect {
  return (line) => ({
    event: (event, frame) => (hasCalls(event) ? 'unknown-shape' : void line.pass(frame.raw)),
    other(value, frame) {
      if (hasCalls(value)) return 'unknown-shape';
      return value === undefined && mayHoldCall(frame.data) ? 'malformed' : void line.pass(frame.raw);
    },
    done: (frame) => line.pass(frame.raw),
    ending: () => (_refused, lost, why) => (why ? framing.events([{ name: 'error', data: failure(explain(lost, why)) }]) : NOTHING),
    keepalive: () => NOTHING,
    summary: () => ({ text: '' }),
  });
}

/**
 * An answer that names in `members` where model calls go: nothing of it passes before `follow` has taken each, and it is unread where
 * one cannot be followed.
 */
export function announcingDecoder(limits: DecoderLimits, members: readonly string[], follow: (origin: string) => boolean): ResponseDecoder {
  const leadsAway = (named: unknown) =>
    named !== undefined && named !== null && named !== '' && !(typeof named === 'string' && follow(named));
  return documentDecoder(
    limits,
    (value) => !someObject(value, new Set(), (object) => members.some((name) => leadsAway(memberNamed(object, name)))),
  );
}

function documentDecoder(limits: DecoderLimits, accepts: (value: unknown) => boolean = () => true): ResponseDecoder {
  const read = (value: unknown) => (hasCalls(value) || !accepts(value) ? ('unknown-shape' as const) : NO_CALLS);
  return createWholeDecoder(limits, {
    read,
    other: read,
    saying: (text) => JSON.stringify(failure(text)),
    summary: () => ({ text: '' }),
  });
}

/** Waits for the first bytes, and then is one of the decoders above, or lets all pass in which no events are. */
function untypedDecoder(limits: DecoderLimits): ResponseDecoder {
  /** All that came, and what of it follows the blanks that it begins with. */
  const held = createGathered();
  let start: Buffer = Buffer.alloc(0);
  let decoder: ResponseDecoder | undefined;

  return {
    push(chunk) {
      if (decoder) return decoder.push(chunk);
      held.add(chunk);
      start = withoutSpace(Buffer.concat([start, chunk]));
      if (start.length >= BEGINNING) return begun(byBeginning(start, limits));
      return held.length > MOST_SPACE ? begun(opaqueDecoder()) : [];
    },
    end: () => [...(decoder ? [] : begun(byBeginning(start, limits))), ...(decoder?.end() ?? [])],
    keepalive: () => decoder?.keepalive() ?? NOTHING,
    summary: () => ({ text: '' }),
  };

  function begun(as: ResponseDecoder): Piece[] {
    decoder = as;
    return held.length > 0 ? as.push(held.take()) : [];
  }
}

/** No document that anybody writes begins with more blanks. */
const MOST_SPACE = 64 * 1024;

function byBeginning(start: Buffer, limits: DecoderLimits): ResponseDecoder {
  const text = start.subarray(0, BEGINNING).toString('latin1');
  if (/^[[{"]/.test(text)) return documentDecoder(limits);
  if (/^(data|event|id|retry)?\s*:/i.test(text)) return eventsDecoder(limits);
  // UTF-16 or UTF-32, which Python's clients recognise in JSON.
  if (text.startsWith('\xff\xfe') || text.startsWith('\xfe\xff') || text.startsWith('\0')) return opaqueDecoder();
  return strayEventsDecoder(limits);
}

function withoutSpace(bytes: Buffer): Buffer {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (at < bytes.length && [0x20, 0x09, 0x0a, 0x0d].includes(bytes[at]!)) at += 1;
  return bytes.subarray(at);
}

function failure(message: string) {
  return { type: 'error', error: { type: 'invalid_request_error', message } };
}
