import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { googleGenerateContent } from '../../../../main/engine/protocols/google-generate-content/protocol.ts';
import { answer, assembled, call, candidate, chunksOf, data, FRAMINGS, SIGNATURE, says, signedCall, thinks } from './google-chunks.ts';
import { cuts, EVENTS, JSON_TYPE, type Judge, REFUSE, RELEASE, receive } from './receive.ts';

const stream = (body: string, judge: Judge, options = {}) => receive(googleGenerateContent, EVENTS, body, judge, options);
const whole = (document: unknown, judge: Judge, options = {}) =>
  receive(googleGenerateContent, JSON_TYPE, typeof document === 'string' ? document : JSON.stringify(document), judge, options);
const refusing =
  (...words: string[]): Judge =>
  ({ input }) =>
    words.some((word) => JSON.stringify(input).includes(word)) ? 'refuse' : 'release';

const chunks = [
  answer(candidate([thinks('Hm.')])),
  answer(candidate([says('I’ll look. 看')])),
  answer(candidate([signedCall('ls SECRET'), call('rm SECRET', { id: 'call-2' })])),
  answer(candidate([call('id SECRET')])),
  answer(candidate([says('')], 'STOP')),
];

describe.each(Object.entries(FRAMINGS))('an answer as %s', (_name, { type, body, wrapped }) => {
  const turn = body(chunks);
  const get = (judge: Judge, options = {}) => receive(googleGenerateContent, type, turn, judge, options);

  it('reaches the agent byte for byte when every call is released, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(cuts, async (at) => {
        expect((await get(RELEASE, { cuts: at })).text).toBe(turn);
      }),
      { numRuns: 40 },
    );
    const { calls } = await get(RELEASE, { cuts: 'bytes' });
    expect(calls).toEqual([
      { id: '', tool: 'run_shell_command', input: { command: 'ls SECRET' } },
      { id: 'call-2', tool: 'run_shell_command', input: { command: 'rm SECRET' } },
      { id: '', tool: 'run_shell_command', input: { command: 'id SECRET' } },
    ]);
  });

  it('gives the agent no byte of a refused call, and the end that it had, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(cuts, async (at) => {
        const { text: seen } = await get(REFUSE, { cuts: at });
        expect(seen).not.toMatch(/SECRET|functionCall|args|c2lnbmVk/);
        const { text, calls, finishes } = assembled(seen);
        expect(text).toMatch(/^I’ll look. 看\n\nHoldpoint .*\n\nHoldpoint .*\n\nHoldpoint .*$/);
        expect({ calls, finishes }).toEqual({ calls: [], finishes: ['STOP'] });
      }),
      { numRuns: 40 },
    );
  });

  it('leaves every part but the refused calls’ as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.subarray(['ls', 'rm', 'id']), cuts, async (gone, at) => {
        const { text: seen } = await get(refusing(...gone.map((word) => `${word} SECRET`)), { cuts: at });
        const [was, is] = [chunksOf(turn), chunksOf(seen)];
        expect(is.map((chunk) => ({ ...chunk, candidates: 0 }))).toEqual(was.map((chunk) => ({ ...chunk, candidates: 0 })));
        was.forEach((chunk, i) => {
          chunk.candidates[0]!.content!.parts.forEach((part, j) => {
            const now = is[i]!.candidates[0]!.content!.parts[j]!;
            if (gone.some((word) => JSON.stringify(part).includes(`${word} SECRET`))) expect(Object.keys(now)).toEqual(['text']);
            else expect({ ...now, thoughtSignature: 0 }).toEqual({ ...part, thoughtSignature: 0 });
          });
        });
        expect(seen.includes('traceId')).toBe(wrapped);
      }),
      { numRuns: 40 },
    );
  });

  it('leaves the signature of the model’s thoughts on the first call that stays', async () => {
    await fc.assert(
      fc.asyncProperty(fc.subarray(['ls', 'rm', 'id'], { maxLength: 2 }), async (gone) => {
        const { text: seen } = await get(refusing(...gone.map((word) => `${word} SECRET`)));
        const [first, ...others] = assembled(seen).signatures;
        expect(first).toBe(SIGNATURE);
        for (const other of others) expect(other).toBeUndefined();
      }),
    );
  });

  it('tells the record what the answer said', async () => {
    const { decoder } = await get(RELEASE);
    expect(decoder.summary()).toEqual({
      model: 'gemini-3-pro',
      stopReason: 'STOP',
      usage: { inputTokens: 12, outputTokens: 9 },
      text: 'I’ll look. 看',
    });
  });
});

