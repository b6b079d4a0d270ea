import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ToolCall } from '../../../../main/contract/action.ts';
import { framed, type MessageDecoder, messagesIn } from '../../../../main/engine/protocols/messages.ts';
import { markOf, readClientMessage, responsesMessages } from '../../../../main/engine/protocols/openai-responses/socket.ts';
import type { Piece } from '../../../../main/engine/protocols/pieces.ts';
import { callEvents, completed, created, customCall, customEvents, functionCall, message, messageEvents } from './response-events.ts';

const WHY = { policy: 'p', reason: 'No.' };
const LIMITS = { callBytes: 1024 * 1024 };
type Sent = { readonly type: string; readonly [member: string]: unknown };

const text = (value: unknown) => framed({ text: true, data: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)) });
const numbered = (events: readonly Sent[]): Sent[] => events.map((event, sequence_number) => ({ ...event, sequence_number }));

/** What leaves of an answer, as messages, with the calls that were asked about. */
function through(
  decoder: MessageDecoder,
  frames: readonly Uint8Array[],
  refuses: (call: ToolCall) => boolean,
  cuts: readonly number[] = [],
): { messages: string[]; calls: ToolCall[]; bytes: Buffer } {
  const all = Buffer.concat(frames);
  const edges = [0, ...[...new Set(cuts.map((cut) => cut % (all.length + 1)))].sort((a, b) => a - b), all.length];
  const pieces: Piece[] = edges.slice(1).flatMap((edge, i) => decoder.push(all.subarray(edges[i], edge)));
  pieces.push(...decoder.end());
  const refused = new Map();
  const calls: ToolCall[] = [];
  const out: Uint8Array[] = [];
  for (const piece of pieces) {
    if (piece.kind === 'call') {
      calls.push(piece.call);
      if (refuses(piece.call)) refused.set(piece.call, WHY);
    } else out.push(piece.kind === 'pass' ? piece.bytes : piece.bytes(refused));
  }
  const bytes = Buffer.concat(out);
  return { bytes, calls, messages: messagesIn(bytes).map(({ data }) => Buffer.from(data).toString()) };
}

const ARGS = '{"cmd":"echo SECRET"}';
const ANSWER = numbered([
  ...created,
  ...messageEvents(0, 'I will.'),
  ...callEvents(1, ARGS),
  ...customEvents(2, 'await tools.exec_command({cmd: "echo SECRET"})'),
  completed(message(0, 'I will.'), functionCall(1, ARGS), customCall(2, 'await tools.exec_command({cmd: "echo SECRET"})')),
]);

describe('a response in messages', () => {
  it('leaves with its own bytes where its calls are released, however it is cut', () => {
    const frames = ANSWER.map(text);
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 40 }), (cuts) => {
        const { bytes, calls } = through(responsesMessages(LIMITS), frames, () => false, cuts);
        expect(bytes.equals(Buffer.concat(frames))).toBe(true);
        expect(calls.map(({ tool }) => tool)).toEqual(['exec_command', 'exec']);
      }),
    );
  });

  it('leaves without a byte of the calls that are refused, as whole messages in gapless numbers, however it is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 40 }), (cuts) => {
        const { bytes, messages } = through(responsesMessages(LIMITS), ANSWER.map(text), () => true, cuts);
        expect(bytes.includes('SECRET')).toBe(false);
        const events: Sent[] = messages.map((one) => JSON.parse(one));
        expect(events.map(({ sequence_number: number }) => number)).toEqual(events.map((_, at) => at));
        expect(events.at(-1)).toMatchObject({
          type: 'response.completed',
          response: { output: [{ type: 'message' }, { type: 'message' }, { type: 'message' }] },
        });
        expect(events.filter(({ type }) => type === 'response.output_item.done')).toHaveLength(3);
      }),
    );
  });

  it('keeps the other of two calls', () => {
    const { messages } = through(responsesMessages(LIMITS), ANSWER.map(text), ({ tool }) => tool === 'exec');
    expect(messages.join()).toContain('"function_call"');
    expect(messages.join()).not.toContain('tools.exec_command');
  });

  it.each<[string, Uint8Array, string]>([
    ['no JSON', text('hello'), 'unknown-shape'],
    ['no object', text('[1]'), 'unknown-shape'],
    ['a member twice', text('{"type":"a","type":"b"}'), 'duplicate-key'],
    ['binary', framed({ text: false, data: Buffer.from('{"type":"response.created"}') }), 'undecodable'],
    ['no UTF-8', framed({ text: true, data: Buffer.from([0xff]) }), 'undecodable'],
    ['a call in an unknown place', text({ type: 'response.odd', x: functionCall(0, ARGS) }), 'unknown-shape'],
    ['of another response', text({ type: 'response.created', response: { id: 'resp_other', output: [] } }), 'unknown-shape'],
    ['longer than any event', text(`{"type":"x","y":"${'y'.repeat(9_000_000)}"}`), 'too-long'],
  ])('with a message that is %s is one uninspected call: refused, the agent gets an end and nothing of the rest', (_what, odd, why) => {
    const frames = [...numbered(created).map(text), odd, ...numbered(callEvents(0, ARGS)).map(text)];
    const decoder = responsesMessages(LIMITS);
    const { messages, calls, bytes } = through(decoder, frames, () => true);
    expect(calls[0]).toMatchObject({ uninspected: why });
    expect(decoder.lost).toBe(true);
    expect(bytes.includes('SECRET')).toBe(false);
    expect(JSON.parse(messages.at(-1)!)).toMatchObject({ type: 'response.completed' });
    expect(through(responsesMessages(LIMITS), frames, () => false).bytes.equals(Buffer.concat(frames))).toBe(true);
  });

  it('that breaks off inside a call is a call that was cut off', () => {
    const { calls, bytes } = through(responsesMessages(LIMITS), numbered(callEvents(0, ARGS)).slice(0, 3).map(text), () => true);
    expect(calls).toMatchObject([{ uninspected: 'truncated' }]);
    expect(bytes.includes('SECRET')).toBe(false);
  });

  it('is kept alive by an event of its own', () => {
    expect(messagesIn(responsesMessages(LIMITS).keepalive()).map(({ text, data }) => [text, Buffer.from(data).toString()])).toEqual([
      [true, '{"type":"keepalive"}'],
    ]);
  });
});

