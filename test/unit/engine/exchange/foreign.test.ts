import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foreignDecoder } from '../../../../main/engine/exchange/foreign.ts';
import { opaqueDecoder } from '../../../../main/engine/exchange/opaque.ts';
import type { Protocol } from '../../../../main/engine/protocols/pieces.ts';
import { cuts, type Judge, REFUSE, RELEASE, receive } from '../protocols/receive.ts';

const foreign = { responseDecoder: foreignDecoder } as unknown as Protocol;
const opaque = { responseDecoder: () => opaqueDecoder() } as unknown as Protocol;

const toolUse = { content: [{ type: 'tool_use', id: 'a', name: 'Bash', input: { command: 'SECRET' } }] };
const toolCalls = { choices: [{ message: { tool_calls: [{ id: 'a', function: { name: 'SECRET', arguments: '{}' } }] } }] };
const item = { output: [{ type: 'function_call', name: 'SECRET', arguments: '{}' }] };
const gemini = { candidates: [{ content: { parts: [{ functionCall: { name: 'SECRET', args: {} } }] } }] };
const bedrock = { output: { message: { content: [{ toolUse: { name: 'SECRET', input: {} } }] } } };
const vercel = { type: 'tool-call', toolCallId: 'a', toolName: 'SECRET', input: '{}' };
const mistral = { outputs: [{ object: 'entry', type: 'function.call', name: 'SECRET', arguments: '{}' }] };
const live = { toolCall: { functionCalls: [{ id: 'a', name: 'SECRET', args: {} }] } };
const letta = { message_type: 'tool_call_message', tool_call: { name: 'SECRET', arguments: '{}' } };
const realtime = { type: 'response.function_call_arguments.done', call_id: 'a', name: 'SECRET', arguments: '{}' };
const calls = [toolUse, toolCalls, item, gemini, bedrock, vercel, mistral, live, letta, realtime];
const events = (value: object) => `event: x\ndata: ${JSON.stringify(value)}\n\n`;

const seen = (type: string, body: string | Uint8Array, judge: Judge, at: [] | 'bytes' = 'bytes') =>
  receive(foreign, type, body, judge, { cuts: at });

