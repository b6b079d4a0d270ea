import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openaiResponses } from '../../../../main/engine/protocols/openai-responses/protocol.ts';
import { cuts, EVENTS, JSON_TYPE, type Judge, REFUSE, RELEASE, receive } from './receive.ts';
import {
  added,
  callEvents,
  completed,
  created,
  customCall,
  customEvents,
  deltas,
  done,
  eventsOf,
  functionCall,
  message,
  messageEvents,
  numbered,
  response,
  sse,
  usage,
} from './response-events.ts';

const stream = (body: string, judge: Judge, options = {}) => receive(openaiResponses, EVENTS, body, judge, options);
const whole = (body: unknown, judge: Judge, options = {}) =>
  receive(openaiResponses, JSON_TYPE, typeof body === 'string' ? body : JSON.stringify(body), judge, options);
const refusing =
  (...ids: string[]): Judge =>
  (c) =>
    ids.includes(c.id) ? 'refuse' : 'release';

const RM = '{"cmd":"rm SECRET"}';
const JS = 'await tools.exec_command({cmd: "SECRET"})';
const items = [message(0, 'I’ll look. 看'), functionCall(1, RM), customCall(2, JS), message(3, 'And then.'), functionCall(4, '{}')];
const turn = numbered([
  ...created,
  ...messageEvents(0, 'I’ll look. 看'),
  ...callEvents(1, RM),
  ...customEvents(2, JS),
  ...messageEvents(3, 'And then.'),
  ...callEvents(4, '{}'),
  completed(...items),
]);

