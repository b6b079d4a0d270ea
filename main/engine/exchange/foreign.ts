/** Answers of no protocol that we know, and those that are no success: they pass, unless a call of any protocol is in them. */

import { hasStrayCalls as hasMessagesCalls } from '../protocols/anthropic-messages/blocks.ts';
import { explain } from '../protocols/explain.ts';
import { folded, someObject } from '../protocols/json.ts';
import { NOTHING } from '../protocols/line.ts';
import { bodyKind } from '../protocols/media.ts';
import { hasStrayCalls as hasResponsesCalls } from '../protocols/openai-responses/items.ts';
import type { DecoderLimits, Piece, ResponseDecoder } from '../protocols/pieces.ts';
import { createSseDecoder } from '../protocols/sse-decoder.ts';
import { createWholeDecoder, NO_CALLS } from '../protocols/whole.ts';
import { opaqueDecoder } from './opaque.ts';

/** Members that hold calls in the protocols that we know of, spoken or not. */
const CALL_MEMBERS = new Set(['tool_calls', 'toolcalls', 'function_call', 'functioncall', 'tool_use', 'tooluse']);

/** Enough to tell what a body is: `retry:` after a byte order mark. */
const BEGINNING = 16;

/** The type says how a body is read where it is one of ours. Else the body does: clients that expect JSON read it whatever its type. */
export function foreignDecoder(contentType: string, limits: DecoderLimits): ResponseDecoder {
  switch (bodyKind(contentType)) {
    case 'events':
      return eventsDecoder(limits);
    case 'json':
      return documentDecoder(limits);
    default:
      return untypedDecoder(limits);
  }
}

function eventsDecoder(limits: DecoderLimits): ResponseDecoder {
  return createSseDecoder(limits, (line) => ({
    event: (event, frame) => (hasCalls(event) ? 'unknown-shape' : void line.pass(frame.raw)),
    other: (value, frame) => (hasCalls(value) ? 'unknown-shape' : void line.pass(frame.raw)),
    done: (frame) => line.pass(frame.raw),
    ending: () => (_refused, lost, why) =>
      why ? Buffer.from(`event: error\ndata: ${JSON.stringify(failure(explain(lost, why)))}\n\n`) : NOTHING,
    keepalive: () => NOTHING,
    summary: () => ({ text: '' }),
  }));
}

function documentDecoder(limits: DecoderLimits): ResponseDecoder {
  const read = (value: unknown) => (hasCalls(value) ? ('unknown-shape' as const) : NO_CALLS);
  return createWholeDecoder(limits, {
    read,
    other: read,
    saying: (text) => JSON.stringify(failure(text)),
    summary: () => ({ text: '' }),
  });
}

/** Waits for the first bytes, and then is one of the decoders above, or lets all pass. */
function untypedDecoder(limits: DecoderLimits): ResponseDecoder {
  let beginning = Buffer.alloc(0);
  let decoder: ResponseDecoder | undefined;

  return {
    push(chunk) {
      if (decoder) return decoder.push(chunk);
      beginning = Buffer.concat([beginning, chunk]);
      const start = withoutSpace(beginning);
      if (start.length >= BEGINNING) return begun(byBeginning(start, limits));
      return beginning.length > MOST_SPACE ? begun(opaqueDecoder()) : [];
    },
    end: () => [...(decoder ? [] : begun(byBeginning(withoutSpace(beginning), limits))), ...(decoder?.end() ?? [])],
    keepalive: () => decoder?.keepalive() ?? NOTHING,
    summary: () => ({ text: '' }),
  };

  function begun(as: ResponseDecoder): Piece[] {
    decoder = as;
    const first = beginning;
    beginning = Buffer.alloc(0);
    return first.length > 0 ? as.push(first) : [];
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
  return PASSING;
}

const PASSING: ResponseDecoder = {
  push: (bytes) => [{ kind: 'pass', bytes }],
  end: () => [],
  keepalive: () => NOTHING,
  summary: () => ({ text: '' }),
};

function withoutSpace(bytes: Buffer): Buffer {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (at < bytes.length && [0x20, 0x09, 0x0a, 0x0d].includes(bytes[at]!)) at += 1;
  return bytes.subarray(at);
}

function hasCalls(value: unknown): boolean {
  if (hasMessagesCalls(value, []) || hasResponsesCalls(value, [])) return true;
  return someObject(value, new Set(), (object) =>
    Object.entries(object).some(([name, member]) => CALL_MEMBERS.has(folded(name)) && isFilled(member)),
  );
}

function isFilled(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function failure(message: string) {
  return { type: 'error', error: { type: 'invalid_request_error', message } };
}
