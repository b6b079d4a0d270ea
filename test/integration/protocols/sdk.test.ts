/** What the providers' own client libraries make of answers that were guarded: they must accept them, and find no refused call. */

import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { anthropicMessages } from '../../../main/engine/protocols/anthropic-messages/protocol.ts';
import { openaiChat } from '../../../main/engine/protocols/openai-chat/protocol.ts';
import { openaiResponses } from '../../../main/engine/protocols/openai-responses/protocol.ts';
import * as anthropic from '../../unit/engine/protocols/anthropic-events.ts';
import * as chat from '../../unit/engine/protocols/chat-chunks.ts';
import { EVENTS, JSON_TYPE, type Judge, REFUSE, RELEASE } from '../../unit/engine/protocols/receive.ts';
import * as responses from '../../unit/engine/protocols/response-events.ts';
import { guarded } from './guarded.ts';

const first: Judge = (call) => (JSON.stringify(call.input).includes('rm') ? 'refuse' : 'release');
const REFUSED = /Holdpoint refused (this \w+ call|a part of this answer)/;

describe('@anthropic-ai/sdk', () => {
  const messages = [{ role: 'user' as const, content: 'Go.' }];
  const request = { model: 'claude-test', max_tokens: 100, messages };
  const turn =
    anthropic.start +
    anthropic.thinking(0, 'Hm.') +
    anthropic.text(1, 'Look.') +
    anthropic.call(2, 'rm SECRET') +
    anthropic.call(3, 'ls') +
    anthropic.text(4, 'Done.') +
    anthropic.stop('tool_use');
  const client = (fetch: typeof globalThis.fetch) => new Anthropic({ apiKey: 'dummy', fetch, maxRetries: 0 });

  it.each([
    ['all refused', REFUSE, ['thinking', 'text', 'text', 'text', 'text'], 'end_turn'],
    ['one refused', first, ['thinking', 'text', 'text', 'tool_use', 'text'], 'tool_use'],
    ['none refused', RELEASE, ['thinking', 'text', 'tool_use', 'tool_use', 'text'], 'tool_use'],
  ] as const)('accepts a stream with %s', async (_name, judge, kinds, stop) => {
    const message = await client(guarded(anthropicMessages, EVENTS, turn, judge))
      .messages.stream(request)
      .finalMessage();
    expect(message.content.map((block) => block.type)).toEqual(kinds);
    expect(message.stop_reason).toBe(stop);
    expect(message.usage).toMatchObject({ input_tokens: 12, output_tokens: 9 });
    if (judge !== RELEASE) expect(message.content[2]).toMatchObject({ type: 'text', text: expect.stringMatching(REFUSED) });
    if (judge !== REFUSE) expect(message.content[3]).toMatchObject({ type: 'tool_use', input: { command: 'ls' } });
  });

  it('accepts the end of a stream that could not be read', async () => {
    const broken = `${anthropic.start + anthropic.text(0, 'Look.') + anthropic.callStart(1)}data: {SECRET\n\n${anthropic.stop('tool_use')}`;
    const message = await client(guarded(anthropicMessages, EVENTS, broken, REFUSE))
      .messages.stream(request)
      .finalMessage();
    expect(message.content).toMatchObject([
      { type: 'text', text: 'Look.' },
      { type: 'text', text: expect.stringMatching(REFUSED) },
    ]);
    expect(message.stop_reason).toBe('end_turn');
  });

  it('accepts a document', async () => {
    const document = JSON.stringify({
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'm',
      content: [{ type: 'tool_use', id: 't', name: 'Bash', input: { command: 'rm SECRET' } }],
      stop_reason: 'tool_use',
      usage: { input_tokens: 1, output_tokens: 1 },
    });
    const message = await client(guarded(anthropicMessages, JSON_TYPE, document, REFUSE)).messages.create(request);
    expect(message).toMatchObject({ content: [{ type: 'text', text: expect.stringMatching(REFUSED) }], stop_reason: 'end_turn' });
  });

  it('shows the message of a refused request, and does not send it again', async () => {
    let requests = 0;
    const refused = anthropicMessages.refuseRequest({ policy: 'p', reason: 'The model is not allowed.' });
    const fetch = async () => {
      requests += 1;
      return new Response(Buffer.from(refused.body), { status: refused.status, headers: { 'content-type': refused.contentType } });
    };
    const asked = new Anthropic({ apiKey: 'dummy', fetch }).messages.create(request);
    await expect(asked).rejects.toMatchObject({ status: 400, message: expect.stringContaining('The model is not allowed. (policy: p)') });
    expect(requests).toBe(1);
  });
});

