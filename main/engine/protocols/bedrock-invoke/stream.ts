/** A model's own events in Bedrock's chunks: Anthropic's and Amazon Nova's are read, those of others are only looked through. */

import type { Uninspected } from '../../../contract/action.ts';
import { anthropicDialect } from '../anthropic-messages/stream.ts';
import { hasCallMembers, hasCalls } from '../any-calls.ts';
import { converseDialect } from '../bedrock-converse/stream.ts';
import { createEventstreamDecoder, type MessageDialect } from '../eventstream-decoder.ts';
import { CHUNKS, exceptionMessage, innerText } from '../eventstream-framing.ts';
import { explain } from '../explain.ts';
import type { EventFrame, Framing } from '../framing.ts';
import { isObject, type JsonObject, locate, memberNamed, readJson, source } from '../json.ts';
import { type Line, NOTHING } from '../line.ts';
import type { DecoderLimits, ResponseDecoder } from '../pieces.ts';

export function invokeStream(limits: DecoderLimits): ResponseDecoder {
  return createEventstreamDecoder(limits, (line) => dialect(line, limits));
}

/** Nova's events are Converse's, each in an object under its name. */
const NOVA: Framing = {
  events: (events) => CHUNKS.events(events.map(({ data, name = '' }) => ({ data: { [name]: data } }))),
  withData: (frame, data) => CHUNKS.withData(frame, `{${JSON.stringify(frame.event)}:${data}}`),
};

function dialect(line: Line, limits: DecoderLimits): MessageDialect {
  const anthropic = anthropicDialect(line, limits, CHUNKS);
  const nova = converseDialect(line, limits, NOVA);
  const other: MessageDialect = {
    event: (event, frame) => (hasCalls(event) ? 'unknown-shape' : void line.pass(frame.raw)),
    ending: () => (_refused, lost, why) => (why ? exceptionMessage('validationException', explain(lost, why)) : NOTHING),
    keepalive: anthropic.keepalive,
    summary: () => ({ text: '' }),
  };
  /** A model speaks one format: the first event tells. */
  let spoken: MessageDialect | undefined;

  return {
    event,
    ending: () => (spoken ?? other).ending(),
    keepalive: () => (spoken ?? other).keepalive(),
    summary: () => (spoken ?? other).summary(),
  };

  function event(payload: JsonObject, frame: EventFrame): Uninspected | undefined {
    if (frame.event !== 'chunk') return memberNamed(payload, 'bytes') === undefined ? other.event(payload, frame) : 'unknown-shape';
    const inner = innerText(payload);
    if (typeof inner === 'string') return inner;
    const reading = readJson(inner.text, 'anyCase');
    if (!reading.ok) return reading.why;
    return isObject(reading.value) ? modelEvent(reading.value, { raw: frame.raw, data: inner.text }) : 'unknown-shape';
  }

  function modelEvent(event: JsonObject, frame: EventFrame): Uninspected | undefined {
    spoken ??= typeof event.type === 'string' ? anthropic : namedIn(event) ? nova : other;
    if (spoken === anthropic) return hasCallMembers(event) ? 'unknown-shape' : anthropic.event(event, frame);
    const [name, value] = namedIn(event) ?? [];
    if (spoken === other || name === undefined || !value) return other.event(event, frame);
    return nova.event(value, { ...frame, data: source(frame.data, locate(frame.data).members.get(name)!.value), event: name });
  }
}

/** The name and the object of an event that is written `{"contentBlockDelta": {…}}`. */
function namedIn(event: JsonObject): [string, JsonObject] | undefined {
  const [only, ...others] = Object.entries(event);
  return only && others.length === 0 && isObject(only[1]) ? [only[0], only[1]] : undefined;
}