describe('a streamed answer', () => {
  it('lets text through before the call behind it is judged', () => {
    const decoder = googleGenerateContent.responseDecoder(EVENTS, { callBytes: 1024 })!;
    const kinds = decoder
      .push(Buffer.from(data(answer(candidate([says('Hm.')]))) + data(answer(candidate([call('ls')])))))
      .map((piece) => piece.kind);
    expect(kinds).toEqual(['pass', 'call', 'held']);
  });

  it('judges each candidate for itself', async () => {
    const body =
      data(answer(candidate([says('Zero.')]), candidate([says('One.')], undefined, 1))) +
      data(answer(candidate([signedCall('rm SECRET')], 'STOP'), candidate([signedCall('ls')], 'STOP', 1)));
    expect((await stream(body, RELEASE, { cuts: 'bytes' })).text).toBe(body);
    const { text: seen } = await stream(body, refusing('rm'), { cuts: 'bytes' });
    expect(assembled(seen, 0)).toMatchObject({ text: expect.stringMatching(/^Zero\.\n\nHoldpoint/), calls: [], finishes: ['STOP'] });
    expect(assembled(seen, 1)).toMatchObject({ text: 'One.', calls: [{ args: { command: 'ls' } }], signatures: [SIGNATURE] });
  });

  it('reads names as the schema writes them', async () => {
    const body = data({
      candidates: [
        {
          content: { parts: [{ function_call: { name: 'bash', args: { c: 'SECRET' } }, thought_signature: SIGNATURE }] },
          finish_reason: 'STOP',
        },
      ],
    });
    expect((await stream(body, RELEASE, { cuts: 'bytes' })).text).toBe(body);
    const refused = await stream(body, REFUSE, { cuts: 'bytes' });
    expect(refused.calls).toEqual([{ id: '', tool: 'bash', input: { c: 'SECRET' } }]);
    expect(refused.text).not.toMatch(/SECRET|function_call|c2lnbmVk/);
    expect(chunksOf(refused.text)).toMatchObject([
      { candidates: [{ content: { parts: [{ text: expect.any(String) }] }, finish_reason: 'STOP' }] },
    ]);
  });

  it('takes a call without arguments for one with none', async () => {
    const body = data(answer(candidate([{ functionCall: { name: 'list' } }], 'STOP')));
    expect((await stream(body, RELEASE)).calls).toEqual([{ id: '', tool: 'list', input: {} }]);
  });

  it.each([
    ['code that Google runs', { executableCode: { language: 'PYTHON', code: 'print(1)' } }],
    ['a tool that Google runs', { toolCall: { id: 'a', toolType: 'GOOGLE_SEARCH_WEB', args: { queries: ['x'] } } }],
    ['a result of one', { toolResponse: { id: 'a', toolType: 'GOOGLE_SEARCH_WEB', response: {} } }],
    ['an image', { inlineData: { mimeType: 'image/png', data: 'aGk=' } }],
    ['a call that is not set', { functionCall: null, text: 'x' }],
  ])('passes %s', async (_name, part) => {
    const body = data(answer(candidate([part], 'STOP')));
    const seen = await stream(body, REFUSE);
    expect(seen).toMatchObject({ calls: [], text: body });
  });

  it('judges a call whose arguments come in parts once, as one that it cannot read', async () => {
    const body = [
      { name: 'bash', willContinue: true },
      { partialArgs: [{ jsonPath: '$.command', stringValue: 'rm SEC', willContinue: true }], willContinue: true },
      { partialArgs: [{ jsonPath: '$.command', stringValue: 'RET' }], willContinue: true },
      {},
    ]
      .map((functionCall) => data(answer(candidate([{ functionCall }]))))
      .concat(data(answer(candidate([call('ls')], 'STOP'))))
      .join('');
    expect((await stream(body, RELEASE, { cuts: 'bytes' })).text).toBe(body);
    const refused = await stream(body, (c) => (c.uninspected ? 'refuse' : 'release'), { cuts: 'bytes' });
    expect(refused.calls).toMatchObject([{ tool: 'bash', uninspected: 'unknown-shape' }, { input: { command: 'ls' } }]);
    expect(refused.text).not.toMatch(/partialArgs|willContinue|SEC|RET/);
    expect(assembled(refused.text)).toMatchObject({
      text: expect.stringMatching(/^Holdpoint refused this bash call[\s\S]*$/),
      calls: [{ args: { command: 'ls' } }],
    });
    expect(assembled(refused.text).text.match(/Holdpoint/g)).toHaveLength(1);
  });

  it.each([
    ['no name', { functionCall: { args: { c: 'SECRET' } } }],
    ['arguments that are no object', { functionCall: { name: 'bash', args: 'SECRET' } }],
    ['a body that is no object', { functionCall: 'SECRET' }],
    ['its name in other letters', { FunctionCall: { name: 'bash', args: { c: 'SECRET' } } }],
    ['both of its names', { functionCall: { name: 'bash', args: {} }, function_call: { name: 'bash', args: { c: 'SECRET' } } }],
    ['arguments by a name in other letters', { functionCall: { name: 'bash', Args: { c: 'SECRET' } } }],
    ['text beside it', { functionCall: { name: 'bash', args: {} }, text: 'SECRET' }],
    ['a kind that is not known', { computerCall: { action: 'SECRET' } }],
    ['a tool of no type', { toolCall: { name: 'bash', args: { c: 'SECRET' } } }],
  ])('calls a call with %s uninspected', async (_name, part) => {
    const all = data(answer(candidate([says('Yes.'), part], 'STOP')));
    const refused = await stream(all, REFUSE, { cuts: 'bytes' });
    expect(refused.calls).toMatchObject([{ uninspected: 'unknown-shape' }]);
    expect(refused.text).not.toMatch(/SECRET|call"/i);
    expect(assembled(refused.text)).toMatchObject({ text: expect.stringMatching(/^Yes\.\n\nHoldpoint/), finishes: ['STOP'] });
    expect((await stream(all, RELEASE, { cuts: 'bytes' })).text).toBe(all);
  });

  it.each([
    ['no JSON', 'data: {"candidates": SECRET\n\n', 'unknown-shape'],
    [
      'a key twice',
      'data: {"candidates":[],"candidates":[{"content":{"parts":[{"functionCall":{"name":"SECRET"}}]}}]}\n\n',
      'duplicate-key',
    ],
    ['two names of one thing', 'data: {"candidates":[{"finishReason":"STOP","finish_reason":"SECRET"}]}\n\n', 'unknown-shape'],
    ['candidates that are no list', data({ candidates: { 0: { content: { parts: [call('SECRET')] } } } }), 'unknown-shape'],
    ['parts that are no list', data({ candidates: [{ content: { parts: call('SECRET') } }] }), 'unknown-shape'],
    [
      'a wrapper around one of two answers',
      data({ ...answer(candidate([call('SECRET')])), response: answer(candidate([])) }),
      'unknown-shape',
    ],
    ['a call beside its candidates', data({ ...answer(candidate([])), functionCalls: [{ name: 'SECRET' }] }), 'unknown-shape'],
    ['a call beside its parts', data({ candidates: [{ content: { parts: [], ...call('SECRET') } }] }), 'unknown-shape'],
    ['two candidates in one place', data(answer(candidate([]), candidate([call('SECRET')]))), 'unknown-shape'],
  ])('never passes a chunk with %s', async (_name, body, why) => {
    const all = data(answer(candidate([says('Yes.')]))) + body + data(answer(candidate([call('SECRET')], 'STOP')));
    const refused = await stream(all, REFUSE, { cuts: 'bytes' });
    expect(refused.calls[0]).toMatchObject({ tool: 'unknown', uninspected: why });
    expect(refused.text).not.toMatch(/SECRET|functionCall/i);
    expect(assembled(refused.text)).toMatchObject({ text: expect.stringMatching(/^Yes\.\n\nHoldpoint/), finishes: ['STOP'] });
    expect((await stream(all, RELEASE, { cuts: 'bytes' })).text).toBe(all);
  });

  it('asks about a call that is too long, and about the rest where there are too many', async () => {
    const long = data(answer(candidate([call(`SECRET${'x'.repeat(5000)}`)], 'STOP')));
    const refused = await stream(long, REFUSE, { cuts: 'bytes', callBytes: 1024 });
    expect(refused.calls).toEqual([{ id: '', tool: 'run_shell_command', uninspected: 'too-long' }]);
    expect(refused.text).not.toMatch(/SECRET|functionCall/);

    const crowd = data(answer(candidate(Array.from({ length: 2000 }, () => call('SECRET')))));
    const none = await stream(crowd, REFUSE);
    expect(none.calls).toMatchObject([{ uninspected: 'too-long' }]);
    expect(none.text).not.toContain('SECRET');
    const parts = data(answer(candidate(Array.from({ length: 500_000 }, () => ({})))));
    expect((await stream(parts, REFUSE)).calls).toMatchObject([{ uninspected: 'unknown-shape' }]);
  });

  it('lets nothing out of a call that broke off, and text that did', async () => {
    const begun = data(answer(candidate([says('Yes.')])));
    const half = data(answer(candidate([call('rm SECRET')]))).slice(0, -60);
    const refused = await stream(begun + half, REFUSE, { cuts: 'bytes' });
    expect(refused.calls).toMatchObject([{ uninspected: 'truncated' }]);
    expect(assembled(refused.text)).toMatchObject({ text: expect.stringMatching(/^Yes\.\n\nHoldpoint/), finishes: ['STOP'] });
    expect(refused.text).not.toContain('SECRET');
    const text = `${begun}data: {"candidates":[{"content":{"parts":[{"te`;
    expect(await stream(text, REFUSE)).toMatchObject({ calls: [], text });
  });

  it('passes an error that stands in it as a document, and no document that holds more', async () => {
    const begun = data(answer(candidate([says('Yes.')])));
    const error = { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' };
    for (const end of ['', '\n', '\r\n\r\n']) {
      const body = `${begun}${JSON.stringify({ error }, null, 2)}${end}`;
      expect(await stream(body, REFUSE, { cuts: 'bytes' })).toMatchObject({ calls: [], text: body });
    }
    for (const more of [
      answer(candidate([call('SECRET')])),
      { error: { ...error, details: [call('SECRET')] } },
      { error: { message: 'data: SECRET' } },
    ]) {
      const refused = await stream(`${begun}${JSON.stringify(more, null, 2)}\n\n`, REFUSE, { cuts: 'bytes' });
      expect(refused.calls).toMatchObject([{ uninspected: 'unknown-shape' }]);
      expect(refused.text).not.toContain('SECRET');
    }
  });

  it('passes what has no candidates', async () => {
    const body =
      data({ promptFeedback: { blockReason: 'SAFETY' } }) + data({ error: { code: 503, message: 'overloaded', status: 'UNAVAILABLE' } });
    expect(await stream(body, REFUSE)).toMatchObject({ calls: [], text: body });
  });

  it.each([
    ['the Gemini API', (chunk: object) => chunk, { candidates: [{ content: { role: 'model', parts: [{ text: '' }] }, index: 0 }] }],
    [
      'Code Assist',
      (response: object) => ({ response }),
      { response: { candidates: [{ content: { role: 'model', parts: [{ text: '' }] }, index: 0 }] } },
    ],
  ])('keeps an agent of %s waiting with a chunk of its own shape', async (_name, wrap, empty) => {
    const { decoder } = await stream(data(wrap(answer(candidate([call('ls')])))), RELEASE);
    expect(Buffer.from(decoder.keepalive()).toString()).toBe(`data: ${JSON.stringify(empty)}\n\n`);
  });
});

describe('an answer in one document', () => {
  const two = answer(candidate([says('Now.'), signedCall('rm SECRET'), call('ls')], 'STOP'));

  it.each([
    ['the Gemini API', two],
    ['Code Assist', { response: two, traceId: 't-1' }],
  ])('is what %s sent but for the calls that are refused', async (_name, document) => {
    const body = JSON.stringify(document, null, 2);
    expect((await whole(body, RELEASE, { cuts: 'bytes' })).text).toBe(body);
    const { text: seen } = await whole(body, refusing('rm'));
    expect(seen).not.toMatch(/SECRET/);
    expect(assembled(seen)).toMatchObject({
      text: expect.stringMatching(/^Now\.\n\nHoldpoint refused this run_shell_command call/),
      calls: [{ args: { command: 'ls' } }],
      signatures: [SIGNATURE],
      finishes: ['STOP'],
    });
  });

  it.each([
    ['malformed', '{"candidates":[SECRET'],
    ['unknown-shape', '"SECRET"'],
    ['unknown-shape', '["SECRET"]'],
    ['unknown-shape', JSON.stringify([two, { candidates: 'SECRET' }])],
  ])('is one uninspected call where it cannot be read: %s', async (why, body) => {
    const refused = await whole(body, REFUSE);
    expect(refused.calls).toMatchObject([{ uninspected: why }]);
    expect(refused.text).not.toContain('SECRET');
    expect(assembled(refused.text)).toMatchObject({ text: expect.stringContaining('Holdpoint'), finishes: ['STOP'] });
    expect((await whole(body, RELEASE)).text).toBe(body);
  });

  it('passes errors', async () => {
    const body = JSON.stringify([{ error: { code: 400, message: 'no', status: 'INVALID_ARGUMENT' } }]);
    expect(await whole(body, REFUSE)).toMatchObject({ calls: [], text: body });
  });
});

describe('an answer of which nothing can be read', () => {
  const SAYS = [
    { content: { role: 'model', parts: [{ text: expect.stringContaining('It deletes outside') }] }, finishReason: 'STOP', index: 0 },
  ];
  const inner = { candidates: SAYS };

  it.each([
    ['/v1internal:generateContent', { response: inner }],
    ['/v1internal:streamGenerateContent', [{ response: inner }]],
    ['/v1beta/models/gemini-3-pro:streamGenerateContent', [inner]],
    ['/v1beta/models/gemini-3-pro:generateContent?key=k', inner],
  ])('is refused in the shape that the agent expects from %s', async (path, shape) => {
    const seen = await receive(googleGenerateContent, 'application/json', '{"candidates":[SECRET', REFUSE, { path });
    expect(JSON.parse(seen.text)).toEqual(shape);
  });

  it('is refused, and waited for, as Code Assist’s events', async () => {
    const path = '/v1internal:streamGenerateContent?alt=sse';
    const seen = await receive(googleGenerateContent, EVENTS, 'data: SECRET\n\n', REFUSE, { path });
    expect(JSON.parse(seen.text.slice('data: '.length))).toEqual({ response: inner });
    expect(Buffer.from(seen.decoder.keepalive()).toString()).toMatch(/^data: \{"response":/);
  });
});
