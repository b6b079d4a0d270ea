import { Stream } from '@anthropic-ai/sdk/core/streaming';
import { describe, expect, it } from 'vitest';
import { anthropicMessages } from '../../../../main/engine/protocols/anthropic-messages/protocol.ts';
import { bedrockConverse } from '../../../../main/engine/protocols/bedrock-converse/protocol.ts';
import { bedrockInvoke } from '../../../../main/engine/protocols/bedrock-invoke/protocol.ts';
import { googleGenerateContent } from '../../../../main/engine/protocols/google-generate-content/protocol.ts';
import { createNaming } from '../../../../main/engine/protocols/naming.ts';
import { ollamaChat } from '../../../../main/engine/protocols/ollama-chat/protocol.ts';
import { openaiChat } from '../../../../main/engine/protocols/openai-chat/protocol.ts';
import { openaiResponses } from '../../../../main/engine/protocols/openai-responses/protocol.ts';
import type { Protocol } from '../../../../main/engine/protocols/pieces.ts';
import * as messages from './anthropic-events.ts';
import * as bedrock from './bedrock-events.ts';
import * as chat from './chat-chunks.ts';
import * as google from './google-chunks.ts';
import { EVENTS, JSON_TYPE, type Judge, REFUSE, RELEASE, receive } from './receive.ts';
import * as responses from './response-events.ts';

/** As the starter policy does. */
const refusingUnread: Judge = (call) => (call.uninspected ? 'refuse' : 'release');

/** What one client reads of it and another skips, or reads elsewhere, is refused as unread: none of it reaches the agent. */
async function isRefused(protocol: Protocol, type: string, body: string) {
  for (const cuts of [[], 'bytes'] as const) {
    const seen = await receive(protocol, type, body, refusingUnread, { cuts });
    expect(seen.calls.some((call) => call.uninspected)).toBe(true);
    expect(seen.text).not.toContain('SECRET');
  }
  expect((await receive(protocol, type, body, RELEASE, { cuts: 'bytes' })).text).toBe(body);
}

const inputDelta = (index: number, partial_json: string) =>
  ({ type: 'content_block_delta', index, delta: { type: 'input_json_delta', partial_json } }) as const;
const named = (name: string | undefined, data: object) =>
  `${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`;

