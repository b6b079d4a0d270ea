import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ollamaChat } from '../../../../main/engine/protocols/ollama-chat/protocol.ts';
import type { AgentRequest } from '../../../../main/engine/protocols/pieces.ts';
import { assembled, callOf, calls, chunk, end, head, LAST, line, says } from './ollama-lines.ts';
import { cuts, JSON_TYPE, type Judge, REFUSE, RELEASE, receive } from './receive.ts';

const LINES = 'application/x-ndjson';
const stream = (body: string, judge: Judge, options = {}) => receive(ollamaChat, LINES, body, judge, options);
const whole = (body: string, judge: Judge, options = {}) => receive(ollamaChat, JSON_TYPE, body, judge, options);
const refusing =
  (...words: string[]): Judge =>
  ({ input }) =>
    words.some((word) => JSON.stringify(input).includes(word)) ? 'refuse' : 'release';

const turn = chunk({ thinking: 'Hm.' }) + says('I’ll look. 看') + calls('ls SECRET', 'rm SECRET') + calls('id SECRET') + end;

describe('a streamed answer', () => {
  it('reaches the agent byte for byte when every call is released, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(cuts, async (at) => {
        expect((await stream(turn, RELEASE, { cuts: at })).text).toBe(turn);
      }),
      { numRuns: 40 },
    );
    const seen = await stream(turn, RELEASE, { cuts: 'bytes' });
    expect(seen.calls).toEqual(['ls', 'rm', 'id'].map((word) => ({ id: '', tool: 'bash', input: { command: `${word} SECRET` } })));
  });

  it('gives the agent no byte of a refused call, and the end that it had, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(cuts, async (at) => {
        const { text: seen } = await stream(turn, REFUSE, { cuts: at });
        expect(seen).not.toMatch(/SECRET|tool_calls|arguments/);
        expect(seen.startsWith(chunk({ thinking: 'Hm.' }) + says('I’ll look. 看'))).toBe(true);
        expect(seen.endsWith(end)).toBe(true);
        expect(assembled(seen).content).toMatch(/^I’ll look. 看\n\nHoldpoint .*\n\nHoldpoint .*\n\nHoldpoint .*$/);
      }),
      { numRuns: 40 },
    );
  });

  it('leaves the calls that were released', async () => {
    await fc.assert(
      fc.asyncProperty(fc.subarray(['ls', 'rm', 'id']), cuts, async (gone, at) => {
        const { text: seen } = await stream(turn, refusing(...gone.map((word) => `${word} SECRET`)), { cuts: at });
        expect(assembled(seen)).toMatchObject({
          commands: ['ls', 'rm', 'id'].filter((word) => !gone.includes(word)).map((word) => `${word} SECRET`),
          ends: ['stop'],
        });
        for (const word of gone) expect(seen).not.toContain(`${word} SECRET`);
      }),
      { numRuns: 40 },
    );
  });

  it('lets text through before the call behind it is judged', () => {
    const decoder = ollamaChat.responseDecoder(LINES, { callBytes: 1024 })!;
    expect(decoder.push(Buffer.from(says('Hm.') + calls('ls') + end)).map(({ kind }) => kind)).toEqual(['pass', 'call', 'held']);
  });

  it('keeps its line ends, and a last line without one', async () => {
    const body = turn.replaceAll('\n', '\r\n').slice(0, -2);
    expect((await stream(body, RELEASE, { cuts: 'bytes' })).text).toBe(body);
    const refused = await stream(body, REFUSE, { cuts: 'bytes' });
    expect(refused.text.split('\r\n')).toHaveLength(5);
    expect(refused.text).not.toContain('SECRET');
    const last = calls('rm SECRET').trimEnd();
    expect((await stream(last, REFUSE, { cuts: 'bytes' })).text).not.toContain('SECRET');
  });

  it('reads arguments that other servers write as text', async () => {
    const body = chunk({ tool_calls: [{ id: 'c', function: { name: 'bash', arguments: '{"command":"SECRET"}' } }] }) + end;
    expect((await stream(body, REFUSE)).calls).toEqual([{ id: 'c', tool: 'bash', input: { command: 'SECRET' } }]);
  });

  it.each([
    ['no name', 'unknown-shape', { function: { arguments: { c: 'SECRET' } } }],
    ['no function', 'unknown-shape', { name: 'bash', arguments: { c: 'SECRET' } }],
    ['malformed arguments', 'malformed', { function: { name: 'bash', arguments: '{SECRET' } }],
    ['arguments that are a list', 'unknown-shape', { function: { name: 'bash', arguments: ['SECRET'] } }],
    ['arguments by a name in other letters', 'unknown-shape', { function: { name: 'bash', Arguments: { c: 'SECRET' } } }],
  ])('calls a call with %s uninspected: %s', async (_name, why, call) => {
    const body = says('Yes.') + chunk({ tool_calls: [call] }) + end;
    const refused = await stream(body, REFUSE, { cuts: 'bytes' });
    expect(refused.calls).toMatchObject([{ uninspected: why }]);
    expect(refused.text).not.toMatch(/SECRET|tool_calls/);
    expect((await stream(body, RELEASE, { cuts: 'bytes' })).text).toBe(body);
  });

  it.each([
    ['no JSON', '{"message": SECRET\n', 'malformed'],
    ['two values', `${says('').trimEnd()}${calls('SECRET')}`, 'malformed'],
    ['a key twice', '{"message":{},"message":{"tool_calls":["SECRET"]}}\n', 'duplicate-key'],
    ['no object', '["SECRET"]\n', 'unknown-shape'],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0x7d, 0x0a]), 'undecodable'],
    ['calls that are no list', chunk({ tool_calls: { 0: callOf('SECRET') } }), 'unknown-shape'],
    ['calls by a name in other letters', chunk({ Tool_Calls: [callOf('SECRET')] }), 'unknown-shape'],
    ['calls beside its message', line({ ...head, message: {}, tool_calls: [callOf('SECRET')] }), 'unknown-shape'],
    ['calls in an answer that has no tools', line({ ...head, response: 'x', tool_calls: [callOf('SECRET')] }), 'unknown-shape'],
    ['a line within a string', `{"a":"\u2028${calls('SECRET').trimEnd()}\u2028"}\n`, 'unknown-shape'],
    ['a line of its own for Python’s clients', `{"a":\r{"tool_calls":["SECRET"]}\r}\n`, 'unknown-shape'],
  ])('never passes a line with %s', async (_name, body, why) => {
    const all = Buffer.concat([says('Yes.'), body, calls('SECRET'), end].map((part) => Buffer.from(part as string)));
    for (const cutting of [[], 'bytes'] as const) {
      const refused = await receive(ollamaChat, LINES, all, REFUSE, { cuts: cutting });
      expect(refused.calls[0]).toMatchObject({ tool: 'unknown', uninspected: why });
      expect(refused.text).not.toMatch(/SECRET|tool_calls/i);
      expect(assembled(refused.text)).toMatchObject({ content: expect.stringMatching(/^Yes\.\n\nHoldpoint/), ends: ['stop'] });
    }
    expect((await receive(ollamaChat, LINES, all, RELEASE, { cuts: 'bytes' })).bytes.equals(all)).toBe(true);
  });

  it('asks about a call that is too long, about too many, and about a line that is too long to keep', async () => {
    const long = calls(`SECRET${'x'.repeat(5000)}`) + end;
    expect((await stream(long, REFUSE, { callBytes: 1024 })).calls).toEqual([{ id: '', tool: 'bash', uninspected: 'too-long' }]);
    const many = calls(...Array.from({ length: 2000 }, () => 'SECRET')) + end;
    const crowd = await stream(many, REFUSE);
    expect(crowd.calls).toMatchObject([{ uninspected: 'unknown-shape' }]);
    expect(crowd.text).not.toContain('SECRET');
    const huge = says('Yes.') + says(`SECRET${'x'.repeat(9 * 1024 * 1024)}`) + calls('SECRET') + end;
    const refused = await stream(huge, REFUSE, { cuts: Array.from({ length: 1000 }, (_, i) => i * 9500) });
    expect(refused.calls[0]).toMatchObject({ uninspected: 'too-long' });
    expect(refused.text).not.toContain('SECRET');
    expect(refused.text.length).toBeLessThan(5000);
    expect((await stream(huge, RELEASE)).text === huge).toBe(true);
  });

  it('lets nothing out of a call that broke off, and text that did', async () => {
    const refused = await stream(says('Yes.') + calls('rm SECRET').slice(0, -20), REFUSE, { cuts: 'bytes' });
    expect(refused.calls).toMatchObject([{ uninspected: 'truncated' }]);
    expect(assembled(refused.text)).toMatchObject({ content: expect.stringMatching(/^Yes\.\n\nHoldpoint/), ends: ['stop'] });
    const text = Buffer.from(says('看看')).subarray(0, -30);
    const seen = await receive(ollamaChat, LINES, text, REFUSE, { cuts: 'bytes' });
    expect(seen.calls).toEqual([]);
    expect(seen.bytes.equals(text)).toBe(true);
  });

  it('passes errors, and what `/api/generate` says', async () => {
    const body = line({ ...head, response: 'Hi.', done: false }) + line({ error: 'out of memory' });
    expect(await stream(body, REFUSE)).toMatchObject({ calls: [], text: body });
  });

  it('keeps the agent waiting with a line that says nothing, of the kind that it reads', async () => {
    const waiting = async (body: string, path = '/api/chat') =>
      JSON.parse(Buffer.from((await stream(body, RELEASE, { path })).decoder.keepalive()).toString());
    expect(await waiting(says('Hm.'))).toEqual({ ...head, message: { role: 'assistant', content: '' }, done: false });
    const generated = line({ ...head, response: 'Hm.', done: false });
    expect(await waiting(generated, '/api/generate')).toEqual({ ...head, response: '', done: false });
  });

  it('tells the record what the answer said', async () => {
    const { decoder } = await stream(turn, RELEASE);
    expect(decoder.summary()).toEqual({
      model: 'qwen3:8b',
      stopReason: 'stop',
      usage: { inputTokens: 12, outputTokens: 9 },
      text: 'I’ll look. 看',
    });
  });
});

