/** OpenAI Responses over a WebSocket: what the client's messages are, and responses whose events come one a message. */

import type { Uninspected } from '../../../contract/action.ts';
import { asString, isObject, type JsonObject, readJson } from '../json.ts';
import { createMessageDecoder, MESSAGES, type MessageDecoder } from '../messages.ts';
import type { AgentRequest, DecoderLimits } from '../pieces.ts';
import { readResponsesInput } from './request.ts';
import { responsesDialect } from './stream.ts';

export type ClientMessage =
  /** `input`: all of the conversation's items. `recalled`: whether it goes on from a response that is remembered. */
  | { readonly kind: 'create'; readonly request: AgentRequest; readonly input: readonly unknown[]; readonly recalled: boolean }
  /** It says nothing to a model: that a response was read, or is not wanted any more. */
  | { readonly kind: 'aside' }
  | { readonly kind: 'uninspected'; readonly why: Uninspected };

/** What the agent has of the conversation so far, by the response that it may go on from. */
export type Recall = (responseId: string) => readonly unknown[] | undefined;

const ASIDES = new Set(['response.cancel', 'response.processed']);
/** An id, and nothing that could be a prompt. */
const ASIDE_LENGTH = 256;

/**
 * Reads a text message. Codex sends only what is new and names the response before it: with what `recall` knows of that one the
 * conversation is whole again, and is the same as when it is sent whole over HTTP.
 */
export function readClientMessage(text: string, recall: Recall): ClientMessage {
  const reading = readJson(text);
  if (!reading.ok) return { kind: 'uninspected', why: reading.why };
  const { value } = reading;
  if (!isObject(value)) return { kind: 'uninspected', why: 'unknown-shape' };
  if (typeof value.type === 'string' && ASIDES.has(value.type) && isAside(value)) return { kind: 'aside' };
  if (value.type !== 'response.create') return { kind: 'uninspected', why: 'unknown-shape' };
  // Realtime's `response.create` has its members one level deeper.
  return value.response === undefined ? readCreate(value, recall) : { kind: 'uninspected', why: 'unknown-shape' };
}

function isAside(message: JsonObject): boolean {
  // `Type` beside `type` is the same name to servers written in Go.
  return Object.entries(message).every(
    ([name, member]) => /^[a-z_]+$/.test(name) && typeof member === 'string' && member.length <= ASIDE_LENGTH,
  );
}

function readCreate(message: JsonObject, recall: Recall): ClientMessage {
  const { previous_response_id: previous, input } = message;
  const before = typeof previous === 'string' ? recall(previous) : undefined;
  const fresh = typeof input === 'string' ? [{ role: 'user', content: input }] : input;
  const whole = before && (fresh === undefined || Array.isArray(fresh)) ? [...before, ...(fresh ?? [])] : fresh;
  const request = readResponsesInput({ ...message, stream: true, input: whole, ...(before && { previous_response_id: null }) });
  if (typeof request === 'string') return { kind: 'uninspected', why: request };
  return { kind: 'create', request, input: Array.isArray(whole) ? whole : [], recalled: before !== undefined };
}

/** The messages of one response. */
export function responsesMessages(limits: DecoderLimits): MessageDecoder {
  return createMessageDecoder(limits, (line) => {
    const dialect = responsesDialect(line, limits, MESSAGES);
    let response: string | undefined;
    return {
      ...dialect,
      event(event, frame) {
        const id = isObject(event.response) ? asString(event.response.id) : undefined;
        // Responses come one after the other: the events of two in one cannot be told apart.
        if (id !== undefined && response !== undefined && id !== response) return 'unknown-shape';
        response ??= id;
        return dialect.event(event, frame);
      },
    };
  });
}

/** What a message to the agent says of where its response stands. `undefined` where it says nothing of that. */
export type Mark = { readonly kind: 'item'; readonly item: unknown } | { readonly kind: 'end'; readonly responseId: string | undefined };

const MARKS = [
  '"response.output_item.done"',
  '"response.completed"',
  '"response.incomplete"',
  '"response.failed"',
  '"response.cancelled"',
  '"error"',
];

export function markOf(data: Uint8Array): Mark | undefined {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length);
  // Most messages are fragments of text, which need not be parsed once more.
  if (!MARKS.some((mark) => bytes.includes(mark))) return undefined;
  const reading = readJson(bytes.toString('utf8'));
  if (!reading.ok || !isObject(reading.value)) return undefined;
  const { type, item, response } = reading.value;
  if (type === 'response.output_item.done') return { kind: 'item', item };
  if (typeof type !== 'string' || !MARKS.includes(JSON.stringify(type))) return undefined;
  return { kind: 'end', responseId: isObject(response) ? asString(response.id) : undefined };
}