describe('a call of Anthropic’s', () => {
  const pieced = (name: string | undefined) =>
    messages.start +
    messages.callStart(0) +
    messages.input(0, '{"command":"') +
    named(name, inputDelta(0, 'echo ')) +
    messages.input(0, 'rm SECRET"}') +
    messages.blockStop(0) +
    messages.stop('tool_use');

  it.each([undefined, 'ping', 'other'])('with a fragment in an event named %s, which some clients skip, is not read', (name) =>
    isRefused(anthropicMessages, EVENTS, pieced(name)),
  );

  it('would reach Anthropic’s own library with other arguments than those judged', async () => {
    let command = '';
    const stream = Stream.fromSSEResponse<{ type: string; delta?: { partial_json?: string } }>(
      new Response(pieced(undefined)),
      new AbortController(),
    );
    for await (const event of stream) command += event.delta?.partial_json ?? '';
    expect(JSON.parse(command)).toEqual({ command: 'rm SECRET' });
  });

  it('is read where all events have one name, or none', async () => {
    for (const name of [undefined, 'vertex_event']) {
      const body = (messages.start + messages.call(0, 'ls') + messages.stop('tool_use')).replace(
        /event: (.*)\n/g,
        name ? `event: ${name}\n` : '',
      );
      const seen = await receive(anthropicMessages, EVENTS, body, RELEASE);
      expect(seen.calls).toMatchObject([{ input: { command: 'ls' } }]);
      expect(seen.text).toBe(body);
    }
  });

  it.each([
    [
      'that is still open when the next begins',
      messages.callStart(0, { name: 'Read' }) +
        messages.callStart(1) +
        messages.input(0, '{"command":"SECRET"}') +
        messages.blockStop(0) +
        messages.blockStop(1),
    ],
    [
      'whose input has a name that Go’s clients take for it',
      messages.callStart(0, { input: undefined, Input: { command: 'SECRET' } }) + messages.blockStop(0),
    ],
    [
      'whose fragment has another spelled with a long s',
      messages.callStart(0) +
        messages.event({
          type: 'content_block_delta',
          index: 0,
          delta: { type: 'input_json_delta', partial_json: '{"command":"ls"}', partial_jſon: '{"command":"SECRET"}' },
        }) +
        messages.blockStop(0),
    ],
    [
      'in a message that Go’s clients find',
      messages.event({ type: 'message_delta', delta: {}, Message: { content: [{ Type: 'tool_use', name: 'SECRET' }] } }),
    ],
    [
      'whose fragment stands on a line of its own in another event',
      `${messages.callStart(0)}event: ping\ndata: {"type":"ping","x":\ndata: ${JSON.stringify(inputDelta(0, 'SECRET'))}\ndata: }\n\n${messages.blockStop(0)}`,
    ],
    ['of a type in other letters', messages.callStart(0, { type: 'Tool_Use', input: { command: 'SECRET' } }) + messages.blockStop(0)],
    [
      'within a block of text',
      messages.event({
        type: 'content_block_start',
        index: 0,
        content_block: { type: 'text', text: '', parts: [{ type: 'tool_use', name: 'Bash', input: { command: 'SECRET' } }] },
      }) + messages.blockStop(0),
    ],
  ])('%s is not read', (_what, body) => isRefused(anthropicMessages, EVENTS, messages.start + body + messages.stop('tool_use')));

  it.each([EVENTS, JSON_TYPE])(
    'that is marked as Anthropic’s own, and is of none of its tools, is one of the agent’s (%s)',
    async (type) => {
      const block = { type: 'server_tool_use', id: 'srvtoolu_1', name: 'Bash', input: { command: 'rm SECRET' } };
      const body =
        type === EVENTS
          ? messages.start + messages.callStart(0, block) + messages.blockStop(0) + messages.stop('tool_use')
          : JSON.stringify({ type: 'message', content: [block], stop_reason: 'tool_use' });
      const seen = await receive(anthropicMessages, type, body, REFUSE);
      expect(seen.calls).toEqual([{ id: 'srvtoolu_1', tool: 'Bash', input: { command: 'rm SECRET' } }]);
      expect(seen.text).not.toContain('SECRET');
    },
  );

  it.each([
    ['input', { type: 'message', content: [{ type: 'tool_use', id: 'a', name: 'Bash', Input: { command: 'SECRET' } }] }],
    [
      'content beside an error',
      { type: 'error', error: {}, Content: [{ type: 'tool_use', id: 'a', name: 'Bash', input: { a: 'SECRET' } }] },
    ],
    [
      'content and type beside an error',
      { type: 'error', error: {}, Content: [{ Type: 'tool_use', name: 'Bash', input: { a: 'SECRET' } }] },
    ],
  ])('in a document, with its %s in other letters, is not read', (_what, body) =>
    isRefused(anthropicMessages, JSON_TYPE, JSON.stringify(body)),
  );
});

describe('a call of OpenAI’s chat', () => {
  const around = (body: string) => chat.begin + body + chat.finish('tool_calls') + chat.DONE;

  it.each([
    [
      'with a fragment in a named event',
      `${chat.callBegin(0) + chat.args(0, '{"command":"')}event: thread.x\n${chat.args(0, 'echo ')}${chat.args(0, 'SECRET"}')}`,
    ],
    [
      'with arguments in other letters',
      chat.callBegin(0) + chat.args(0, '{"command":"ls') + chat.fragment(0, { function: { Arguments: ';SECRET' } }) + chat.args(0, '"}'),
    ],
    [
      'with its function in other letters',
      chat.callBegin(0) + chat.args(0, '{"command":"ls') + chat.fragment(0, { Function: { arguments: ';SECRET' } }) + chat.args(0, '"}'),
    ],
    ['by a name with a long s', chat.chunk({ tool_callſ: [{ function: { name: 'SECRET' } }] })],
    [
      'in a choice whose index is in other letters',
      chat.data({ ...chat.head, choices: [{ Index: 1, delta: { tool_calls: [{ index: 0, id: 'a', function: { name: 'SECRET' } }] } }] }),
    ],
    [
      'whose id another has too',
      chat.callBegin(0, 'bash', 'call_a') + chat.callBegin(1, 'read', 'call_a') + chat.args(1, '{"command":"SECRET"}'),
    ],
    ['in a member of another name', chat.chunk({ toolCalls: [{ id: 'a', function: { name: 'SECRET' } }] })],
    ['that is the only one of its member', chat.chunk({ tool_call: { id: 'a', function: { name: 'SECRET' } } })],
    [
      'among the parts of its content',
      chat.chunk({ content: [{ type: 'tool_use', id: 'a', name: 'bash', input: { command: 'SECRET' } }] }),
    ],
    [
      'in a whole message of a chunk',
      chat.data({ ...chat.head, choices: [{ index: 0, delta: {}, message: { tool_calls: [{ function: { name: 'SECRET' } }] } }] }),
    ],
    [
      'whose place another has too',
      chat.callBegin(0, 'read', 'call_a') + chat.args(0, '{}') + chat.callBegin(0, 'bash', 'call_b') + chat.args(0, '{"command":"SECRET"}'),
    ],
  ])('%s is not read', (_what, body) => isRefused(openaiChat, EVENTS, around(body)));

  it.each([
    ['arguments', { choices: [{ message: { tool_calls: [{ id: 'a', function: { name: 'bash', Arguments: '{"a":"SECRET"}' } }] } }] }],
    ['content’s parts', { choices: [{ message: { content: [{ type: 'Tool_Use', name: 'bash', input: { a: 'SECRET' } }] } }] }],
    ['choices beside an error', { error: {}, Choices: [{ message: { tool_calls: [{ function: { name: 'SECRET' } }] } }] }],
  ])('in a document, with its %s in other letters, is not read', (_what, body) => isRefused(openaiChat, JSON_TYPE, JSON.stringify(body)));
});