describe('an answer in one document', () => {
  const body = JSON.stringify(
    { ...head, message: { role: 'assistant', content: 'Now.', tool_calls: [callOf('rm SECRET', 'c-1'), callOf('ls')] }, ...LAST },
    null,
    1,
  );

  it('is what was sent but for the calls that are refused', async () => {
    expect((await whole(body, RELEASE, { cuts: 'bytes' })).text).toBe(body);
    const one = JSON.parse((await whole(body, refusing('rm'))).text);
    expect(one).toMatchObject({
      message: { content: expect.stringMatching(/^Now\.\n\nHoldpoint refused this bash call/), tool_calls: [callOf('ls')] },
    });
    const none = JSON.parse((await whole(body, REFUSE)).text);
    expect(none.message).not.toHaveProperty('tool_calls');
    expect(none).toMatchObject(LAST);
  });

  it.each([
    ['malformed', '{"message":SECRET'],
    ['malformed', turn],
    ['unknown-shape', '["SECRET"]'],
    ['unknown-shape', '{"message":"SECRET"}'],
  ])('is one uninspected call where it cannot be read: %s', async (why, document) => {
    const refused = await whole(document, REFUSE);
    expect(refused.calls).toMatchObject([{ uninspected: why }]);
    expect(refused.text).not.toContain('SECRET');
    expect(assembled(refused.text)).toMatchObject({ content: expect.stringContaining('Holdpoint'), ends: ['stop'] });
  });
});

