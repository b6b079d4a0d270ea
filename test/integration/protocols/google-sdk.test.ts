/** What Google's own client library makes of answers that were guarded: it must accept them, and find no refused call. */

import { FinishReason, GoogleGenAI } from '@google/genai';
import { describe, expect, it } from 'vitest';
import { googleGenerateContent } from '../../../main/engine/protocols/google-generate-content/protocol.ts';
import { answer, call, candidate, data, FRAMINGS, SIGNATURE, says, signedCall, thinks } from '../../unit/engine/protocols/google-chunks.ts';
import { EVENTS, JSON_TYPE, type Judge, REFUSE, RELEASE } from '../../unit/engine/protocols/receive.ts';
import { guarded } from './guarded.ts';

const first: Judge = (call) => (JSON.stringify(call.input).includes('rm') ? 'refuse' : 'release');
const REFUSED = /^Look\.\n\nHoldpoint refused this run_shell_command call/;

const parts = [says('Look.'), signedCall('rm SECRET'), call('ls')];
const turn = FRAMINGS['events of the Gemini API'].body([
  answer(candidate([thinks('Hm.')])),
  ...parts.map((part) => answer(candidate([part]))),
  answer(candidate([says('')], 'STOP')),
]);

const client = (fetch: typeof globalThis.fetch) => new GoogleGenAI({ apiKey: 'dummy', httpOptions: { fetch } });
const asked = { model: 'gemini-3-pro', contents: 'Go.' };

const CASES = [
  ['all refused', REFUSE, []],
  ['one refused', first, ['ls']],
  ['none refused', RELEASE, ['rm SECRET', 'ls']],
] as const;

describe('@google/genai', () => {
  it.each(CASES)('accepts a stream with %s', async (_name, judge, commands) => {
    const chunks = [];
    for await (const chunk of await client(guarded(googleGenerateContent, EVENTS, turn, judge)).models.generateContentStream(asked))
      chunks.push(chunk);
    expect(chunks.flatMap((chunk) => chunk.functionCalls ?? []).map(({ args }) => args?.command)).toEqual(commands);
    expect(chunks.flatMap((chunk) => chunk.candidates?.[0]?.finishReason ?? [])).toEqual([FinishReason.STOP]);
    const words = chunks.map((chunk) => chunk.text ?? '').join('');
    if (judge === RELEASE) expect(words).toBe('Look.');
    else expect(words).toMatch(REFUSED);
  });

  it.each(CASES)('accepts a document with %s', async (_name, judge, commands) => {
    const document = JSON.stringify(answer(candidate(parts, 'STOP')));
    const response = await client(guarded(googleGenerateContent, JSON_TYPE, document, judge)).models.generateContent(asked);
    expect((response.functionCalls ?? []).map(({ args }) => args?.command)).toEqual(commands);
    expect(response.candidates?.[0]?.finishReason).toBe(FinishReason.STOP);
    if (judge !== RELEASE) expect(response.text).toMatch(REFUSED);
  });

  it('keeps a conversation whose first call still has a signature, for its next turn', async () => {
    const chat = client(guarded(googleGenerateContent, EVENTS, turn, first)).chats.create({ model: 'gemini-3-pro' });
    for await (const _chunk of await chat.sendMessageStream({ message: 'Go.' }));
    const said = chat.getHistory(true).flatMap((content) => (content.role === 'model' ? (content.parts ?? []) : []));
    expect(JSON.stringify(said)).not.toContain('SECRET');
    expect(said.filter((part) => part.functionCall)).toMatchObject([
      { functionCall: { args: { command: 'ls' } }, thoughtSignature: SIGNATURE },
    ]);
    expect(said.map((part) => part.text ?? '').join('')).toContain('Holdpoint refused');
  });

  it('accepts the end of a stream that could not be read', async () => {
    const broken = `${data(answer(candidate([says('Look.')])))}data: {SECRET\r\n\r\n${data(answer(candidate([call('rm SECRET')], 'STOP')))}`;
    const chunks = [];
    for await (const chunk of await client(guarded(googleGenerateContent, EVENTS, broken, REFUSE)).models.generateContentStream(asked))
      chunks.push(chunk);
    expect(chunks.map((chunk) => chunk.text ?? '').join('')).toMatch(/^Look\.\n\nHoldpoint refused a part of this answer/);
    expect(chunks.flatMap((chunk) => chunk.functionCalls ?? [])).toEqual([]);
    expect(chunks.flatMap((chunk) => chunk.candidates?.[0]?.finishReason ?? [])).toEqual([FinishReason.STOP]);
  });

  it('shows the message of a refused request, and does not send it again', async () => {
    let requests = 0;
    const refused = googleGenerateContent.refuseRequest({ policy: 'p', reason: 'The model is not allowed.' });
    const fetch = async () => {
      requests += 1;
      return new Response(Buffer.from(refused.body), { status: refused.status, headers: { 'content-type': refused.contentType } });
    };
    await expect(client(fetch).models.generateContent(asked)).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('The model is not allowed. (policy: p)'),
    });
    expect(requests).toBe(1);
  });
});
