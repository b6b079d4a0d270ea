import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bedrockInvoke } from '../../../../main/engine/protocols/bedrock-invoke/protocol.ts';
import { chunk, EVENTSTREAM_TYPE, event, exception, message, readAll, readChunks } from './bedrock-events.ts';
import { cuts, JSON_TYPE, type Judge, REFUSE, RELEASE, receive } from './receive.ts';

const stream = (body: Buffer, judge: Judge, options = {}) => receive(bedrockInvoke, EVENTSTREAM_TYPE, body, judge, options);
const whole = (answer: unknown, judge: Judge) => receive(bedrockInvoke, JSON_TYPE, JSON.stringify(answer), judge, { cuts: 'bytes' });

const messageStart = { type: 'message_start', message: { id: 'm', role: 'assistant', model: 'claude', content: [], usage: {} } };
const text = (index: number, words: string) => [
  { type: 'content_block_start', index, content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', index, delta: { type: 'text_delta', text: words } },
  { type: 'content_block_stop', index },
];
const call = (index: number, command: string) => [
  { type: 'content_block_start', index, content_block: { type: 'tool_use', id: `toolu_SECRET${index}`, name: 'Bash', input: {} } },
  { type: 'content_block_delta', index, delta: { type: 'input_json_delta', partial_json: '{"command":' } },
  { type: 'content_block_delta', index, delta: { type: 'input_json_delta', partial_json: `${JSON.stringify(command)}}` } },
  { type: 'content_block_stop', index },
];
const end = [
  { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 9 } },
  { type: 'message_stop', 'amazon-bedrock-invocationMetrics': { inputTokenCount: 1 } },
];
const CHUNK = { ':event-type': 'chunk', ':content-type': 'application/json', ':message-type': 'event' };
const chunks = (...events: object[]) => Buffer.concat(events.map(chunk));

const ANTHROPIC = [messageStart, ...text(0, 'Look. 看'), ...call(1, 'rm SECRET'), ...end];
const NOVA = [
  { messageStart: { role: 'assistant' } },
  { contentBlockDelta: { delta: { text: 'Look. 看' }, contentBlockIndex: 0 } },
  { contentBlockStop: { contentBlockIndex: 0 } },
  { contentBlockStart: { start: { toolUse: { toolUseId: 'SECRET', name: 'Bash' } }, contentBlockIndex: 1 } },
  { contentBlockDelta: { delta: { toolUse: { input: '{"command":"rm SECRET"}' } }, contentBlockIndex: 1 } },
  { contentBlockStop: { contentBlockIndex: 1 } },
  { messageStop: { stopReason: 'tool_use' } },
  { metadata: { usage: { inputTokens: 1, outputTokens: 2 } } },
];

describe.each([
  ['Anthropic', ANTHROPIC, { type: 'message_delta', delta: { stop_reason: 'end_turn' } }],
  ['Nova', NOVA, { messageStop: { stopReason: 'end_turn' } }],
])('a streamed answer of %s', (_vendor, events, ending) => {
  const body = chunks(...events);

  it('reaches the agent byte for byte when its call is released, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(cuts, async (at) => {
        const seen = await stream(body, RELEASE, { cuts: at });
        expect(seen.bytes.equals(body)).toBe(true);
        expect(seen.calls).toMatchObject([{ tool: 'Bash', input: { command: 'rm SECRET' } }]);
      }),
    );
  });

  it('gives the agent nothing of a refused call, however it is cut, and all else as it was', async () => {
    await fc.assert(
      fc.asyncProperty(cuts, async (at) => {
        const seen = readChunks((await stream(body, REFUSE, { cuts: at })).bytes);
        expect(JSON.stringify(seen)).not.toMatch(/SECRET|tool_?use/i);
        expect(JSON.stringify(seen)).toContain('(policy: no-deleting)');
        expect(JSON.stringify(seen)).toContain('Look. 看');
        expect(seen).toContainEqual(expect.objectContaining(ending));
      }),
    );
  });

  it('is kept alive by an event of its own kind', async () => {
    const [kept] = readChunks((await stream(body, RELEASE)).decoder.keepalive());
    expect([{ type: 'ping' }, { keepAlive: {} }]).toContainEqual(kept);
  });

  it('that breaks off in a call gives nothing of it', async () => {
    const cut = await stream(body.subarray(0, body.length - 700), REFUSE);
    expect(JSON.stringify(readChunks(cut.bytes))).not.toContain('SECRET');
  });
});

