/** OpenAI chat chunks, as a reader would describe an answer. */

export const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_790_000_000, model: 'gpt-5.2' };

export const data = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;

export const chunk = (delta: object, finish_reason: string | null = null, index = 0) =>
  data({ ...head, choices: [{ index, delta, logprobs: null, finish_reason }] });

export const begin = chunk({ role: 'assistant', content: '' });

export const says = (words: string, index = 0) => chunk({ content: words }, null, index);

export const fragment = (index: number, call: object, choice = 0) => chunk({ tool_calls: [{ index, ...call }] }, null, choice);

export const callBegin = (index: number, name = 'bash', id = `call_SECRET${index}`, choice = 0) =>
  fragment(index, { id, type: 'function', function: { name, arguments: '' } }, choice);

export const args = (index: number, json: string, choice = 0) =>
  (json.match(/.{1,7}/gs) ?? []).map((text) => fragment(index, { function: { arguments: text } }, choice)).join('');

export const call = (index: number, command: string, choice = 0) =>
  callBegin(index, 'bash', `call_SECRET${index}`, choice) + args(index, JSON.stringify({ command }), choice);

export const usage = data({ ...head, choices: [], usage: { prompt_tokens: 12, completion_tokens: 9, total_tokens: 21 } });

export const DONE = 'data: [DONE]\n\n';

export const finish = (reason: string, choice = 0) => chunk({}, reason, choice);

/** The chunks of an answer. */
export const chunksOf = (body: string) =>
  body
    .split('\n\n')
    .filter((frame) => frame.startsWith('data: {'))
    .map((frame) => JSON.parse(frame.slice(6)));

/** What a client puts together from them: by choice, its content, its calls, and how it finished. */
export function assembled(body: string, choice = 0) {
  let content = '';
  const calls: { id?: string; name?: string; arguments: string }[] = [];
  let finishReason: string | null = null;
  for (const { choices } of chunksOf(body)) {
    for (const { index, delta, finish_reason } of choices) {
      if (index !== choice) continue;
      content += delta.content ?? '';
      for (const part of delta.tool_calls ?? []) {
        calls[part.index] ??= { arguments: '' };
        const known = calls[part.index]!;
        if (part.id) known.id = part.id;
        if (part.function?.name) known.name = part.function.name;
        known.arguments += part.function?.arguments ?? '';
      }
      finishReason ??= finish_reason;
    }
  }
  return { content, calls, finishReason };
}
