import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openaiChat } from '../../../../main/engine/protocols/openai-chat/protocol.ts';
import {
  args,
  assembled,
  begin,
  call,
  callBegin,
  chunk,
  chunksOf,
  DONE,
  data,
  finish,
  fragment,
  head,
  says,
  usage,
} from './chat-chunks.ts';
import { cuts, EVENTS, JSON_TYPE, type Judge, REFUSE, RELEASE, receive } from './receive.ts';

const stream = (body: string, judge: Judge, options = {}) => receive(openaiChat, EVENTS, body, judge, options);
const whole = (completion: unknown, judge: Judge, options = {}) =>
  receive(openaiChat, JSON_TYPE, typeof completion === 'string' ? completion : JSON.stringify(completion), judge, options);
const refusing =
  (...ids: string[]): Judge =>
  (c) =>
    ids.includes(c.id) ? 'refuse' : 'release';

const turn =
  begin + says('I’ll look. 看') + call(0, 'ls SECRET') + call(1, 'rm SECRET') + call(2, 'id SECRET') + finish('tool_calls') + usage + DONE;

describe('a streamed answer', () => {
  it('reaches the agent byte for byte when every call is released, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(cuts, async (at) => {
        expect((await stream(turn, RELEASE, { cuts: at })).text).toBe(turn);
      }),
    );
    const { calls } = await stream(turn, RELEASE, { cuts: 'bytes' });
    expect(calls).toEqual(
      ['ls', 'rm', 'id'].map((command, i) => ({ id: `call_SECRET${i}`, tool: 'bash', input: { command: `${command} SECRET` } })),
    );
  });

  it('gives the agent no byte of a refused call, and a normal end, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(cuts, async (at) => {
        const { text: seen } = await stream(turn, REFUSE, { cuts: at });
        expect(seen).not.toMatch(/SECRET|tool_calls|arguments/);
        expect(seen.startsWith(begin + says('I’ll look. 看'))).toBe(true);
        expect(seen.endsWith(usage + DONE)).toBe(true);
        expect(assembled(seen).finishReason).toBe('stop');
        expect(assembled(seen).content).toMatch(/^I’ll look. 看\n\nHoldpoint .*\n\nHoldpoint .*\n\nHoldpoint .*$/);
      }),
    );
  });

  it('numbers the calls that are left without a gap', async () => {
    await fc.assert(
      fc.asyncProperty(fc.subarray([0, 1, 2]), cuts, async (gone, at) => {
        const { text: seen } = await stream(turn, refusing(...gone.map((i) => `call_SECRET${i}`)), { cuts: at });
        const kept = [0, 1, 2].filter((i) => !gone.includes(i));
        const { calls, finishReason } = assembled(seen);
        expect(calls.map((c) => c.id)).toEqual(kept.map((i) => `call_SECRET${i}`));
        expect(calls.map((c) => JSON.parse(c.arguments).command.slice(0, 2))).toEqual(kept.map((i) => ['ls', 'rm', 'id'][i]));
        expect(finishReason).toBe(kept.length > 0 ? 'tool_calls' : 'stop');
        for (const i of gone) expect(seen).not.toContain(`call_SECRET${i}`);
      }),
    );
  });

  it('keeps calls apart whose fragments come in turn', async () => {
    const mixed = begin + callBegin(0) + callBegin(1) + args(1, '{"a":1}') + args(0, '{"b":"SECRET"}') + finish('tool_calls') + DONE;
    const { text: seen, calls } = await stream(mixed, refusing('call_SECRET0'), { cuts: 'bytes' });
    expect(calls.map((c) => c.input)).toEqual([{ b: 'SECRET' }, { a: 1 }]);
    expect(assembled(seen).calls).toEqual([{ id: 'call_SECRET1', name: 'bash', arguments: '{"a":1}' }]);
    expect(seen).not.toContain('call_SECRET0');
  });

  it('keeps calls apart that come in one chunk, with text and the end in it', async () => {
    const body =
      data({
        ...head,
        choices: [
          {
            index: 0,
            delta: {
              role: 'assistant',
              content: 'Now.',
              tool_calls: [
                { index: 0, id: 'call_SECRET0', type: 'function', function: { name: 'bash', arguments: '{"a":"SECRET"}' } },
                { index: 1, id: 'call_1', type: 'function', function: { name: 'read', arguments: '{}' } },
              ],
            },
            finish_reason: 'tool_calls',
          },
        ],
      }) + DONE;
    expect((await stream(body, RELEASE)).text).toBe(body);
    const one = assembled((await stream(body, refusing('call_SECRET0'))).text);
    expect(one).toMatchObject({ calls: [{ id: 'call_1', name: 'read', arguments: '{}' }], finishReason: 'tool_calls' });
    expect(one.content).toMatch(/^Now\.\n\nHoldpoint refused this bash call/);
    const none = assembled((await stream(body, REFUSE)).text);
    expect(none).toMatchObject({ calls: [], finishReason: 'stop' });
  });

  it('judges each choice for itself', async () => {
    const body =
      begin +
      says('Zero.', 0) +
      says('One.', 1) +
      call(0, 'ls SECRET', 0) +
      callBegin(0, 'read', 'call_1', 1) +
      args(0, '{}', 1) +
      finish('tool_calls', 0) +
      finish('tool_calls', 1) +
      DONE;
    expect((await stream(body, RELEASE, { cuts: 'bytes' })).text).toBe(body);
    const { text: seen } = await stream(body, refusing('call_SECRET0'));
    expect(assembled(seen, 0)).toMatchObject({ calls: [], finishReason: 'stop' });
    expect(assembled(seen, 1)).toMatchObject({ calls: [{ id: 'call_1' }], finishReason: 'tool_calls' });
    expect(seen).not.toContain('SECRET');
  });

  it('judges the older function_call, tools that take text, and calls without an index', async () => {
    const legacy =
      begin +
      chunk({ function_call: { name: 'bash', arguments: '' } }) +
      chunk({ function_call: { arguments: '{"c":"SECRET"}' } }) +
      finish('function_call') +
      DONE;
    const custom =
      begin +
      fragment(0, { id: 'call_SECRET0', type: 'custom', custom: { name: 'exec', input: '' } }) +
      fragment(0, { custom: { input: 'rm SECRET' } }) +
      finish('tool_calls') +
      DONE;
    const noIndex =
      begin +
      chunk({ tool_calls: [{ id: 'call_SECRET0', function: { name: 'bash', arguments: '{"c":"SECRET"}' } }] }) +
      finish('stop') +
      DONE;
    for (const [body, input] of [
      [legacy, { c: 'SECRET' }],
      [custom, 'rm SECRET'],
      [noIndex, { c: 'SECRET' }],
    ] as const) {
      expect((await stream(body, RELEASE, { cuts: 'bytes' })).text).toBe(body);
      const refused = await stream(body, REFUSE, { cuts: 'bytes' });
      expect(refused.calls.map((c) => c.input)).toEqual([input]);
      expect(refused.text).not.toMatch(/SECRET|tool_calls|function_call/);
      expect(assembled(refused.text).finishReason).toBe('stop');
    }
  });

  it('takes the end of the stream for the end of a call only where the provider says so', async () => {
    expect((await stream(begin + call(0, 'ls') + DONE, RELEASE)).calls).toMatchObject([{ input: { command: 'ls' } }]);
    expect((await stream(begin + call(0, 'ls'), RELEASE)).calls).toMatchObject([{ uninspected: 'truncated' }]);
  });

  it.each([
    ['malformed arguments', 'malformed', callBegin(0) + args(0, '{"command": SECRET}')],
    ['arguments that name a thing twice', 'duplicate-key', callBegin(0) + args(0, '{"a":"ls","a":"SECRET"}')],
    ['no name', 'unknown-shape', fragment(0, { id: 'SECRET', function: { arguments: '{}' } })],
    ['two names', 'unknown-shape', callBegin(0) + fragment(0, { function: { name: 'SECRET', arguments: '{}' } })],
    ['two ids', 'unknown-shape', callBegin(0) + fragment(0, { id: 'call_SECRET9', function: { arguments: '{}' } })],
    ['arguments that are no text', 'unknown-shape', fragment(0, { id: 'a', function: { name: 'bash', arguments: { command: 'SECRET' } } })],
    [
      'two forms',
      'unknown-shape',
      fragment(0, { id: 'a', function: { name: 'a', arguments: '{}' }, custom: { name: 'b', input: 'SECRET' } }),
    ],
  ])('calls a call with %s uninspected: %s', async (_name, why, body) => {
    const all = begin + body + finish('tool_calls') + DONE;
    const refused = await stream(all, REFUSE, { cuts: 'bytes' });
    expect(refused.calls).toMatchObject([{ uninspected: why }]);
    expect(refused.text).not.toMatch(/SECRET|tool_calls/);
    expect(assembled(refused.text).finishReason).toBe('stop');
    expect((await stream(all, RELEASE, { cuts: 'bytes' })).text).toBe(all);
  });

  it.each([
    ['no JSON', 'data: {"choices": SECRET\n\n', 'unknown-shape'],
    ['a key twice', 'data: {"choices":[],"choices":[{"delta":{"tool_calls":["SECRET"]}}]}\n\n', 'duplicate-key'],
    ['choices that are no list', data({ choices: { 0: 'SECRET' } }), 'unknown-shape'],
    ['calls that are no list', chunk({ tool_calls: { 0: { function: { name: 'SECRET' } } } }), 'unknown-shape'],
    [
      'a whole message in a chunk',
      data({ choices: [{ index: 0, message: { tool_calls: [{ function: { name: 'SECRET' } }] } }] }),
      'unknown-shape',
    ],
    ['calls by a name in other letters', chunk({ Tool_Calls: [{ function: { name: 'SECRET' } }] }), 'unknown-shape'],
    ['calls beside its delta', data({ ...head, choices: [], Choices: [{ delta: { tool_calls: ['SECRET'] } }] }), 'duplicate-key'],
    ['a fragment with neither index nor name', chunk({ tool_calls: [{ function: { arguments: 'SECRET' } }] }), 'unknown-shape'],
  ])('never passes a chunk with %s', async (_name, body, why) => {
    const all = begin + says('Yes.') + body + finish('tool_calls') + DONE;
    const refused = await stream(all, REFUSE, { cuts: 'bytes' });
    expect(refused.calls).toMatchObject([{ tool: 'unknown', uninspected: why }]);
    expect(refused.text).not.toMatch(/SECRET|tool_calls/i);
    expect(assembled(refused.text)).toMatchObject({ content: expect.stringMatching(/^Yes\.\n\nHoldpoint/), finishReason: 'stop' });
    expect(refused.text.endsWith(DONE)).toBe(true);
    expect((await stream(all, RELEASE, { cuts: 'bytes' })).text).toBe(all);
  });

  it('never passes what comes to a call after its end', async () => {
    const all = begin + call(0, 'ls') + finish('tool_calls') + args(0, ';SECRET') + DONE;
    const seen = await stream(all, (c) => (c.uninspected ? 'refuse' : 'release'));
    expect(seen.calls).toMatchObject([{ input: { command: 'ls' } }, { uninspected: 'unknown-shape' }]);
    expect(assembled(seen.text).calls).toEqual([{ id: 'call_SECRET0', name: 'bash', arguments: '{"command":"ls"}' }]);
  });

  it('asks about a call that is too long before its end', async () => {
    const all = begin + call(0, `SECRET${'x'.repeat(5000)}`) + finish('tool_calls') + DONE;
    const refused = await stream(all, REFUSE, { cuts: 'bytes', callBytes: 1024 });
    expect(refused.calls).toEqual([{ id: 'call_SECRET0', tool: 'bash', uninspected: 'too-long' }]);
    expect(refused.text).not.toMatch(/SECRET|tool_calls|arguments/);
    expect((await stream(all, RELEASE, { cuts: 'bytes', callBytes: 1024 })).text).toBe(all);
  });

  it('keeps the agent waiting with a chunk that says nothing', async () => {
    const { decoder } = await stream(turn, RELEASE);
    expect(chunksOf(Buffer.from(decoder.keepalive()).toString())).toEqual([
      { ...head, choices: [{ index: 0, delta: {}, finish_reason: null }] },
    ]);
  });

  it('passes errors and text that broke off', async () => {
    const body = `${begin}${data({ error: { message: 'overloaded' } })}data: {"choices":[{"delta":{"cont`;
    const seen = await stream(body, REFUSE);
    expect(seen.calls).toEqual([]);
    expect(seen.text).toBe(body);
  });

  it('tells the record what the answer said', async () => {
    const { decoder } = await stream(turn, RELEASE);
    expect(decoder.summary()).toEqual({
      model: 'gpt-5.2',
      stopReason: 'tool_calls',
      usage: { inputTokens: 12, outputTokens: 9 },
      text: 'I’ll look. 看',
    });
  });
});

