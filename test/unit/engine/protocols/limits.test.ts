import { describe, expect, it } from 'vitest';
import { anthropicMessages } from '../../../../main/engine/protocols/anthropic-messages/protocol.ts';
import { openaiChat } from '../../../../main/engine/protocols/openai-chat/protocol.ts';
import { openaiResponses } from '../../../../main/engine/protocols/openai-responses/protocol.ts';
import type { Protocol } from '../../../../main/engine/protocols/pieces.ts';
import * as anthropic from './anthropic-events.ts';
import * as chat from './chat-chunks.ts';
import { EVENTS, JSON_TYPE, REFUSE, RELEASE, receive } from './receive.ts';
import * as responses from './response-events.ts';

const MANY = 2000;
const many = <T>(make: (index: number) => T): T[] => Array.from({ length: MANY }, (_, index) => make(index));
const chatCall = (id: number) => ({ id: `call_SECRET${id}`, type: 'function', function: { name: 'bash', arguments: '{}' } });

describe('an answer with more calls than anybody could judge asks about the rest of them once', () => {
  const answers: [string, Protocol, string, string][] = [
    [
      'anthropic-messages',
      anthropicMessages,
      EVENTS,
      anthropic.start + many((i) => anthropic.call(i, 'SECRET')).join('') + anthropic.stop('tool_use'),
    ],
    ['openai-chat', openaiChat, EVENTS, chat.begin + many((i) => chat.callBegin(i)).join('') + chat.finish('tool_calls') + chat.DONE],
    [
      'openai-chat, in one chunk',
      openaiChat,
      EVENTS,
      chat.begin + chat.chunk({ tool_calls: many((index) => ({ index, ...chatCall(index) })) }) + chat.DONE,
    ],
    [
      'openai-responses',
      openaiResponses,
      EVENTS,
      responses.numbered([...responses.created, ...many((i) => responses.done(i, responses.functionCall(i, '{}'))), responses.completed()]),
    ],
    [
      'openai-responses, at its end',
      openaiResponses,
      EVENTS,
      responses.numbered([...responses.created, responses.completed(...many((i) => responses.functionCall(i, '{}')))]),
    ],
    [
      'a document',
      openaiChat,
      JSON_TYPE,
      JSON.stringify({ choices: [{ message: { tool_calls: many(chatCall) }, finish_reason: 'tool_calls' }] }),
    ],
  ];

  it.each(answers)('%s', async (_name, protocol, type, body) => {
    const refused = await receive(protocol, type, body, REFUSE);
    expect(refused.calls.length).toBeLessThan(MANY / 2);
    expect(refused.calls.some((call) => call.uninspected)).toBe(true);
    expect(refused.text).not.toMatch(/SECRET|"tool_calls"|tool_use|function_call/);
    expect((await receive(protocol, type, body, RELEASE)).text).toBe(body);
  });
});

describe('a document that is too long to keep', () => {
  const body = Buffer.from(
    JSON.stringify({ choices: [{ message: { content: 'x'.repeat(17 * 1024 * 1024), tool_calls: [chatCall(1)] } }] }),
  );

  it('is asked about before its end, and is replaced or passed as a whole', async () => {
    const decoder = openaiChat.responseDecoder(JSON_TYPE, { callBytes: 1024 })!;
    const half = decoder.push(body.subarray(0, 16.5 * 1024 * 1024));
    expect(half.map((piece) => piece.kind)).toEqual(['call', 'held']);
    expect(half[0]).toMatchObject({ call: { uninspected: 'too-long' } });

    const refused = await receive(openaiChat, JSON_TYPE, body, REFUSE, { cuts: [16_900_000] });
    expect(JSON.parse(refused.text)).toMatchObject({ choices: [{ message: { content: expect.stringContaining('Holdpoint') } }] });
    expect((await receive(openaiChat, JSON_TYPE, body, RELEASE, { cuts: [16_900_000] })).text === body.toString()).toBe(true);
  });
});

describe('a frame that is too long to read', () => {
  it('is asked about once, and nothing of it or after it passes where that is refused', async () => {
    const long = `data: {"type":"content_block_start","x":"SECRET${'x'.repeat(9 * 1024 * 1024)}"}\n\n`;
    const body = anthropic.start + anthropic.text(0, 'Yes.') + long + anthropic.call(1, 'SECRET') + anthropic.stop('tool_use');
    const cuts = many((i) => i * 8192);
    const refused = await receive(anthropicMessages, EVENTS, body, REFUSE, { cuts });
    expect(refused.calls[0]).toEqual({ id: '', tool: 'unknown', uninspected: 'too-long' });
    expect(refused.text).toContain(anthropic.text(0, 'Yes.'));
    expect(refused.text).not.toContain('SECRET');
    expect(refused.text.length).toBeLessThan(5000);
    expect((await receive(anthropicMessages, EVENTS, body, RELEASE, { cuts })).text === body).toBe(true);
  });
});

it('a call that is never complete is not waited for behind line ends without end', () => {
  const decoder = anthropicMessages.responseDecoder(EVENTS, { callBytes: 64 * 1024 })!;
  decoder.push(Buffer.from(anthropic.start + anthropic.callStart(0)));
  const pieces = decoder.push(Buffer.alloc(100_000, '\n'));
  expect(pieces.find((piece) => piece.kind === 'call')).toMatchObject({ call: { uninspected: 'too-long' } });
});