describe('a call of OpenAI’s responses', () => {
  const item = responses.functionCall(0, '{"cmd":"SECRET"}');
  const body = (...events: string[]) =>
    responses.numbered(responses.created) + events.join('') + responses.sse(responses.completed(responses.message(0, 'Yes.')));

  it.each([
    [
      'with an event that has no name',
      responses.sse(responses.added(0, { ...item, arguments: '' })) + named(undefined, responses.done(0, item)),
    ],
    ['with arguments in other letters', responses.sse(responses.done(0, { ...item, arguments: undefined, Arguments: '{"cmd":"SECRET"}' }))],
    [
      'in an output and of a type in other letters',
      responses.sse({ type: 'response.in_progress', response: { Output: [{ ...item, type: undefined, Type: 'function_call' }] } }),
    ],
    [
      'that one event gives to one call by its index and to another by its id',
      responses.sse(responses.added(0, { ...item, arguments: '' })) +
        responses.sse(responses.added(1, { ...responses.functionCall(1, ''), name: 'read' })) +
        responses.sse({
          type: 'response.function_call_arguments.delta',
          output_index: 1,
          item_id: item.id,
          delta: '{"cmd":"SECRET"}',
        }) +
        responses.sse(responses.done(0, { ...item, arguments: '' })) +
        responses.sse(responses.done(1, responses.functionCall(1, '{"cmd":"SECRET"}', 'read'))),
    ],
    ['of a type in other letters', responses.sse(responses.done(0, { ...item, type: 'Function_Call' }))],
    ['within a message', responses.sse(responses.done(0, { ...responses.message(0, 'Yes.'), content: [item] }))],
    [
      'that the end of its arguments names otherwise',
      responses.sse(responses.added(0, { ...responses.functionCall(0, '', 'read'), arguments: '' })) +
        responses.sse({
          type: 'response.function_call_arguments.done',
          output_index: 0,
          item_id: item.id,
          name: 'SECRET',
          arguments: '{"cmd":"ls"}',
        }) +
        responses.sse(responses.done(0, responses.functionCall(0, '{"cmd":"ls"}', 'read'))),
    ],
  ])('%s is not read', (_what, events) => isRefused(openaiResponses, EVENTS, body(events)));

  it('in a document, beside an error, is not read', () =>
    isRefused(openaiResponses, JSON_TYPE, JSON.stringify({ error: {}, Output: [{ ...item, type: undefined, Type: 'function_call' }] })));
});

it.each([
  [anthropicMessages, messages.start + messages.call(0, '', '{"command":"ls","Command":"SECRET"}') + messages.stop('tool_use')],
  [
    openaiChat,
    chat.begin + chat.callBegin(0) + chat.args(0, '{"command":"ls","COMMAND":"SECRET"}') + chat.finish('tool_calls') + chat.DONE,
  ],
])('arguments that Go’s tools take for each other are not read', (protocol, body) => isRefused(protocol, EVENTS, body));

it('names of variables within arguments may differ in their letters only', async () => {
  const body = messages.start + messages.call(0, '', '{"env":{"http_proxy":"a","HTTP_PROXY":"b"}}') + messages.stop('tool_use');
  expect((await receive(anthropicMessages, EVENTS, body, RELEASE)).calls[0]).not.toHaveProperty('uninspected');
});

describe('a call of Google’s', () => {
  const hidden = { functionCall: { name: 'run', args: { command: 'SECRET' } } };
  const part = `{"text":"Yes.","__proto__":${JSON.stringify(hidden)}}`;

  it('that becomes a part’s own where a client copies its members is not read', async () => {
    expect((Object.assign({}, JSON.parse(part)) as typeof hidden).functionCall).toEqual(hidden.functionCall);
    const body = `{"candidates":[{"content":{"role":"model","parts":[${part}]},"index":0}]}`;
    await isRefused(googleGenerateContent, JSON_TYPE, body);
    await isRefused(googleGenerateContent, EVENTS, `data: ${body}\n\n`);
  });

  it.each([-1, 128, 1.5])('in a candidate with the place %d, which no model gives, is not read', (index) =>
    isRefused(googleGenerateContent, EVENTS, google.data(google.answer(google.candidate([hidden], 'STOP', index)))),
  );
});