describe('openai, chat', () => {
  const request = { model: 'gpt-5.2', messages: [{ role: 'user' as const, content: 'Go.' }] };
  const turn =
    chat.begin + chat.says('Look.') + chat.call(0, 'rm SECRET') + chat.call(1, 'ls') + chat.finish('tool_calls') + chat.usage + chat.DONE;
  const client = (fetch: typeof globalThis.fetch) => new OpenAI({ apiKey: 'dummy', fetch, maxRetries: 0 });

  it.each([
    ['all refused', REFUSE, [], 'stop'],
    ['one refused', first, ['{"command":"ls"}'], 'tool_calls'],
    ['none refused', RELEASE, ['{"command":"rm SECRET"}', '{"command":"ls"}'], 'tool_calls'],
  ] as const)('accepts a stream with %s', async (_name, judge, calls, finish) => {
    const { choices } = await client(guarded(openaiChat, EVENTS, turn, judge))
      .chat.completions.stream(request)
      .finalChatCompletion();
    expect(choices[0]?.finish_reason).toBe(finish);
    expect((choices[0]?.message.tool_calls ?? []).map((call) => call.type === 'function' && call.function.arguments)).toEqual(calls);
    if (judge === RELEASE) expect(choices[0]?.message.content).toBe('Look.');
    else expect(choices[0]?.message.content).toMatch(/^Look\.\n\nHoldpoint refused this bash call/);
  });

  it('accepts the end of a stream that could not be read', async () => {
    const broken = `${chat.begin + chat.says('Look.') + chat.callBegin(0)}data: {SECRET\n\n${chat.finish('tool_calls') + chat.DONE}`;
    const { choices } = await client(guarded(openaiChat, EVENTS, broken, REFUSE))
      .chat.completions.stream(request)
      .finalChatCompletion();
    expect(choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: expect.stringMatching(REFUSED) } });
    expect(choices[0]?.message.tool_calls ?? []).toEqual([]);
  });

  it('accepts a document', async () => {
    const call = { id: 'c', type: 'function', function: { name: 'bash', arguments: '{"command":"rm SECRET"}' } };
    const document = JSON.stringify({
      ...chat.head,
      object: 'chat.completion',
      choices: [{ index: 0, message: { role: 'assistant', content: null, tool_calls: [call] }, finish_reason: 'tool_calls' }],
    });
    const { choices } = await client(guarded(openaiChat, JSON_TYPE, document, REFUSE)).chat.completions.create(request);
    expect(choices).toMatchObject([{ message: { content: expect.stringMatching(REFUSED) }, finish_reason: 'stop' }]);
    expect(choices[0]?.message).not.toHaveProperty('tool_calls');
  });
});

describe('openai, responses', () => {
  const request = { model: 'gpt-5.2', input: 'Go.' };
  const RM = '{"cmd":"rm SECRET"}';
  const turn = responses.numbered([
    ...responses.created,
    ...responses.messageEvents(0, 'Look.'),
    ...responses.callEvents(1, RM),
    ...responses.callEvents(2, '{"cmd":"ls"}'),
    ...responses.messageEvents(3, 'Done.'),
    responses.completed(
      responses.message(0, 'Look.'),
      responses.functionCall(1, RM),
      responses.functionCall(2, '{"cmd":"ls"}'),
      responses.message(3, 'Done.'),
    ),
  ]);
  const client = (fetch: typeof globalThis.fetch) => new OpenAI({ apiKey: 'dummy', fetch, maxRetries: 0 });

  it.each([
    ['all refused', REFUSE, ['message', 'message', 'message', 'message']],
    ['one refused', first, ['message', 'message', 'function_call', 'message']],
    ['none refused', RELEASE, ['message', 'function_call', 'function_call', 'message']],
  ] as const)('accepts a stream with %s', async (_name, judge, kinds) => {
    const stream = client(guarded(openaiResponses, EVENTS, turn, judge)).responses.stream(request);
    const numbers: number[] = [];
    for await (const event of stream)
      if ('sequence_number' in event && event.sequence_number !== undefined) numbers.push(event.sequence_number);
    expect(numbers).toEqual(numbers.map((_, i) => i));
    const response = await stream.finalResponse();
    expect(response.status).toBe('completed');
    expect(response.output.map((item) => item.type)).toEqual(kinds);
    if (judge === RELEASE) expect(response.output_text).toBe('Look.Done.');
    else expect(response.output_text).toMatch(/^Look\.Holdpoint refused this exec_command call/);
  });

  it('accepts the end of a stream that could not be read', async () => {
    const broken = `${responses.numbered([...responses.created, ...responses.messageEvents(0, 'Look.')])}data: {SECRET\n\n`;
    const response = await client(guarded(openaiResponses, EVENTS, broken, REFUSE))
      .responses.stream(request)
      .finalResponse();
    expect(response.output_text).toMatch(REFUSED);
    expect(response.output.every((item) => item.type === 'message')).toBe(true);
  });

  it('accepts a document', async () => {
    const document = JSON.stringify(responses.response('completed', [responses.functionCall(0, RM)]));
    const response = await client(guarded(openaiResponses, JSON_TYPE, document, REFUSE)).responses.create(request);
    expect(response.output_text).toMatch(REFUSED);
    expect(response.output).toMatchObject([{ type: 'message', role: 'assistant' }]);
  });
});