describe('an answer in one document', () => {
  const call = (id: string, name: string, json: string) => ({ id, type: 'function', function: { name, arguments: json } });
  const completion = (message: object, finish_reason = 'tool_calls') => ({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'gpt-5.2',
    choices: [{ index: 0, message: { role: 'assistant', content: null, ...message }, finish_reason }],
    usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
  });
  const two = completion({ tool_calls: [call('call_SECRET0', 'bash', '{"command":"rm SECRET"}'), call('call_1', 'read', '{}')] });

  it('keeps its bytes when every call is released', async () => {
    const body = JSON.stringify(two, null, 1);
    expect((await whole(body, RELEASE, { cuts: 'bytes' })).text).toBe(body);
  });

  it('leaves the calls that were released, and says what was not', async () => {
    const seen = JSON.parse((await whole(two, refusing('call_SECRET0'))).text);
    expect(JSON.stringify(seen)).not.toContain('SECRET');
    expect(seen).toMatchObject({
      choices: [
        {
          message: { content: expect.stringContaining('Holdpoint refused this bash call'), tool_calls: [{ id: 'call_1' }] },
          finish_reason: 'tool_calls',
        },
      ],
      usage: two.usage,
    });
  });

  it.each([
    ['calls', { content: 'Now.', tool_calls: [call('a', 'bash', '{"c":"SECRET"}')] }, 'tool_calls'],
    ['the older function_call', { content: 'Now.', function_call: { name: 'bash', arguments: '{"c":"SECRET"}' } }, 'function_call'],
    [
      'a tool that takes text',
      { content: 'Now.', tool_calls: [{ id: 'a', type: 'custom', custom: { name: 'bash', input: 'SECRET' } }] },
      'tool_calls',
    ],
    ['malformed arguments', { content: 'Now.', tool_calls: [call('a', 'bash', '{SECRET')] }, 'tool_calls'],
  ])('ends normally with all refused: %s', async (_name, message, finishReason) => {
    const { text: seen, calls } = await whole(completion(message, finishReason), REFUSE);
    expect(calls).toHaveLength(1);
    const [choice] = JSON.parse(seen).choices;
    expect(seen).not.toContain('SECRET');
    expect(choice.message).toEqual({ role: 'assistant', content: expect.stringMatching(/^Now\.\n\nHoldpoint refused this bash call/) });
    expect(choice.finish_reason).toBe('stop');
  });

  it('puts a part beside the parts of a content that is a list', async () => {
    const seen = JSON.parse(
      (await whole(completion({ content: [{ type: 'text', text: 'Now.' }], tool_calls: [call('a', 'bash', '{}')] }), REFUSE)).text,
    );
    expect(seen.choices[0].message.content).toEqual([
      { type: 'text', text: 'Now.' },
      { type: 'text', text: expect.stringContaining('Holdpoint') },
    ]);
  });

  it.each([
    ['malformed', '{"choices":[SECRET'],
    ['unknown-shape', JSON.stringify({ choices: [{ message: { tool_calls: { 0: 'SECRET' } } }] })],
    ['unknown-shape', JSON.stringify({ choices: [{ message: {}, delta: { tool_calls: ['SECRET'] } }] })],
    ['malformed', turn],
  ])('is one uninspected call where it cannot be read: %s', async (why, body) => {
    const refused = await whole(body, REFUSE);
    expect(refused.calls).toMatchObject([{ uninspected: why }]);
    expect(refused.text).not.toContain('SECRET');
    expect(JSON.parse(refused.text)).toMatchObject({
      choices: [{ message: { content: expect.stringContaining('Holdpoint') }, finish_reason: 'stop' }],
    });
  });
});