describe('a client’s message', () => {
  const none = () => undefined;
  const create = (more: object) => JSON.stringify({ type: 'response.create', model: 'gpt-5.2', ...more });

  it('is a request as it would be over HTTP', () => {
    const said = readClientMessage(
      create({
        instructions: 'Be brief.',
        generate: false,
        prompt_cache_key: 'key',
        input: [{ type: 'message', role: 'user', content: 'go' }],
      }),
      none,
    );
    expect(said).toMatchObject({ kind: 'create', request: { model: 'gpt-5.2', streamed: true, session: 'key' } });
  });

  it('that goes on from a response is at the place of the whole conversation', () => {
    const before = [
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'go' }] },
      { type: 'function_call', name: 'exec_command', arguments: '{}', call_id: 'c' },
    ];
    const output = { type: 'function_call_output', call_id: 'c', output: 'done' };
    const whole = readClientMessage(create({ input: [...before, output] }), none);
    const rest = readClientMessage(create({ input: [output], previous_response_id: 'r' }), (id) => (id === 'r' ? before : undefined));
    const unknown = readClientMessage(create({ input: [output], previous_response_id: 'q' }), (id) => (id === 'r' ? before : undefined));
    expect(rest).toEqual({ ...whole, recalled: true });
    expect(unknown).toMatchObject({ kind: 'create' });
    expect(unknown).not.toMatchObject({ request: { place: whole.kind === 'create' && whole.request.place } });
  });

  it('offers the tools that code mode names in its input', () => {
    const tools = [{ type: 'namespace', name: 'functions', tools: [{ type: 'custom', name: 'exec' }] }];
    expect(readClientMessage(create({ input: [{ type: 'additional_tools', tools }] }), none)).toMatchObject({
      request: { tools: ['exec'] },
    });
  });

  it.each([
    ['no JSON', 'x', 'malformed'],
    ['no object', '[]', 'unknown-shape'],
    ['of an unknown type', '{"type":"session.update","session":{}}', 'unknown-shape'],
    ['without a type', '{"input":"go"}', 'unknown-shape'],
    ['twice the same', '{"type":"response.create","type":"response.cancel"}', 'duplicate-key'],
    ['of Realtime', '{"type":"response.create","response":{"input":"go"}}', 'unknown-shape'],
    ['a request in an aside', '{"type":"response.cancel","input":["go"]}', 'unknown-shape'],
    ['of an odd input', '{"type":"response.create","input":{"a":1}}', 'unknown-shape'],
  ])('that is %s is uninspected', (_what, said, why) => {
    expect(readClientMessage(said, none)).toEqual({ kind: 'uninspected', why });
  });

  it.each(['response.cancel', 'response.processed'])('of type %s says nothing to a model', (type) => {
    expect(readClientMessage(JSON.stringify({ type, response_id: 'resp_1' }), none)).toEqual({ kind: 'aside' });
  });
});

describe('what the agent has of a conversation', () => {
  it.each<[unknown, unknown]>([
    [
      { type: 'response.output_item.done', item: { type: 'message' } },
      { kind: 'item', item: { type: 'message' } },
    ],
    [
      { type: 'response.completed', response: { id: 'r' } },
      { kind: 'end', responseId: 'r' },
    ],
    [
      { type: 'response.failed', response: {} },
      { kind: 'end', responseId: undefined },
    ],
    [
      { type: 'error', error: {} },
      { kind: 'end', responseId: undefined },
    ],
    [{ type: 'response.output_text.delta', delta: '"response.completed" "error"' }, undefined],
    [{ type: 'response.created', response: { id: 'r', error: null } }, undefined],
  ])('is told by %j', (event, mark) => {
    expect(markOf(Buffer.from(JSON.stringify(event)))).toEqual(mark);
  });

  it('is never told by what is no JSON', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(markOf(Buffer.concat([Buffer.from('"error"'), bytes]))).toBe(undefined);
      }),
    );
  });
});