describe('an answer of no protocol', () => {
  it.each([
    ['application/json', '{"data":[{"id":"gpt-5","type":"model"}]}'],
    ['application/json', '[1,2]'],
    ['application/json', ''],
    ['text/plain', '{"ok":true}'],
    ['text/plain', 'OK'],
    ['text/plain', '\n'],
    ['text/plain', 'data that is words, not an event'],
    ['text/html', '<!doctype html><p>tool_use</p>'],
    ['', 'GIF89a'],
    ['application/x-ndjson', '{"status":"pulling"}\n[1]\n\n{"status":"success"}'],
    [
      'text/event-stream',
      'event: endpoint\ndata: /messages?session=1\n\n: beat\n\ndata: {"jsonrpc":"2.0","id":1,"result":{}}\n\ndata: [DONE]\n\n',
    ],
  ])('of type %j passes as it is: %j', async (type, body) => {
    for (const cuts of [[], 'bytes'] as const) expect(await seen(type, body, REFUSE, cuts as [])).toMatchObject({ calls: [], text: body });
  });

  it('passes at once what is no text of ours', () => {
    const decoder = foreignDecoder('video/mp4', { callBytes: 1024 });
    expect(decoder.push(Buffer.alloc(100, 1))).toMatchObject([{ kind: 'pass' }]);
    expect(decoder.push(Buffer.alloc(100, 2))).toMatchObject([{ kind: 'pass' }]);
  });

  it('passes text line by line, also where a line may begin an event', () => {
    const decoder = foreignDecoder('text/plain', { callBytes: 1024 });
    const out = (chunk: string) =>
      decoder.push(Buffer.from(chunk)).map((piece) => (piece.kind === 'pass' ? Buffer.from(piece.bytes).toString() : piece.kind));
    expect(out('It is a long text,\nda')).toEqual(['It is a long text,\n']);
    expect(out('y by day.\n')).toEqual(['day by day.\n']);
    expect(out('data: words\n')).toEqual([]);
    expect(out('\nand on').join('')).toBe('data: words\n\nand on');
  });

  it.each(['text/plain', 'text/html', 'application/octet-stream'])(
    'of type %s with events in it that hold no call passes as it is',
    async (type) => {
      const body = `Words:\r\n\r\n${events({ delta: 'a tool_call' })}data: {}\n  a: tools\n\nand data: more\rdata: "x"\r\rdata`;
      expect(await seen(type, body, REFUSE)).toMatchObject({ calls: [], text: body });
    },
  );

  it('of no known type keeps its bytes where nothing is refused, however it is cut', async () => {
    const part = fc.constantFrom('data', ':', ' ', '\n', '\r', 'd', 'x', '{"type":"tool-call"}', '{"a":1}', '"', '\uFEFF', '看');
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 40 }), cuts, async (parts, at) => {
        const body = `Words${parts.join('')}`;
        expect((await receive(foreign, 'text/plain', body, RELEASE, { cuts: at })).text).toBe(body);
        const [whole, bytes] = [await seen('text/plain', body, REFUSE, []), await seen('text/plain', body, REFUSE)];
        expect([whole.text, whole.calls.length]).toEqual([bytes.text, bytes.calls.length]);
      }),
    );
  });

  it.each(['\n', '\r\n', '\r'])('with a call in events behind other text, of lines that end in %j, passes up to them only', async (end) => {
    for (const type of ['text/plain', 'text/html', 'image/png', '']) {
      const body = `<p>It works\n\n${events(vercel)}`.replaceAll('\n', end);
      const refused = await seen(type, body, REFUSE);
      expect(refused.calls).toMatchObject([{ uninspected: 'unknown-shape' }]);
      expect(refused.text).toMatch(/^<p>It works/);
      expect(refused.text).not.toContain('SECRET');
      expect((await seen(type, body, RELEASE)).text).toBe(body);
      const pieced = `x${end}data: {"type":"tool-call",${end}data: "name":"SECRET"}${end}`;
      expect((await seen(type, pieced, REFUSE)).text).not.toContain('SECRET');
    }
  });

  it.each<[string, string | Uint8Array]>([
    ...calls.flatMap((value): [string, string][] => [
      ['application/json', JSON.stringify(value)],
      ['text/plain', ` \n${JSON.stringify([value])}`],
      ['image/png', `\uFEFF${JSON.stringify(value)}`],
      ['application/x-ndjson', `{}\n${JSON.stringify(value)}\n`],
      ['text/event-stream', events({}) + events(value)],
      ['text/event-stream', events([value])],
      ['text/plain', events(value)],
      ['', `: x\n\n${events(value)}`],
    ]),
    ['application/json', '{"Tool_Calls":[{"function":{"name":"SECRET"}}]}'],
    ['application/json', '{"\\u0074ool_calls":[{"function":{"name":"SECRET"}}]}'],
    ['application/json', '{"a":1,"a":"SECRET"}'],
    ['application/x-ndjson', '{"status":"ok"}\n{"tool_calls":\n[{"function":{"name":"SECRET"}}]}\n'],
    ['application/json', '{"a": SECRET'],
    // Python's clients read it.
    ['text/event-stream', 'data: {"type":"tool-call","rank":NaN,"name":"SECRET"}\n\n'],
    ['multipart/mixed; boundary=x', `--x\r\nContent-Type: application/json\r\n\r\n${JSON.stringify(toolUse)}\r\n--x--\r\n`],
    // A message of 17 MB begins so.
    ['application/vnd.amazon.eventstream', Buffer.from('\x01\x10\0\0SECRET', 'latin1')],
    ['text/plain', `${' '.repeat(70_000)}${JSON.stringify(toolUse)}`],
    ['', Buffer.from(`\uFEFF${JSON.stringify(toolUse)}`, 'utf16le')],
    ['application/json; charset=utf-16', Buffer.from(JSON.stringify(toolUse), 'utf16le')],
  ])('of type %j is judged where a call is in it, and no byte of it passes: %j', async (type, body) => {
    for (const cuts of [[], 'bytes'] as const) {
      const refused = await seen(type, body, REFUSE, cuts as []);
      expect(refused.calls).toMatchObject([{ uninspected: expect.any(String) }]);
      expect(refused.text).not.toContain('SECRET');
      expect(refused.text.replaceAll('\0', '')).not.toContain('SECRET');
      expect(refused.text).toContain('Holdpoint refused');
    }
    expect((await seen(type, body, RELEASE)).text).toBe(Buffer.from(body).toString());
  });
});

describe('an answer in a form that nothing reads', () => {
  it('is one uninspected call, and all of it follows its verdict', async () => {
    const refused = await receive(opaque, '', 'SECRET and more', REFUSE, { cuts: 'bytes' });
    expect(refused.calls).toMatchObject([{ uninspected: 'unknown-shape' }]);
    expect(refused.text).toMatch(/^Holdpoint refused/);
    expect(refused.text).not.toContain('S');
    expect((await receive(opaque, '', 'SECRET and more', RELEASE, { cuts: 'bytes' })).text).toBe('SECRET and more');
  });

  it('is nothing where it is empty', async () => {
    expect(await receive(opaque, '', '', REFUSE)).toMatchObject({ calls: [], text: '' });
  });
});