it('answers a refused request with 400 in OpenAI’s own shape, and a failed one with its status', () => {
  const read = (answer: { body: Uint8Array }) => JSON.parse(Buffer.from(answer.body).toString());
  const refused = openaiChat.refuseRequest({ policy: 'p', reason: 'The model is not allowed.' });
  expect(refused.status).toBe(400);
  expect(read(refused).error).toMatchObject({
    type: 'invalid_request_error',
    message: expect.stringContaining('The model is not allowed. (policy: p)'),
  });
  expect(openaiChat.failRequest(504, 'No answer.').status).toBe(504);
  expect(read(openaiChat.failRequest(502, 'No route.')).error).toMatchObject({ type: 'server_error', message: 'No route.' });
});

it('a text that is completed passes as it comes, and is remembered', async () => {
  const piece = (text: string, finish: string | null) => data({ id: 'cmpl', choices: [{ index: 0, text, finish_reason: finish }] });
  const body = piece('a + ', null) + piece('b', 'stop') + DONE;
  const seen = await stream(body, REFUSE, { cuts: 'bytes' });
  expect(seen).toMatchObject({ calls: [], text: body });
  expect(seen.decoder.summary()).toMatchObject({ text: 'a + b', stopReason: 'stop' });
  const completed = { choices: [{ index: 0, text: 'a + b', finish_reason: 'stop' }] };
  const document = await whole(completed, REFUSE);
  expect(document).toMatchObject({ calls: [], text: JSON.stringify(completed) });
  expect(document.decoder.summary()).toMatchObject({ text: 'a + b' });
});
