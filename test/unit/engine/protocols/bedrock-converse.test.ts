import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bedrockConverse } from '../../../../main/engine/protocols/bedrock-converse/protocol.ts';
import { blockStop, call, callStart, EVENTSTREAM_TYPE, event, exception, input, readAll, says, start, stop } from './bedrock-events.ts';
import { cuts, JSON_TYPE, type Judge, REFUSE, RELEASE, receive } from './receive.ts';

const stream = (body: Buffer, judge: Judge, options = {}) => receive(bedrockConverse, EVENTSTREAM_TYPE, body, judge, options);
const whole = (answer: unknown, judge: Judge, options = {}) =>
  receive(bedrockConverse, JSON_TYPE, typeof answer === 'string' ? answer : JSON.stringify(answer), judge, options);
const join = (...parts: Buffer[]) => Buffer.concat(parts);

const thinking = join(
  event('contentBlockDelta', { contentBlockIndex: 0, delta: { reasoningContent: { text: 'Hm.' } } }),
  event('contentBlockDelta', { contentBlockIndex: 0, delta: { reasoningContent: { signature: 'c2ln' } } }),
  blockStop(0),
);
const turn = join(
  start,
  thinking,
  says(1, 'I’ll look. 看'),
  call(2, 'ls SECRET'),
  says(3, 'And then:'),
  call(4, 'rm SECRET'),
  stop('tool_use'),
);
/** What a client that reads messages finds in them. */
const told = (bytes: Uint8Array) => JSON.stringify(readAll(bytes));

