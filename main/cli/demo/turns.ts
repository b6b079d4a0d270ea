/** What a model's answer looks like on the wire, for each protocol: text, then tool calls. */

import type { ProviderReply } from './provider.ts';

export interface Turn {
  readonly text?: string;
  readonly calls?: readonly Call[];
}

export interface Call {
  readonly id: string;
  readonly tool: string;
  /** A text is the free-form input of a custom tool; only OpenAI's Responses have those. */
  readonly input: { readonly [key: string]: unknown } | string;
}

/** Anthropic Messages, streamed or whole ("Streaming messages" in Anthropic's API reference). */
export function anthropicTurn(turn: Turn, { stream = true, ...options }: TurnOptions & { stream?: boolean } = {}): ProviderReply {
  return stream ? sse(anthropicEvents(turn, options).map(named)) : json(anthropicMessage(turn, options));
}

export interface TurnOptions {
  /** Claude Code and Codex take two answers of one id in a conversation for one. */
  readonly id?: string;
  readonly model?: string;
}

/** The events of Anthropic Messages, which come as server-sent events or, from Amazon, in binary messages. */
export function anthropicEvents(turn: Turn, options: TurnOptions): { type: string; [key: string]: unknown }[] {
  const { content, stop_reason, usage, ...message } = anthropicMessage(turn, options);
  return [
    { type: 'message_start', message: { ...message, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } } },
    ...content.flatMap((block, index) => [
      { type: 'content_block_start', index, content_block: block.type === 'text' ? { ...block, text: '' } : { ...block, input: {} } },
      ...(block.type === 'text'
        ? cut(block.text).map((text) => ({ type: 'text_delta', text }))
        : cut(JSON.stringify(block.input)).map((partial_json) => ({ type: 'input_json_delta', partial_json }))
      ).map((delta) => ({ type: 'content_block_delta', index, delta })),
      { type: 'content_block_stop', index },
    ]),
    { type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage: { output_tokens: usage.output_tokens } },
    { type: 'message_stop' },
  ];
}

export function anthropicMessage({ text, calls = [] }: Turn, { id = 'msg_scripted', model = 'claude-sonnet-4-5' }: TurnOptions) {
  const content = [
    ...(text === undefined ? [] : [{ type: 'text' as const, text }]),
    ...calls.map(({ id, tool, input }) => ({ type: 'tool_use' as const, id, name: tool, input })),
  ];
  const stop_reason = calls.length > 0 ? 'tool_use' : 'end_turn';
  const usage = { input_tokens: 12, output_tokens: 34 };
  return { id, type: 'message', role: 'assistant', model, stop_sequence: null, content, stop_reason, usage };
}

/** OpenAI Chat Completions, streamed or whole. */
export function chatTurn({ text, calls = [] }: Turn, { stream = true, model = 'gpt-5.2' } = {}): ProviderReply {
  const finish_reason = calls.length > 0 ? 'tool_calls' : 'stop';
  const base = { id: 'chatcmpl-scripted', created: 1_790_000_000, model };
  const toolCalls = calls.map(({ id, tool, input }) => ({
    id,
    type: 'function',
    function: { name: tool, arguments: JSON.stringify(input) },
  }));
  if (!stream) {
    const message = { role: 'assistant', content: text ?? null, ...(toolCalls.length > 0 && { tool_calls: toolCalls }) };
    return json({
      ...base,
      object: 'chat.completion',
      choices: [{ index: 0, message, finish_reason }],
      usage: { prompt_tokens: 12, completion_tokens: 34, total_tokens: 46 },
    });
  }
  const chunk = (delta: object, finish: string | null = null) =>
    data({ ...base, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] });
  return sse([
    chunk({ role: 'assistant', content: '' }),
    ...cut(text ?? '').map((content) => chunk({ content })),
    ...toolCalls.flatMap((call, index) => [
      chunk({ tool_calls: [{ index, ...call, function: { name: call.function.name, arguments: '' } }] }),
      ...cut(call.function.arguments).map((part) => chunk({ tool_calls: [{ index, function: { arguments: part } }] })),
    ]),
    chunk({}, finish_reason),
    'data: [DONE]\n\n',
  ]);
}