describe('a streamed answer', () => {
  it('reaches the agent byte for byte when every call is released, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(cuts, async (at) => {
        expect((await stream(turn, RELEASE, { cuts: at })).text).toBe(turn);
      }),
    );
    expect((await stream(turn, RELEASE, { cuts: 'bytes' })).calls).toEqual([
      { id: 'call_SECRET1', tool: 'exec_command', input: { cmd: 'rm SECRET' } },
      { id: 'call_SECRET2', tool: 'exec', input: JS },
      { id: 'call_SECRET4', tool: 'exec_command', input: {} },
    ]);
  });

  it('gives the agent no byte of refused calls in any event, and numbers what is left without a gap', async () => {
    await fc.assert(
      fc.asyncProperty(fc.subarray([1, 2, 4]), cuts, async (gone, at) => {
        const { text: seen, calls } = await stream(turn, refusing(...gone.map((i) => `call_SECRET${i}`)), { cuts: at });
        const events = eventsOf(seen);
        expect(calls).toHaveLength(3);
        for (const i of gone) expect(seen).not.toMatch(new RegExp(`(call|fc|ctc)_SECRET${i}`));
        if (gone.includes(1)) expect(seen).not.toContain('rm SECRET');
        if (gone.includes(2)) expect(seen).not.toContain('await tools');
        expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, number) => number));
        const final = events.at(-1) as unknown as ReturnType<typeof completed> & { response: { output: unknown[]; usage: unknown } };
        expect(final.response.usage).toEqual(usage);
        expect(final.response.output).toEqual(
          items.map((item, i) => (gone.includes(i) ? expect.objectContaining({ type: 'message', role: 'assistant' }) : item)),
        );
      }),
    );
  });

  it('gives a message’s whole life in a refused call’s place, the same that the completed response has', async () => {
    const { text: seen } = await stream(numbered([...created, ...callEvents(0, RM), completed(functionCall(0, RM))]), REFUSE);
    const events = eventsOf(seen);
    expect(events.map((event) => event.type)).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
    const item = events[7]!.item as { id: string; content: { text: string }[] };
    expect(item.content[0]?.text).toContain('Holdpoint refused this exec_command call');
    expect(events.slice(3, 7).every((event) => event.item_id === item.id && event.output_index === 0)).toBe(true);
    expect((events[8]!.response as { output: unknown[] }).output).toEqual([item]);
  });

  it('gives messages of different answers different ids', async () => {
    const ids = await Promise.all(
      ['resp_1', 'resp_2'].map(async (id) => {
        const { text } = await stream(turn.replaceAll('resp_1', id), REFUSE);
        return eventsOf(text).flatMap((event) => (event.type === 'response.output_item.done' ? [(event.item as { id: string }).id] : []));
      }),
    );
    expect(new Set(ids.flat().filter((id) => id.startsWith('msg_holdpoint'))).size).toBe(6);
  });

  it('judges every item that an agent executes, and passes what the provider does itself', async () => {
    const action = { type: 'exec', command: ['rm', 'SECRET'], env: {} };
    const executed: [object, string, unknown][] = [
      [{ type: 'local_shell_call', id: 'a', call_id: 'c', action, status: 'completed' }, 'local_shell', action],
      [
        { type: 'shell_call', id: 'a', call_id: 'c', action: { commands: ['SECRET'] }, environment: { type: 'local' } },
        'shell',
        { commands: ['SECRET'] },
      ],
      [
        { type: 'apply_patch_call', id: 'a', call_id: 'c', operation: { type: 'delete_file', path: 'SECRET' } },
        'apply_patch',
        { type: 'delete_file', path: 'SECRET' },
      ],
      [
        { type: 'computer_call', id: 'a', call_id: 'c', action: { type: 'type', text: 'SECRET' } },
        'computer',
        { type: 'type', text: 'SECRET' },
      ],
      [
        { type: 'mcp_approval_request', id: 'a', server_label: 'git', name: 'push', arguments: '{"to":"SECRET"}' },
        'mcp__git__push',
        { to: 'SECRET' },
      ],
      [{ type: 'function_call', id: 'a', call_id: 'c', namespace: 'mcp__git__', name: 'push', arguments: '{}' }, 'mcp__git__push', {}],
      [{ type: 'teleport_call', id: 'a', call_id: 'c', where: 'SECRET' }, 'teleport', { where: 'SECRET' }],
      [
        { type: 'tool_search_call', id: 'a', call_id: 'c', execution: 'client', arguments: { q: 'SECRET' } },
        'tool_search',
        { execution: 'client', arguments: { q: 'SECRET' } },
      ],
    ];
    for (const [item, tool, input] of executed) {
      const body = numbered([...created, added(0, item), done(0, item), completed(item)]);
      const refused = await stream(body, REFUSE);
      expect(refused.calls).toMatchObject([{ tool, input }]);
      expect(refused.text).not.toMatch(/SECRET|_call"|approval_request/);
      expect((await stream(body, RELEASE, { cuts: 'bytes' })).text).toBe(body);
    }
    for (const type of [
      'web_search_call',
      'code_interpreter_call',
      'file_search_call',
      'image_generation_call',
      'mcp_call',
      'mcp_list_tools',
      'reasoning',
      'function_call_output',
    ]) {
      const item = { type, id: 'a', arguments: '{}' };
      const body = numbered([
        ...created,
        added(0, item),
        { type: `response.${type}.in_progress`, output_index: 0, item_id: 'a' },
        done(0, item),
        completed(item),
      ]);
      const seen = await stream(body, REFUSE);
      expect(seen.calls).toEqual([]);
      expect(seen.text).toBe(body);
    }
  });

  it('judges a call that comes whole at its end, and one that only the completed response has', async () => {
    const atEnd = numbered([...created, done(0, functionCall(0, RM)), completed(functionCall(0, RM))]);
    const onlyCompleted = numbered([...created, completed(message(0, 'x'), functionCall(1, RM))]);
    for (const body of [atEnd, onlyCompleted]) {
      const refused = await stream(body, REFUSE, { cuts: 'bytes' });
      expect(refused.calls).toMatchObject([{ tool: 'exec_command', input: { cmd: 'rm SECRET' } }]);
      expect(refused.text).not.toMatch(/SECRET|function_call/);
      expect((await stream(body, RELEASE)).text).toBe(body);
    }
  });

  it('judges a call again that the completed response repeats with other arguments, or once too often', async () => {
    const other = numbered([...created, ...callEvents(0, '{"cmd":"ls"}'), completed(functionCall(0, RM))]);
    const seen = await stream(other, (c) => (JSON.stringify(c.input).includes('SECRET') ? 'refuse' : 'release'));
    expect(seen.calls.map((c) => c.input)).toEqual([{ cmd: 'ls' }, { cmd: 'rm SECRET' }]);
    expect(seen.text).not.toContain('rm SECRET');
    const twice = numbered([...created, ...callEvents(0, RM), completed(functionCall(0, RM), functionCall(0, RM))]);
    expect((await stream(twice, RELEASE)).calls).toHaveLength(2);
    expect((await stream(twice, REFUSE)).text).not.toContain('SECRET');
  });

  const item = functionCall(0, RM);
  const start = added(0, { ...item, arguments: '' });
  const base = 'response.function_call_arguments';

  it.each([
    ['deltas that say something else', 'unknown-shape', [start, ...deltas(0, base, '{"cmd":"ls"}'), done(0, item)]],
    [
      'a done that says something else',
      'unknown-shape',
      [start, { type: `${base}.done`, output_index: 0, arguments: '{"cmd":"ls"}' }, done(0, item)],
    ],
    ['a start that says something else', 'unknown-shape', [added(0, { ...item, arguments: '{"cmd":"ls"}' }), done(0, item)]],
    ['a start of another name', 'unknown-shape', [added(0, { ...item, name: 'read', arguments: '' }), done(0, item)]],
    ['a start of another type', 'unknown-shape', [added(0, { ...item, type: 'custom_tool_call', arguments: undefined }), done(0, item)]],
    ['no name', 'unknown-shape', [added(0, { ...item, name: undefined, arguments: '' }), done(0, { ...item, name: undefined })]],
    [
      'a fragment that is no text',
      'unknown-shape',
      [start, { type: `${base}.delta`, output_index: 0, delta: { a: 'SECRET' } }, done(0, item)],
    ],
    ['malformed arguments', 'malformed', [start, done(0, functionCall(0, '{"cmd": SECRET}'))]],
    ['arguments that name a thing twice', 'duplicate-key', [start, done(0, functionCall(0, '{"cmd":"ls","cmd":"SECRET"}'))]],
    ['no end', 'truncated', [start, ...deltas(0, base, RM)]],
  ])('calls a call with %s uninspected: %s', async (_name, why, events) => {
    const body = numbered([...created, ...events, completed()]);
    const refused = await stream(body, REFUSE, { cuts: 'bytes' });
    expect(refused.calls).toMatchObject([{ uninspected: why }]);
    expect(refused.text).not.toMatch(/SECRET|function_call/);
    expect(eventsOf(refused.text).at(-1)?.type).toBe('response.completed');
    expect((await stream(body, RELEASE, { cuts: 'bytes' })).text).toBe(body);
  });

  it.each([
    ['no JSON', 'data: {"type": SECRET\n\n', 'unknown-shape'],
    ['a name that is not its type', 'event: response.output_item.done\ndata: {"type":"keepalive","x":"SECRET"}\n\n', 'unknown-shape'],
    ['no type', 'data: {"item":{"type":"function_call","name":"SECRET"}}\n\n', 'unknown-shape'],
    [
      'a fragment of a call that has not begun',
      sse({ type: 'response.function_call_arguments.done', output_index: 9, arguments: 'SECRET' }),
      'unknown-shape',
    ],
    ['a call without a place', sse({ type: 'response.output_item.done', item: functionCall(9, 'SECRET') }), 'unknown-shape'],
    ['an item without a type', sse({ type: 'response.output_item.done', output_index: 9, item: { name: 'SECRET' } }), 'unknown-shape'],
    [
      'a response by a name in other letters',
      sse({ type: 'response.completed', Response: { output: [functionCall(9, 'SECRET')] } }),
      'unknown-shape',
    ],
    [
      'an output by a name in other letters',
      sse({ type: 'response.completed', response: { Output: [functionCall(9, 'SECRET')] } }),
      'unknown-shape',
    ],
    ['an output that is no list', sse({ type: 'response.in_progress', response: { output: { 0: 'SECRET' } } }), 'unknown-shape'],
  ])('never passes an event with %s', async (_name, body, why) => {
    const before = numbered([...created, ...messageEvents(0, 'Yes.')]);
    const all = before + body + sse(completed(message(0, 'Yes.')));
    const refused = await stream(all, REFUSE, { cuts: 'bytes' });
    expect(refused.calls).toMatchObject([{ tool: 'unknown', uninspected: why }]);
    expect(refused.text.startsWith(before)).toBe(true);
    expect(refused.text).not.toMatch(/SECRET|function_call/);
    expect(eventsOf(refused.text).at(-1)).toMatchObject({ type: 'response.completed', response: { id: 'resp_1', status: 'completed' } });
    expect((await stream(all, RELEASE, { cuts: 'bytes' })).text).toBe(all);
  });

  it('never passes a call that was announced as a message', async () => {
    const body = numbered([...created, added(0, { ...message(0, ''), content: [] }), done(0, item), completed(item)]);
    const refused = await stream(body, REFUSE);
    expect(refused.calls[0]).toMatchObject({ uninspected: 'unknown-shape' });
    expect(refused.text).not.toMatch(/SECRET|function_call/);
  });

  it('asks about a call that is too long before its end', async () => {
    const json = JSON.stringify({ cmd: `SECRET${'x'.repeat(5000)}` });
    const body = numbered([
      ...created,
      ...callEvents(0, json),
      ...messageEvents(1, 'Done.'),
      completed(functionCall(0, json), message(1, 'Done.')),
    ]);
    const refused = await stream(body, REFUSE, { cuts: 'bytes', callBytes: 1024 });
    expect(refused.calls).toEqual([{ id: 'call_SECRET0', tool: 'exec_command', uninspected: 'too-long' }]);
    expect(refused.text).not.toMatch(/SECRET|function_call/);
    expect((await stream(body, RELEASE, { cuts: 'bytes', callBytes: 1024 })).text).toBe(body);
  });

  it('passes a failure, and text that broke off', async () => {
    const failed = { type: 'response.failed', response: { ...response('failed'), error: { code: 'server_error', message: 'x' } } };
    const body = `${numbered([...created, ...messageEvents(0, 'Yes.'), failed, { type: 'error', message: 'x' }])}event: response.outp`;
    const seen = await stream(body, REFUSE);
    expect(seen.calls).toEqual([]);
    expect(seen.text).toBe(body);
  });

  it('tells the record what the answer said, and the agent that there is life', async () => {
    const { decoder } = await stream(turn, RELEASE);
    expect(decoder.summary()).toEqual({
      model: 'gpt-5.2',
      stopReason: 'completed',
      usage: { inputTokens: 12, outputTokens: 9 },
      text: 'I’ll look. 看And then.',
    });
    expect(Buffer.from(decoder.keepalive()).toString()).toBe('event: keepalive\ndata: {"type":"keepalive"}\n\n');
  });
});