describe('a streamed answer', () => {
  it('reaches the agent byte for byte when every call is released, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(cuts, async (at) => {
        expect((await stream(turn, RELEASE, { cuts: at })).bytes.equals(turn)).toBe(true);
      }),
    );
    const seen = await stream(turn, RELEASE, { cuts: 'bytes' });
    expect(seen.bytes.equals(turn)).toBe(true);
    expect(seen.calls).toEqual([
      { id: 'tooluse_SECRET2', tool: 'bash', input: { command: 'ls SECRET' } },
      { id: 'tooluse_SECRET4', tool: 'bash', input: { command: 'rm SECRET' } },
    ]);
    expect(seen.decoder.summary()).toEqual({
      stopReason: 'tool_use',
      usage: { inputTokens: 12, outputTokens: 9 },
      text: 'I’ll look. 看And then:',
    });
  });

  it('gives the agent nothing of a refused call, however it is cut, and all else as it was', async () => {
    await fc.assert(
      fc.asyncProperty(cuts, async (at) => {
        const { bytes } = await stream(turn, REFUSE, { cuts: at });
        expect(told(bytes)).not.toMatch(/SECRET|toolUse|tool_use/);
        expect(bytes.includes(join(start, thinking, says(1, 'I’ll look. 看')))).toBe(true);
        expect(bytes.includes(says(3, 'And then:'))).toBe(true);
      }),
    );
    const seen = readAll((await stream(turn, REFUSE)).bytes);
    const texts = seen.filter(({ data }) => data.contentBlockIndex === 2);
    expect(texts).toMatchObject([
      { name: 'contentBlockDelta', data: { delta: { text: expect.stringContaining('(policy: no-deleting)') } } },
      { name: 'contentBlockStop' },
    ]);
  });

  it.each([
    ['every call refused', REFUSE, 'end_turn'],
    ['one of two refused', ((c) => (c.id === 'tooluse_SECRET2' ? 'refuse' : 'release')) satisfies Judge, 'tool_use'],
    ['none refused', RELEASE, 'tool_use'],
  ])('ends the turn rightly with %s', async (_name, judge, reason) => {
    const seen = readAll((await stream(turn, judge)).bytes);
    expect(seen.find(({ name }) => name === 'messageStop')?.data).toMatchObject({ stopReason: reason, p: expect.any(String) });
    expect(seen.at(-1)?.name).toBe('metadata');
  });

  it('judges a call that AWS says it runs itself: older clients do not read that', async () => {
    const body = join(
      start,
      callStart(0, { type: 'server_tool_use', name: 'nova_grounding' }),
      input(0, '{}'),
      blockStop(0),
      stop('end_turn'),
    );
    const seen = await stream(body, RELEASE);
    expect(seen.calls).toMatchObject([{ tool: 'nova_grounding', input: {} }]);
    expect(seen.bytes.equals(body)).toBe(true);
  });

  it('takes a call without any input for one without arguments', async () => {
    expect((await stream(join(start, callStart(0), blockStop(0), stop('tool_use')), RELEASE)).calls).toMatchObject([{ input: {} }]);
  });

  it('passes an exception, and what AWS may add one day', async () => {
    const body = join(start, event('newThing', { a: 1 }), exception('throttlingException', 'Slow down.'));
    expect((await stream(body, REFUSE, { cuts: 'bytes' })).bytes.equals(body)).toBe(true);
  });

  it.each([
    ['malformed arguments', 'malformed', call(0, '', '{"command": SECRET}')],
    ['arguments that name a thing twice', 'duplicate-key', call(0, '', '{"command":"ls","command":"SECRET"}')],
    ['no name', 'unknown-shape', join(callStart(0, { name: undefined }), input(0, '{"a":"SECRET"}'), blockStop(0))],
    ['arguments at its start', 'unknown-shape', join(callStart(0, { input: { a: 'SECRET' } }), blockStop(0))],
    [
      'a fragment of another kind',
      'unknown-shape',
      join(callStart(0), event('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'SECRET' } }), blockStop(0)),
    ],
    ['no end', 'truncated', join(callStart(0), input(0, '{"command":"SECRET"}'))],
  ])('calls a call with %s uninspected: %s', async (_name, why, body) => {
    const given = join(start, body, stop('tool_use'));
    const refused = await stream(given, REFUSE, { cuts: 'bytes' });
    expect(refused.calls).toMatchObject([{ uninspected: why }]);
    expect(refused.calls[0]).not.toHaveProperty('input');
    expect(told(refused.bytes)).not.toMatch(/SECRET|toolUse|tool_use/);
    expect((await stream(given, RELEASE, { cuts: 'bytes' })).bytes.equals(given)).toBe(true);
  });

  const delta = (data: object) => event('contentBlockDelta', data);
  it.each([
    ['a checksum that is wrong', broken(call(1, 'SECRET'), -1), 'malformed'],
    ['a length that cannot be trusted', broken(call(1, 'SECRET'), 8), 'malformed'],
    ['a part of a call that has not begun', delta({ contentBlockIndex: 1, delta: { toolUse: { input: 'SECRET' } } }), 'unknown-shape'],
    ['a part without a place', delta({ delta: { toolUse: { input: 'SECRET' } } }), 'unknown-shape'],
    ['a call elsewhere', event('messageStart', { content: [{ toolUse: { name: 'SECRET' } }] }), 'unknown-shape'],
    [
      'a call in other letters',
      event('contentBlockStart', { contentBlockIndex: 1, start: { tooluse: { name: 'SECRET' } } }),
      'unknown-shape',
    ],
    [
      'a call in both letters',
      event('contentBlockStart', { contentBlockIndex: 1, start: { toolUse: {}, ToolUse: { name: 'SECRET' } } }),
      'duplicate-key',
    ],
    ['a call in an event of another name', event('newThing', { toolUse: { name: 'SECRET' } }), 'unknown-shape'],
  ])('with %s is one uninspected call', async (_name, body, why) => {
    const given = join(start, says(0, 'Yes.'), body);
    const refused = await stream(given, REFUSE, { cuts: 'bytes' });
    expect(refused.calls).toMatchObject([{ uninspected: why }]);
    expect(told(refused.bytes)).not.toMatch(/SECRET|toolUse/i);
    expect(readAll(refused.bytes).slice(-3)).toMatchObject([
      { name: 'contentBlockDelta', data: { delta: { text: expect.stringContaining('Holdpoint refused') } } },
      { name: 'contentBlockStop' },
      { name: 'messageStop', data: { stopReason: 'end_turn' } },
    ]);
    expect((await stream(given, RELEASE, { cuts: 'bytes' })).bytes.equals(given)).toBe(true);
  });

  it('has nothing between a call’s start and its end that some clients would add to it', async () => {
    const body = join(start, callStart(0), says(1, 'x'), input(0, '{}'), blockStop(0), stop('tool_use'));
    expect((await stream(body, REFUSE)).calls).toMatchObject([{ uninspected: 'unknown-shape' }]);
  });

  it('with a call longer than the limit is judged before its end', async () => {
    const refused = await stream(join(start, call(0, `SECRET${'x'.repeat(5000)}`), stop('tool_use')), REFUSE, { callBytes: 1024 });
    expect(refused.calls).toMatchObject([{ uninspected: 'too-long', tool: 'bash' }]);
    expect(told(refused.bytes)).not.toContain('SECRET');
  });

  it('is kept alive by an event that AWS’s codec reads', async () => {
    expect(readAll((await stream(turn, RELEASE)).decoder.keepalive())).toEqual([{ name: 'keepAlive', data: {} }]);
  });
});

