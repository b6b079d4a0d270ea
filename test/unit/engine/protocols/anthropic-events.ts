/** Anthropic's events, as a reader would describe an answer. */

export const event = (data: { type: string; [key: string]: unknown }) => `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;

export const start =
  event({
    type: 'message_start',
    message: {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude-sonnet-4-5',
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: 12, output_tokens: 1 },
    },
  }) + event({ type: 'ping' });

export const text = (index: number, words: string) =>
  event({ type: 'content_block_start', index, content_block: { type: 'text', text: '' } }) +
  event({ type: 'content_block_delta', index, delta: { type: 'text_delta', text: words } }) +
  event({ type: 'content_block_stop', index });

export const thinking = (index: number, words: string) =>
  event({ type: 'content_block_start', index, content_block: { type: 'thinking', thinking: '', signature: '' } }) +
  event({ type: 'content_block_delta', index, delta: { type: 'thinking_delta', thinking: words } }) +
  event({ type: 'content_block_delta', index, delta: { type: 'signature_delta', signature: 'c2ln' } }) +
  event({ type: 'content_block_stop', index });

export const callStart = (index: number, block: object = {}) =>
  event({
    type: 'content_block_start',
    index,
    content_block: { type: 'tool_use', id: `toolu_SECRET${index}`, name: 'Bash', input: {}, ...block },
  });

export const input = (index: number, json: string) =>
  (json.match(/.{1,7}/gs) ?? [])
    .map((partial_json) => event({ type: 'content_block_delta', index, delta: { type: 'input_json_delta', partial_json } }))
    .join('');

export const blockStop = (index: number) => event({ type: 'content_block_stop', index });

export const call = (index: number, command: string, json = JSON.stringify({ command })) =>
  callStart(index) + input(index, json) + blockStop(index);

export const stop = (stop_reason: string) =>
  event({ type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage: { output_tokens: 9 } }) +
  event({ type: 'message_stop' });
