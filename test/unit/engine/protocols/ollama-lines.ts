/** Ollama's lines, as a reader would describe an answer. */

export const head = { model: 'qwen3:8b', created_at: '2026-09-01T10:00:00.000000Z' };

export const line = (value: object) => `${JSON.stringify(value)}\n`;

export const chunk = (message: object, more: object = { done: false }) =>
  line({ ...head, message: { role: 'assistant', content: '', ...message }, ...more });

export const says = (content: string) => chunk({ content });

export const callOf = (command: string, id?: string) => ({
  ...(id !== undefined && { id }),
  function: { name: 'bash', arguments: { command } },
});

export const calls = (...commands: readonly string[]) => chunk({ tool_calls: commands.map((command) => callOf(command)) });

export const LAST = { done: true, done_reason: 'stop', total_duration: 5, prompt_eval_count: 12, eval_count: 9 };

export const end = chunk({}, LAST);

/** What a client puts together from the lines: content, calls, and how it ended. */
export function assembled(body: string) {
  const values = body
    .split('\n')
    .filter((text) => text.trim() !== '')
    .map((text) => JSON.parse(text));
  return {
    content: values.map(({ message, response }) => message?.content ?? response ?? '').join(''),
    commands: values.flatMap(({ message }) =>
      (message?.tool_calls ?? []).map((call: ReturnType<typeof callOf>) => call.function.arguments.command),
    ),
    ends: values.filter(({ done }) => done).map(({ done_reason: reason }) => reason),
  };
}