describe('a streamed answer', () => {
  it('keeps what AWS puts beside a chunk’s bytes where its content is changed', async () => {
    const given = readAll(chunks(...ANTHROPIC));
    const seen = readAll((await stream(chunks(...ANTHROPIC), REFUSE)).bytes);
    expect(seen.at(-2)?.data.p).toBe(given.at(-2)?.data.p);
    expect(seen.at(-2)?.data.p).toBeTypeOf('string');
  });

  it('of a model whose events hold no calls passes', async () => {
    const body = Buffer.concat([
      chunks({ generation: 'Hi', prompt_token_count: 3 }, { outputs: [{ text: 'x' }] }),
      exception('modelStreamErrorException', 'It broke.'),
    ]);
    expect((await stream(body, REFUSE, { cuts: 'bytes' })).bytes.equals(body)).toBe(true);
  });

  it.each([
    ['of OpenAI’s', [{ choices: [{ delta: { tool_calls: [{ function: { name: 'SECRET' } }] } }] }]],
    ['of Cohere’s', [{ event_type: 'x', tool_calls: [{ name: 'SECRET' }] }]],
    [
      'of another vendor’s in Anthropic’s stream',
      [messageStart, { type: 'ping', contentBlockStart: { start: { toolUse: { name: 'SECRET' } } } }],
    ],
    ['in Nova’s stream, of an event with more members', [NOVA[0]!, { ...NOVA[3]!, x: 1 }]],
  ])('with a call %s is uninspected, and nothing of it passes', async (_whose, events) => {
    const refused = await stream(chunks(...events), REFUSE, { cuts: 'bytes' });
    expect(refused.calls).toMatchObject([{ uninspected: 'unknown-shape' }]);
    expect(JSON.stringify(readChunks(refused.bytes))).not.toContain('SECRET');
    expect(JSON.stringify([readAll(refused.bytes), readChunks(refused.bytes)])).toContain('Holdpoint refused');
    expect((await stream(chunks(...events), RELEASE)).bytes.equals(chunks(...events))).toBe(true);
  });

  const secret = Buffer.from(JSON.stringify({ type: 'content_block_start', x: 'SECRET' })).toString('base64');
  it.each([
    ['whose bytes are missing', event('chunk', { data: secret }), 'unknown-shape'],
    ['whose bytes are named in other letters', event('chunk', { Bytes: secret }), 'unknown-shape'],
    ['whose bytes are there twice', message(CHUNK, `{"bytes":"e30=","bytes":"${secret}"}`), 'duplicate-key'],
    [
      'whose bytes are not base64 as everybody reads it',
      event('chunk', { bytes: `${secret.slice(0, 4)}\n${secret.slice(4)}` }),
      'malformed',
    ],
    ['whose bytes are no text', event('chunk', { bytes: '/w==' }), 'undecodable'],
    ['whose bytes are no JSON', event('chunk', { bytes: 'U0VDUkVU' }), 'malformed'],
    ['that is an exception by another header', message({ ...CHUNK, ':exception-type': 'x' }, `{"bytes":"${secret}"}`), 'unknown-shape'],
    ['that is of no kind', message({ ':event-type': 'chunk' }, `{"bytes":"${secret}"}`), 'unknown-shape'],
  ])('with a chunk %s is uninspected: %s', async (_what, body, why) => {
    const refused = await stream(Buffer.concat([chunks(messageStart), body]), REFUSE);
    expect(refused.calls).toMatchObject([{ uninspected: why }]);
    expect(refused.bytes.includes(secret)).toBe(false);
    expect(JSON.stringify(readChunks(refused.bytes))).toContain('Holdpoint refused');
  });
});

describe('a whole answer', () => {
  const anthropic = {
    type: 'message',
    content: [{ type: 'tool_use', id: 'a', name: 'Bash', input: { c: 'SECRET' } }],
    stop_reason: 'tool_use',
  };
  const nova = {
    output: { message: { content: [{ toolUse: { toolUseId: 'a', name: 'Bash', input: { c: 'SECRET' } } }] } },
    stopReason: 'tool_use',
  };
  const openai = {
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'a', type: 'function', function: { name: 'Bash', arguments: '{"c":"SECRET"}' } }],
        },
        finish_reason: 'tool_calls',
      },
    ],
  };

  it.each([
    ['Anthropic', anthropic],
    ['Nova', nova],
    ['OpenAI', openai],
  ])('of %s is judged call by call', async (_vendor, answer) => {
    const released = await whole(answer, RELEASE);
    expect(released.calls).toMatchObject([{ tool: 'Bash', input: { c: 'SECRET' } }]);
    expect(released.text).toBe(JSON.stringify(answer));
    const refused = await whole(answer, REFUSE);
    expect(refused.text).not.toContain('SECRET');
    expect(refused.text).toContain('no-deleting');
    expect(() => JSON.parse(refused.text)).not.toThrow();
  });

  it.each([
    ['of one form beside another', { ...anthropic, ...nova }],
    ['of Cohere’s', { text: '', tool_calls: [{ name: 'SECRET', parameters: {} }] }],
  ])('with a call %s is uninspected', async (_what, answer) => {
    const refused = await whole(answer, REFUSE);
    expect(refused.calls).toMatchObject([{ uninspected: 'unknown-shape' }]);
    expect(refused.text).not.toContain('SECRET');
  });

  it.each([
    ['us.amazon.nova-pro-v1:0', { output: { message: { content: [{ text: expect.stringContaining('no-deleting') }] } } }],
    ['openai.gpt-oss-120b-1:0', { choices: [{ message: { content: expect.stringContaining('no-deleting') } }] }],
    ['anthropic.claude-opus-4-1-v1:0', { content: [{ text: expect.stringContaining('no-deleting') }] }],
  ])('of which nothing can be read is refused in the shape of %s', async (model, shape) => {
    const path = `/model/${encodeURIComponent(model)}/invoke`;
    expect(JSON.parse((await receive(bedrockInvoke, JSON_TYPE, '{"SECRET', REFUSE, { path })).text)).toMatchObject(shape);
  });

  it.each([{ embedding: [0.1, 0.2] }, { generation: 'Hi', stop_reason: 'stop' }, { results: [{ outputText: 'Hi' }] }])(
    'without calls passes: %j',
    async (answer) => {
      expect(await whole(answer, REFUSE)).toMatchObject({ calls: [], text: JSON.stringify(answer) });
    },
  );
});
