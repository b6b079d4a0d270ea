import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bedrockConverse } from '../../../../main/engine/protocols/bedrock-converse/protocol.ts';
import { bedrockInvoke } from '../../../../main/engine/protocols/bedrock-invoke/protocol.ts';
import type { Protocol } from '../../../../main/engine/protocols/pieces.ts';
import { WHY } from './receive.ts';

const CONVERSE = '/model/anthropic.claude-x-v1%3A0/converse-stream';
const INVOKE = '/model/anthropic.claude-x-v1:0/invoke-with-response-stream';

function read(protocol: Protocol, body: unknown, path: string) {
  const reading = protocol.readRequest(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), path);
  if (reading.kind !== 'read') throw new Error(reading.why);
  return reading.request;
}

const conversation = {
  system: [{ text: 'You code.\nWorking directory: /home/dev/proj' }, { cachePoint: { type: 'default' } }],
  messages: [
    { role: 'user', content: [{ text: 'Go.' }, { image: { format: 'png', source: { bytes: 'aGk=' } } }] },
    {
      role: 'assistant',
      content: [
        { reasoningContent: { reasoningText: { text: 'Hm.', signature: 'x' } } },
        { text: 'I’ll read.' },
        { toolUse: { toolUseId: 't1', name: 'read_file', input: { path: 'docs/CONTRIBUTING.md' } } },
      ],
    },
    {
      role: 'user',
      content: [{ toolResult: { toolUseId: 't1', content: [{ text: 'Be kind.' }, { json: { a: 1 } }], status: 'success' } }],
    },
  ],
  toolConfig: {
    tools: [{ toolSpec: { name: 'read_file', inputSchema: { json: {} } } }, { cachePoint: {} }, { systemTool: { name: 'nova_grounding' } }],
  },
};

describe('a Converse request', () => {
  it('tells its conversation, its tools, and by its path its model and whether it streams', () => {
    expect(read(bedrockConverse, conversation, CONVERSE)).toMatchObject({
      model: 'anthropic.claude-x-v1:0',
      streamed: true,
      cwd: '/home/dev/proj',
      tools: ['read_file', 'cachePoint', 'nova_grounding'],
      after: 'CONTRIBUTING.md',
      blocks: [
        { role: 'system', text: 'You code.\nWorking directory: /home/dev/proj' },
        { role: 'user', text: 'Go.' },
        { role: 'user', text: '[image]' },
        { role: 'assistant', text: 'Hm.' },
        { role: 'assistant', text: 'I’ll read.' },
        { role: 'tool_call', text: '{"name":"read_file","input":{"path":"docs/CONTRIBUTING.md"}}' },
        { role: 'tool_result', text: 'Be kind.' },
        { role: 'tool_result', text: '{"a":1}' },
      ],
    });
    expect(read(bedrockConverse, conversation, '/model/x/converse')).toMatchObject({ model: 'x', streamed: false });
  });

  it('is at another place for another conversation, and at the same for a retry with other marks', () => {
    const place = read(bedrockConverse, conversation, CONVERSE).place;
    const marked = {
      ...conversation,
      messages: conversation.messages.map((m) => ({ ...m, content: [...m.content, { cachePoint: { type: 'default' } }] })),
    };
    expect(read(bedrockConverse, { ...marked, inferenceConfig: { temperature: 1 } }, CONVERSE).place).toBe(place);
    expect(read(bedrockConverse, { messages: conversation.messages.slice(0, 1) }, CONVERSE).place).not.toBe(place);
  });

  it('may stand for a stored prompt, which brings its own messages', () => {
    expect(
      read(bedrockConverse, { promptVariables: { a: { text: 'b' } } }, '/model/arn%3Aaws%3Abedrock%3Ax%3Aprompt%2Fy/converse'),
    ).toMatchObject({
      model: 'arn:aws:bedrock:x:prompt/y',
    });
  });

  it.each([
    ['no messages', {}],
    ['a message of another role', { messages: [{ role: 'tool', content: [] }] }],
    ['content that is no list', { messages: [{ role: 'user', content: 'x' }] }],
    ['a system prompt that is no list', { messages: [], system: 'x' }],
  ])('with %s is not read', (_what, body) => {
    expect(() => read(bedrockConverse, body, CONVERSE)).toThrow('unknown-shape');
  });
});

describe('an InvokeModel request', () => {
  const told = (body: unknown) => read(bedrockInvoke, body, INVOKE);

  it('in Anthropic’s format', () => {
    const body = {
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 9,
      messages: [{ role: 'user', content: 'Go.' }],
      tools: [{ name: 'Bash' }],
    };
    expect(told(body)).toMatchObject({
      model: 'anthropic.claude-x-v1:0',
      streamed: true,
      tools: ['Bash'],
      blocks: [{ role: 'user', text: 'Go.' }],
    });
  });

  it('in Nova’s format', () => {
    expect(told({ schemaVersion: 'messages-v1', ...conversation })).toMatchObject({ streamed: true, after: 'CONTRIBUTING.md' });
  });

  it('in OpenAI’s format', () => {
    const messages = [
      { role: 'user', content: 'Go.' },
      { role: 'assistant', content: null, tool_calls: [{ id: 'a', function: { name: 'bash', arguments: '{"c":1}' } }] },
      { role: 'tool', tool_call_id: 'a', content: 'Done.' },
    ];
    expect(told({ messages }).blocks.map(({ role }) => role)).toEqual(['user', 'tool_call', 'tool_result']);
  });

  it.each([{ prompt: 'Go.' }, { inputText: 'Go.' }])('of one text: %j', (body) => {
    expect(told(body)).toMatchObject({ blocks: [{ role: 'user', text: 'Go.' }] });
  });

  it.each([
    [{ texts: ['x'] }, 'unknown-shape'],
    ['{"a":1,"a":2}', 'duplicate-key'],
    ['SECRET', 'malformed'],
  ])('of no known format is not read: %j', (body, why) => {
    expect(() => told(body)).toThrow(why);
  });
});

it('what is refused, and what failed, is told as AWS tells it', () => {
  for (const protocol of [bedrockConverse, bedrockInvoke]) {
    const refused = protocol.refuseRequest(WHY);
    expect(refused).toMatchObject({ status: 400, contentType: 'application/json' });
    expect(JSON.parse(Buffer.from(refused.body).toString())).toEqual({
      __type: 'ValidationException',
      message: expect.stringContaining('It deletes outside the workspace. (policy: no-deleting)'),
    });
    expect(JSON.parse(Buffer.from(protocol.failRequest(504, 'Slow.').body).toString())).toEqual({
      __type: 'ModelTimeoutException',
      message: 'Slow.',
    });
  }
});

it('no body makes a reader throw', () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom(bedrockConverse, bedrockInvoke), fc.string(), (body, protocol, path) => {
      expect(['read', 'uninspected']).toContain(protocol.readRequest(Buffer.from(body), path).kind);
    }),
  );
});
