/** A message of ours in a Responses answer: what stands in a refused call's place. */

import { createHash } from 'node:crypto';
import type { JsonObject } from '../json.ts';

export interface ResponseEvent extends JsonObject {
  readonly type: string;
}

/** Never the same in two answers: clients send items back, and the API refuses an id that comes twice. */
export function messageId(...distinguishing: readonly unknown[]): string {
  return `msg_holdpoint_${createHash('sha256').update(JSON.stringify(distinguishing)).digest('hex').slice(0, 24)}`;
}

export function messageItem(id: string, text: string): JsonObject {
  return { id, type: 'message', status: 'completed', role: 'assistant', content: [textPart(text)] };
}

/** The whole life of a message, numbered from `first` where the provider numbers its events. */
export function messageEvents(id: string, index: number, text: string, first: number | undefined): ResponseEvent[] {
  const part = { item_id: id, output_index: index, content_index: 0 };
  const events: ResponseEvent[] = [
    { type: 'response.output_item.added', output_index: index, item: { ...messageItem(id, ''), status: 'in_progress', content: [] } },
    { type: 'response.content_part.added', ...part, part: textPart('') },
    { type: 'response.output_text.delta', ...part, delta: text, logprobs: [] },
    { type: 'response.output_text.done', ...part, text, logprobs: [] },
    { type: 'response.content_part.done', ...part, part: textPart(text) },
    { type: 'response.output_item.done', output_index: index, item: messageItem(id, text) },
  ];
  return first === undefined ? events : events.map((event, at) => ({ ...event, sequence_number: first + at }));
}

/** A response, for where the provider's own could not be read. */
export function emptyResponse(output: readonly JsonObject[] = []): JsonObject {
  return {
    id: 'resp_holdpoint',
    object: 'response',
    created_at: 0,
    status: 'completed',
    model: 'unknown',
    error: null,
    incomplete_details: null,
    instructions: null,
    metadata: {},
    parallel_tool_calls: true,
    tool_choice: 'auto',
    tools: [],
    output,
  };
}

function textPart(text: string): JsonObject {
  return { type: 'output_text', text, annotations: [], logprobs: [] };
}