describe('a whole answer', () => {
  const answer = {
    output: {
      message: {
        role: 'assistant',
        content: [
          { text: 'I’ll look.' },
          { toolUse: { toolUseId: 'a', name: 'bash', input: { command: 'ls SECRET' } } },
          { toolUse: { toolUseId: 'b', name: 'bash', input: { command: 'rm SECRET' } } },
        ],
      },
    },
    stopReason: 'tool_use',
    usage: { inputTokens: 3, outputTokens: 4, totalTokens: 7 },
    metrics: { latencyMs: 1 },
  };

  it('is the same byte for byte when every call is released', async () => {
    const seen = await whole(answer, RELEASE, { cuts: 'bytes' });
    expect(seen.text).toBe(JSON.stringify(answer));
    expect(seen.calls.map(({ input }) => input)).toEqual([{ command: 'ls SECRET' }, { command: 'rm SECRET' }]);
    expect(seen.decoder.summary()).toEqual({
      stopReason: 'tool_use',
      usage: { inputTokens: 3, outputTokens: 4 },
      text: 'I’ll look.',
    });
  });

  it('has text where a refused call stood', async () => {
    const all = JSON.parse((await whole(answer, REFUSE)).text);
    expect(all).toMatchObject({
      output: { message: { content: [{ text: 'I’ll look.' }, { text: /no-deleting/ }, { text: /no-deleting/ }].map(anyText) } },
      stopReason: 'end_turn',
      usage: answer.usage,
    });
    expect(JSON.stringify(all)).not.toMatch(/SECRET|toolUse/);
    const one = JSON.parse((await whole(answer, (c) => (c.id === 'a' ? 'refuse' : 'release'))).text);
    expect(one.stopReason).toBe('tool_use');
    expect(one.output.message.content[2]).toEqual(answer.output.message.content[2]);
  });

  it.each([
    ['a call elsewhere', { ...answer, x: { toolUse: { name: 'SECRET' } } }],
    ['a call in a list of another name', { output: { message: { blocks: [{ toolUse: { name: 'SECRET' } }] } } }],
    ['a call in other letters', { output: { message: { content: [{ ToolUse: { name: 'SECRET' } }] } } }],
    ['a call without a name', { output: { message: { content: [{ toolUse: { input: 'SECRET' } }] } } }],
    ['a call that is a list', { output: { message: { content: [{ toolUse: ['SECRET'] }] } } }],
    ['a member twice', '{"output":{},"output":"SECRET"}'],
    ['no JSON', '{"output": SECRET'],
  ])('with %s is uninspected', async (_name, body) => {
    const refused = await whole(body, REFUSE);
    expect(refused.calls).toMatchObject([{ uninspected: expect.any(String) }]);
    expect(refused.text).not.toContain('SECRET');
    expect(JSON.parse(refused.text).output.message.content).toMatchObject([{ text: expect.stringContaining('Holdpoint refused') }]);
  });

  it('that is an error passes', async () => {
    expect((await whole({ message: 'No such model.' }, REFUSE)).calls).toEqual([]);
  });
});

/** Patterns stand for any text that has them. */
function anyText({ text }: { text: string | RegExp }) {
  return { text: typeof text === 'string' ? text : expect.stringMatching(text) };
}

/** With one byte of it changed. */
function broken(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at < 0 ? copy.length + at : at]! ^= 1;
  return copy;
}