describe('an answer in one document', () => {
  const body = response('completed', items, usage);

  it('keeps its bytes when every call is released', async () => {
    const text = JSON.stringify(body, null, 1);
    const seen = await whole(text, RELEASE, { cuts: 'bytes' });
    expect(seen.text).toBe(text);
    expect(seen.decoder.summary()).toMatchObject({ stopReason: 'completed', text: 'I’ll look. 看And then.' });
  });

  it('has messages in the place of refused calls', async () => {
    const seen = JSON.parse((await whole(body, refusing('call_SECRET1', 'call_SECRET2'))).text);
    expect(JSON.stringify(seen)).not.toMatch(/rm SECRET|await tools|SECRET1|SECRET2/);
    expect(seen.output.map((one: { type: string }) => one.type)).toEqual(['message', 'message', 'message', 'message', 'function_call']);
    expect(seen).toEqual({ ...body, output: seen.output });
  });

  it.each([
    ['malformed', '{"output":[SECRET'],
    ['unknown-shape', JSON.stringify({ output: { type: 'function_call', name: 'SECRET' } })],
    ['unknown-shape', JSON.stringify({ output: [{ name: 'SECRET' }] })],
  ])('is one uninspected call where it cannot be read: %s', async (why, text) => {
    const refused = await whole(text, REFUSE);
    expect(refused.calls).toMatchObject([{ uninspected: why }]);
    expect(refused.text).not.toContain('SECRET');
    expect(JSON.parse(refused.text)).toMatchObject({ object: 'response', status: 'completed', output: [{ type: 'message' }] });
  });
});

it('a conversation that was made shorter passes, and a call in it is one', async () => {
  const kept = [
    { ...message(0, 'Go.'), role: 'user' },
    { type: 'compaction', id: 'cmp_1', encrypted_content: 'gAAA' },
  ];
  const compacted = (output: unknown[]) => JSON.stringify({ id: 'resp_1', object: 'response.compaction', output });
  expect(await whole(compacted(kept), REFUSE)).toMatchObject({ calls: [], text: compacted(kept) });
  const seen = await whole(compacted([...kept, functionCall(1, RM)]), REFUSE);
  expect(seen.calls).toHaveLength(1);
  expect(seen.text).not.toContain('SECRET');
});