describe('a request', () => {
  const read = (body: unknown): AgentRequest => {
    const reading = ollamaChat.readRequest(Buffer.from(JSON.stringify(body)));
    if (reading.kind !== 'read') throw new Error(`uninspected: ${reading.why}`);
    return reading.request;
  };
  const chat = {
    model: 'qwen3:8b',
    tools: [{ type: 'function', function: { name: 'bash' } }],
    messages: [
      { role: 'system', content: 'Working directory: /home/ana/shop' },
      { role: 'user', content: 'Look.', images: ['aGk='] },
      {
        role: 'assistant',
        content: '',
        thinking: 'Hm.',
        tool_calls: [{ function: { name: 'read', arguments: { path: '/home/ana/shop/a.md' } } }],
      },
      { role: 'tool', tool_name: 'read', content: 'Run make.' },
    ],
  };

  it('is read', () => {
    expect(read(chat)).toEqual({
      model: 'qwen3:8b',
      streamed: true,
      place: expect.stringMatching(/^[0-9a-f]{64}$/),
      opening: expect.stringMatching(/^[0-9a-f]{64}$/),
      cwd: '/home/ana/shop',
      tools: ['bash'],
      after: 'a.md',
      blocks: [
        { role: 'system', text: 'Working directory: /home/ana/shop' },
        { role: 'user', text: 'Look.' },
        { role: 'user', text: '[image]' },
        { role: 'assistant', text: 'Hm.' },
        { role: 'tool_call', text: '{"name":"read","input":{"path":"/home/ana/shop/a.md"}}' },
        { role: 'tool_result', text: 'Run make.' },
      ],
    });
    expect(read({ ...chat, stream: false, options: { seed: 1 } })).toMatchObject({ streamed: false, place: read(chat).place });
    expect(read({ ...chat, messages: [...chat.messages, { role: 'user', content: 'More.' }] })).toMatchObject({
      opening: read(chat).opening,
    });
  });

  it('to generate is read as well', () => {
    expect(read({ model: 'm', system: 'Be brief.', prompt: 'Hi.', suffix: '}', stream: false })).toMatchObject({
      streamed: false,
      blocks: [
        { role: 'system', text: 'Be brief.' },
        { role: 'user', text: 'Hi.' },
        { role: 'user', text: '}' },
      ],
    });
    expect(read({ model: 'm', prompt: 'Hi.', context: [1] }).place).not.toBe(read({ model: 'm', prompt: 'Hi.', context: [2] }).place);
    expect(read({ model: 'm', keep_alive: 0 }).blocks).toEqual([]);
  });

  it.each([
    ['malformed', '{"messages":'],
    ['unknown-shape', '{"messages":7}'],
    ['unknown-shape', '{"messages":[7]}'],
    ['unknown-shape', '{"messages":[{"role":"user","content":7}]}'],
    ['unknown-shape', '{"messages":[{"role":"assistant","content":"","tool_calls":[7]}]}'],
    ['unknown-shape', '{"prompt":7}'],
    ['duplicate-key', '{"prompt":"a","prompt":"b"}'],
    // Ollama takes names in any letters.
    ['unknown-shape', '{"messages":[],"Messages":[{"role":"user","content":"a"}]}'],
    ['unknown-shape', '{"messages":[{"role":"user","content":"a","Content":"b"}]}'],
  ])('that cannot be read is uninspected: %s', (why, body) => {
    expect(ollamaChat.readRequest(Buffer.from(body))).toEqual({ kind: 'uninspected', why });
  });

  it('that is refused is answered with an error of Ollama’s shape', () => {
    const refused = ollamaChat.refuseRequest({ policy: 'p', reason: 'No.' });
    expect([refused.status, JSON.parse(Buffer.from(refused.body).toString())]).toEqual([
      400,
      { error: expect.stringContaining('No. (policy: p)') },
    ]);
  });
});