/** OpenAI Responses, streamed or whole. */
export function responsesTurn(turn: Turn, { stream = true, ...options }: TurnOptions & { stream?: boolean } = {}): ProviderReply {
  const events = responsesEvents(turn, options);
  return stream ? sse(events.map(named)) : json(events.at(-1)!.response!);
}

/** The events of OpenAI Responses, which come as server-sent events or as a WebSocket's messages. */
export function responsesEvents({ text, calls = [] }: Turn, { id = 'resp_scripted', model = 'gpt-5.2' }: TurnOptions = {}) {
  const output = [...(text === undefined ? [] : [responsesMessage(text, id)]), ...calls.map(responsesCall)];
  const response = { id, object: 'response', created_at: 1_790_000_000, model, parallel_tool_calls: true, tools: [] };
  const usage = {
    input_tokens: 12,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 34,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 46,
  };
  const events: { type: string; response?: object; [key: string]: unknown }[] = [
    { type: 'response.created', response: { ...response, status: 'in_progress', output: [] } },
    ...output.flatMap(({ item, empty, filling }, output_index) => [
      { type: 'response.output_item.added', output_index, item: { ...item, ...empty, status: 'in_progress' } },
      ...filling.map((event) => ({ ...event, item_id: item.id, output_index })),
      { type: 'response.output_item.done', output_index, item },
    ]),
    { type: 'response.completed', response: { ...response, status: 'completed', output: output.map(({ item }) => item), usage } },
  ];
  return events.map((event, sequence_number) => ({ ...event, sequence_number }));
}

/** An item of a response, what it is when it is added, and the events that fill it. */
function responsesMessage(text: string, response: string) {
  const part = { type: 'output_text', text, annotations: [] };
  const at = { content_index: 0 };
  return {
    item: { type: 'message', id: `msg_${response}`, status: 'completed', role: 'assistant', content: [part] },
    empty: { content: [] },
    filling: [
      { type: 'response.content_part.added', ...at, part: { ...part, text: '' } },
      ...cut(text).map((delta) => ({ type: 'response.output_text.delta', ...at, delta })),
      { type: 'response.output_text.done', ...at, text },
      { type: 'response.content_part.done', ...at, part },
    ],
  };
}

function responsesCall({ id, tool, input }: Call) {
  const call = { id: `fc_${id}`, call_id: id, status: 'completed', name: tool };
  if (typeof input === 'string') {
    return {
      item: { type: 'custom_tool_call', ...call, input },
      empty: { input: '' },
      filling: [
        ...cut(input).map((delta) => ({ type: 'response.custom_tool_call_input.delta', delta })),
        { type: 'response.custom_tool_call_input.done', input },
      ],
    };
  }
  const args = JSON.stringify(input);
  return {
    item: { type: 'function_call', ...call, arguments: args },
    empty: { arguments: '' },
    filling: [
      ...cut(args).map((delta) => ({ type: 'response.function_call_arguments.delta', delta })),
      { type: 'response.function_call_arguments.done', arguments: args },
    ],
  };
}

function named(event: { type: string; [key: string]: unknown }): string {
  return `event: ${event.type}\n${data(event)}`;
}

function data(event: object): string {
  return `data: ${JSON.stringify(event)}\n\n`;
}

export function cut(text: string): string[] {
  return text.match(/.{1,12}/gsu) ?? [];
}

export function sse(chunks: readonly string[]): ProviderReply {
  return { contentType: 'text/event-stream; charset=utf-8', chunks };
}

export function json(body: object): ProviderReply {
  return { chunks: [JSON.stringify(body)] };
}
