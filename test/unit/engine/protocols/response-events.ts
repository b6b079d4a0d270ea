/** OpenAI Responses events, as a reader would describe an answer. */

type Event = { type: string; [key: string]: unknown };

export const sse = (event: Event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

/** Numbered from 0, as the provider does. */
export const numbered = (events: readonly Event[]) => events.map((event, sequence_number) => sse({ ...event, sequence_number })).join('');

export const response = (status: string, output: unknown[] = [], usage: unknown = null) => ({
  id: 'resp_1',
  object: 'response',
  created_at: 1_790_000_000,
  status,
  model: 'gpt-5.2',
  error: null,
  incomplete_details: null,
  instructions: null,
  metadata: {},
  parallel_tool_calls: true,
  tool_choice: 'auto',
  tools: [],
  output,
  usage,
});

export const created: Event[] = [
  { type: 'response.created', response: response('in_progress') },
  { type: 'response.in_progress', response: response('in_progress') },
];

export const usage = { input_tokens: 12, output_tokens: 9, total_tokens: 21 };

export const completed = (...output: unknown[]): Event => ({ type: 'response.completed', response: response('completed', output, usage) });

export const message = (index: number, text: string) => ({
  id: `msg_${index}`,
  type: 'message',
  status: 'completed',
  role: 'assistant',
  content: [{ type: 'output_text', text, annotations: [] }],
});

export const messageEvents = (index: number, text: string): Event[] => {
  const at = { item_id: `msg_${index}`, output_index: index, content_index: 0 };
  return [
    { type: 'response.output_item.added', output_index: index, item: { ...message(index, text), status: 'in_progress', content: [] } },
    { type: 'response.content_part.added', ...at, part: { type: 'output_text', text: '', annotations: [] } },
    { type: 'response.output_text.delta', ...at, delta: text },
    { type: 'response.output_text.done', ...at, text },
    { type: 'response.content_part.done', ...at, part: { type: 'output_text', text, annotations: [] } },
    { type: 'response.output_item.done', output_index: index, item: message(index, text) },
  ];
};

export const functionCall = (index: number, json: string, name = 'exec_command') => ({
  id: `fc_SECRET${index}`,
  type: 'function_call',
  status: 'completed',
  call_id: `call_SECRET${index}`,
  name,
  arguments: json,
});

export const customCall = (index: number, input: string) => ({
  id: `ctc_SECRET${index}`,
  type: 'custom_tool_call',
  status: 'completed',
  call_id: `call_SECRET${index}`,
  name: 'exec',
  input,
});

export const added = (index: number, item: object): Event => ({ type: 'response.output_item.added', output_index: index, item });
export const done = (index: number, item: object): Event => ({ type: 'response.output_item.done', output_index: index, item });

export const deltas = (index: number, base: string, text: string): Event[] =>
  (text.match(/.{1,7}/gs) ?? []).map((delta) => ({ type: `${base}.delta`, item_id: `fc_SECRET${index}`, output_index: index, delta }));

export const callEvents = (index: number, json: string): Event[] => {
  const item = functionCall(index, json);
  const base = 'response.function_call_arguments';
  return [
    added(index, { ...item, status: 'in_progress', arguments: '' }),
    ...deltas(index, base, json),
    { type: `${base}.done`, item_id: item.id, output_index: index, arguments: json },
    done(index, item),
  ];
};

export const customEvents = (index: number, input: string): Event[] => {
  const item = customCall(index, input);
  const base = 'response.custom_tool_call_input';
  return [
    added(index, { ...item, status: 'in_progress', input: '' }),
    ...deltas(index, base, input),
    { type: `${base}.done`, item_id: item.id, output_index: index, input },
    done(index, item),
  ];
};

export const eventsOf = (body: string): Event[] =>
  body
    .split('\n\n')
    .filter((frame) => frame !== '')
    .map((frame) => JSON.parse(frame.slice(frame.indexOf('data: ') + 6)));
