/** What Ollama's own client library makes of answers that were guarded: it must accept them, and find no refused call. */

import { Ollama } from 'ollama';
import { describe, expect, it } from 'vitest';
import { ollamaChat } from '../../../main/engine/protocols/ollama-chat/protocol.ts';
import { callOf, calls, chunk, end, head, LAST, says } from '../../unit/engine/protocols/ollama-lines.ts';
import { JSON_TYPE, type Judge, REFUSE, RELEASE } from '../../unit/engine/protocols/receive.ts';
import { guarded } from './guarded.ts';

const LINES = 'application/x-ndjson';
const first: Judge = (call) => (JSON.stringify(call.input).includes('rm') ? 'refuse' : 'release');
const REFUSED = /^Look\.\n\nHoldpoint refused this bash call/;
const turn = chunk({ thinking: 'Hm.' }) + says('Look.') + calls('rm SECRET', 'ls') + end;
const client = (fetch: typeof globalThis.fetch) => new Ollama({ fetch });
const asked = { model: 'qwen3:8b', messages: [{ role: 'user', content: 'Go.' }] };

const CASES = [
  ['all refused', REFUSE, []],
  ['one refused', first, ['ls']],
  ['none refused', RELEASE, ['rm SECRET', 'ls']],
] as const;

describe('ollama', () => {
  it.each(CASES)('accepts a stream with %s', async (_name, judge, commands) => {
    const chunks = [];
    for await (const part of await client(guarded(ollamaChat, LINES, turn, judge)).chat({ ...asked, stream: true })) chunks.push(part);
    expect(chunks.flatMap(({ message }) => message.tool_calls ?? []).map((call) => call.function.arguments.command)).toEqual(commands);
    const words = chunks.map(({ message }) => message.content).join('');
    if (judge === RELEASE) expect(words).toBe('Look.');
    else expect(words).toMatch(REFUSED);
    expect(chunks.at(-1)).toMatchObject({ done: true, done_reason: 'stop' });
  });

  it.each(CASES)('accepts a document with %s', async (_name, judge, commands) => {
    const message = { role: 'assistant', content: 'Look.', tool_calls: [callOf('rm SECRET'), callOf('ls')] };
    const response = await client(guarded(ollamaChat, JSON_TYPE, JSON.stringify({ ...head, message, ...LAST }), judge)).chat(asked);
    expect((response.message.tool_calls ?? []).map((call) => call.function.arguments.command)).toEqual(commands);
    if (judge !== RELEASE) expect(response.message.content).toMatch(REFUSED);
  });

  it('accepts the end of a stream that could not be read', async () => {
    const broken = `${says('Look.')}{SECRET\n${calls('rm SECRET')}${end}`;
    const chunks = [];
    for await (const part of await client(guarded(ollamaChat, LINES, broken, REFUSE)).chat({ ...asked, stream: true })) chunks.push(part);
    expect(chunks.map(({ message }) => message.content).join('')).toMatch(/^Look\.\n\nHoldpoint refused a part of this answer/);
    expect(chunks.flatMap(({ message }) => message.tool_calls ?? [])).toEqual([]);
  });

  it('shows the message of a refused request', async () => {
    const refused = ollamaChat.refuseRequest({ policy: 'p', reason: 'The model is not allowed.' });
    const fetch = async () =>
      new Response(Buffer.from(refused.body), { status: refused.status, headers: { 'content-type': refused.contentType } });
    await expect(client(fetch).chat(asked)).rejects.toMatchObject({
      status_code: 400,
      message: expect.stringContaining('The model is not allowed. (policy: p)'),
    });
  });
});
