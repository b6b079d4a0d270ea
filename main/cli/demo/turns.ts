/** What a model's answer looks like on the wire, for each protocol: text, then tool calls. */

import type { ProviderReply } from './provider.ts';

export interface Turn {
  readonly text?: string;
  readonly calls?: readonly { readonly id: string; readonly tool: string; readonly input: { readonly [key: string]: unknown } }[];
}

/** Anthropic Messages, streamed or whole ("Streaming messages" in Anthropic's API reference). */
export function anthropicTurn({ text, calls = [] }: Turn, { stream = true, model = 'claude-sonnet-4-5' } = {}): ProviderReply {
  const stop_reason = calls.length > 0 ? 'tool_use' : 'end_turn';
  const usage = { input_tokens: 12, output_tokens: 34 };
  const content = [
    ...(text === undefined ? [] : [{ type: 'text' as const, text }]),
    ...calls.map(({ id, tool, input }) => ({ type: 'tool_use' as const, id, name: tool, input })),
  ];
  const message = { id: 'msg_scripted', type: 'message', role: 'assistant', model, stop_sequence: null };
  if (!stream) return json({ ...message, content, stop_reason, usage });
  return sse([
    named({ type: 'message_start', message: { ...message, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } } }),
    ...content.flatMap((block, index) =>
      block.type === 'text'
        ? [
            named({ type: 'content_block_start', index, content_block: { type: 'text', text: '' } }),
            ...cut(block.text).map((part) => named({ type: 'content_block_delta', index, delta: { type: 'text_delta', text: part } })),
            named({ type: 'content_block_stop', index }),
          ]
        : [
            named({ type: 'content_block_start', index, content_block: { ...block, input: {} } }),
            ...cut(JSON.stringify(block.input)).map((partial_json) =>
              named({ type: 'content_block_delta', index, delta: { type: 'input_json_delta', partial_json } }),
            ),
            named({ type: 'content_block_stop', index }),
          ],
    ),
    named({ type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage: { output_tokens: usage.output_tokens } }),
    named({ type: 'message_stop' }),
  ]);
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
export function responsesTurn({ text, calls = [] }: Turn, { stream = true, model = 'gpt-5.2' } = {}): ProviderReply {
  const output = [
    ...(text === undefined
      ? []
      : [
          {
            type: 'message' as const,
            id: 'msg_scripted',
            status: 'completed',
            role: 'assistant',
            content: [{ type: 'output_text', text, annotations: [] }],
          },
        ]),
    ...calls.map(({ id, tool, input }) => ({
      type: 'function_call' as const,
      id: `fc_${id}`,
      call_id: id,
      status: 'completed',
      name: tool,
      arguments: JSON.stringify(input),
    })),
  ];
  const response = { id: 'resp_scripted', object: 'response', created_at: 1_790_000_000, model, parallel_tool_calls: true, tools: [] };
  const whole = { ...response, status: 'completed', output, usage: { input_tokens: 12, output_tokens: 34, total_tokens: 46 } };
  if (!stream) return json(whole);
  let sequence_number = 0;
  const event = (e: { type: string; [key: string]: unknown }) => named({ ...e, sequence_number: sequence_number++ });
  return sse([
    event({ type: 'response.created', response: { ...response, status: 'in_progress', output: [] } }),
    ...output.flatMap((item, output_index) =>
      item.type === 'message'
        ? [
            event({ type: 'response.output_item.added', output_index, item: { ...item, status: 'in_progress', content: [] } }),
            event({
              type: 'response.content_part.added',
              item_id: item.id,
              output_index,
              content_index: 0,
              part: { type: 'output_text', text: '', annotations: [] },
            }),
            ...cut(item.content[0]?.text ?? '').map((delta) =>
              event({ type: 'response.output_text.delta', item_id: item.id, output_index, content_index: 0, delta }),
            ),
            event({ type: 'response.output_text.done', item_id: item.id, output_index, content_index: 0, text: item.content[0]?.text }),
            event({ type: 'response.content_part.done', item_id: item.id, output_index, content_index: 0, part: item.content[0] }),
            event({ type: 'response.output_item.done', output_index, item }),
          ]
        : [
            event({ type: 'response.output_item.added', output_index, item: { ...item, status: 'in_progress', arguments: '' } }),
            ...cut(item.arguments).map((delta) =>
              event({ type: 'response.function_call_arguments.delta', item_id: item.id, output_index, delta }),
            ),
            event({ type: 'response.function_call_arguments.done', item_id: item.id, output_index, arguments: item.arguments }),
            event({ type: 'response.output_item.done', output_index, item }),
          ],
    ),
    event({ type: 'response.completed', response: whole }),
  ]);
}

function named(event: { type: string; [key: string]: unknown }): string {
  return `event: ${event.type}\n${data(event)}`;
}

function data(event: object): string {
  return `data: ${JSON.stringify(event)}\n\n`;
}

function cut(text: string): string[] {
  return text.match(/.{1,12}/gsu) ?? [];
}

function sse(chunks: readonly string[]): ProviderReply {
  return { contentType: 'text/event-stream; charset=utf-8', chunks };
}

function json(body: object): ProviderReply {
  return { chunks: [JSON.stringify(body)] };
}