describe('an answer at a path that many serve', () => {
  it.each([
    ['Anthropic’s', { content: [{ type: 'tool_use', id: 'a', name: 'Bash', input: { command: 'SECRET' } }] }],
    ['Google’s', { candidates: [{ content: { parts: [{ functionCall: { name: 'SECRET' } }] } }] }],
    ['none’s, in the message', { message: { role: 'assistant', content: [{ type: 'tool_use', name: 'SECRET', input: {} }] } }],
  ])('with a call of %s is not read', (_whose, body) => isRefused(ollamaChat, JSON_TYPE, JSON.stringify(body)));
});

describe('an event of Bedrock’s', () => {
  const seen = async (protocol: Protocol, ...messages: readonly Buffer[]) => {
    const { calls, bytes } = await receive(protocol, bedrock.EVENTSTREAM_TYPE, Buffer.concat(messages), refusingUnread);
    return { unread: calls.some((call) => call.uninspected), leaked: bytes.includes('SECRET') || bytes.includes(SECRET64) };
  };
  const SECRET64 = Buffer.from('{"SECRET').toString('base64');

  it('that carries bytes of a model under a name in other letters is not read', async () => {
    const event = bedrock.event('Chunk', { bytes: Buffer.from('{"SECRET": 1}').toString('base64') });
    expect(await seen(bedrockInvoke, event)).toEqual({ unread: true, leaked: false });
  });

  it('that begins a second call in the place of one that has ended is not read', async () => {
    const [first, second] = [
      bedrock.callStart(0, { toolUseId: 'a', name: 'ba' }),
      bedrock.callStart(0, { toolUseId: 'b', name: 'sh SECRET' }),
    ];
    const messages = [bedrock.start, first, bedrock.blockStop(0), second, bedrock.blockStop(0), bedrock.stop('tool_use')];
    expect(await seen(bedrockConverse, ...messages)).toEqual({ unread: true, leaked: false });
  });
});

it('blanks without end in an event do not keep the others waiting', () => {
  const started = performance.now();
  openaiChat.responseDecoder(EVENTS, { callBytes: 1024 })!.push(Buffer.from(`data: "${'\t'.repeat(1_000_000)}"\n\n`));
  expect(performance.now() - started).toBeLessThan(10_000);
});

describe('an event that only some clients find', () => {
  const hidden = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { tool_calls: [{ function: { name: 'SECRET' } }] } }] })}`;

  it.each(['\u2028', '\u2029', '\u0085', '\v', '\f', '\u001c', '\u001e', ' '])('behind %j in a comment is not passed', (separator) =>
    isRefused(openaiChat, EVENTS, `${chat.begin}: x${separator}${hidden}\n\n${chat.finish('stop')}${chat.DONE}`),
  );

  it.each(['id: 1', 'retry: 1', 'event: x'])('behind a line separator in %j is not passed', (field) =>
    isRefused(openaiChat, EVENTS, `${chat.begin}${field}\u2028${hidden}\n\n${chat.finish('stop')}${chat.DONE}`),
  );

  it('is not seen in words with line separators, nor in those that speak of data', async () => {
    const body = chat.begin + chat.says('one\u2028two\u2029data three data: {"a":1}') + chat.finish('stop') + chat.DONE;
    const seen = await receive(openaiChat, EVENTS, body, refusingUnread, { cuts: 'bytes' });
    expect(seen).toMatchObject({ calls: [], text: body });
  });
});

it.each([
  'application/json; charset=utf-8; charset=utf-7',
  'application/json; charset = utf-7',
  'application/json; charset="utf-7"',
  "application/json; charset='utf-8'",
  'application/json, text/event-stream',
])('an answer of type %j is not one that all clients read alike', (type) => {
  for (const protocol of [anthropicMessages, openaiChat, openaiResponses])
    expect(protocol.responseDecoder(type, { callBytes: 1024 })).toBeUndefined();
});

it('events are named alike where each has its type’s name, or all have the same', () => {
  const naming = createNaming();
  expect(naming('a', 'a')).toBe(true);
  expect(naming('b', 'b')).toBe(true);
  expect(naming('b', 'a')).toBe(false);
  expect(naming('b', undefined)).toBe(false);
  const unnamed = createNaming();
  expect(unnamed('a', undefined)).toBe(true);
  expect(unnamed('a', 'a')).toBe(false);
});
