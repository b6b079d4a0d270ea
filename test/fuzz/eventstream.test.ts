import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ToolCall } from '../../main/contract/action.ts';
import { bedrockConverse } from '../../main/engine/protocols/bedrock-converse/protocol.ts';
import { bedrockInvoke } from '../../main/engine/protocols/bedrock-invoke/protocol.ts';
import { createEventstreamSplitter } from '../../main/engine/protocols/eventstream.ts';
import type { Piece, Refusals, ResponseDecoder } from '../../main/engine/protocols/pieces.ts';
import * as bedrock from '../unit/engine/protocols/bedrock-events.ts';
import { runs } from './runs.ts';

/** Messages of an answer with text, two calls and an end; what is in the calls is marked. */
const CONVERSE: readonly (readonly [string, object])[] = [
  ['messageStart', { role: 'assistant' }],
  ['contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'Look.' } }],
  ['contentBlockStop', { contentBlockIndex: 0 }],
  ['contentBlockStart', { contentBlockIndex: 1, start: { toolUse: { toolUseId: 'a', name: 'bash' } } }],
  ['contentBlockDelta', { contentBlockIndex: 1, delta: { toolUse: { input: '{"command":' } } }],
  ['contentBlockDelta', { contentBlockIndex: 1, delta: { toolUse: { input: '"rm MARK"}' } } }],
  ['contentBlockStop', { contentBlockIndex: 1 }],
  ['contentBlockStart', { contentBlockIndex: 2, start: { toolUse: { toolUseId: 'b', name: 'bash' } } }],
  ['contentBlockDelta', { contentBlockIndex: 2, delta: { toolUse: { input: '{"command":"ls MARK"}' } } }],
  ['contentBlockStop', { contentBlockIndex: 2 }],
  ['messageStop', { stopReason: 'tool_use' }],
  ['metadata', { usage: { inputTokens: 1, outputTokens: 2, totalTokens: 3 } }],
];
const ANTHROPIC: readonly object[] = [
  { type: 'message_start', message: { id: 'm', role: 'assistant', model: 'claude', content: [], usage: {} } },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Look.' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'content_block_start', index: 1, content_block: { type: 'tool_use', id: 'a', name: 'Bash', input: {} } },
  { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{"command":"rm MARK"}' } },
  { type: 'content_block_stop', index: 1 },
  { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 9 } },
  { type: 'message_stop' },
];

type Sent = readonly [name: string, payload: string];
const base64 = (data: unknown) => Buffer.from(JSON.stringify(data)).toString('base64');
const ANSWERS = [
  ['Converse', bedrockConverse, CONVERSE.map(([name, data]): Sent => [name, JSON.stringify(data)])],
  ['InvokeModel, of Anthropic’s', bedrockInvoke, ANTHROPIC.map((data): Sent => ['chunk', JSON.stringify({ bytes: base64(data) })])],
  [
    'InvokeModel, of Nova’s',
    bedrockInvoke,
    CONVERSE.map(([name, data]): Sent => ['chunk', JSON.stringify({ bytes: base64({ [name]: data }) })]),
  ],
] as const;

const bytesOf = (sent: readonly Sent[]) =>
  Buffer.concat(sent.map(([name, payload]) => bedrock.message({ ':event-type': name, ':message-type': 'event' }, payload)));

/** Changes that a broken or hostile provider might make, with checksums that are right. */
const change = fc.oneof(
  fc.record({ kind: fc.constant('drop' as const), at: fc.nat() }),
  fc.record({ kind: fc.constant('double' as const), at: fc.nat() }),
  fc.record({ kind: fc.constant('swap' as const), at: fc.nat(), to: fc.nat() }),
  fc.record({ kind: fc.constant('rename' as const), at: fc.nat(), to: fc.nat() }),
  fc.record({
    kind: fc.constant('say' as const),
    at: fc.nat(),
    place: fc.nat(),
    text: fc.constantFrom('{', '}', '"', ',', ':', '\\', '1', 'toolUse', 'null', '\u0000'),
  }),
);
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function changed(sent: readonly Sent[], by: Change): readonly Sent[] {
  if (sent.length === 0) return sent;
  const at = by.at % sent.length;
  const one = sent[at]!;
  switch (by.kind) {
    case 'drop':
      return sent.toSpliced(at, 1);
    case 'double':
      return sent.toSpliced(at, 0, one);
    case 'swap':
      return sent.with(at, sent[by.to % sent.length]!).with(by.to % sent.length, one);
    case 'rename':
      return sent.with(at, [sent[by.to % sent.length]![0], one[1]]);
    case 'say': {
      // Within a chunk what matters is its content.
      const inner = /"bytes":"([^"]*)"/.exec(one[1])?.[1];
      const text = inner === undefined ? one[1] : Buffer.from(inner, 'base64').toString();
      const place = by.place % (text.length + 1);
      const said = text.slice(0, place) + by.text + text.slice(place);
      return sent.with(at, [one[0], inner === undefined ? said : JSON.stringify({ bytes: Buffer.from(said).toString('base64') })]);
    }
  }
}

const changes = fc.array(change, { maxLength: 4 });
const cuts = fc.array(fc.nat(), { maxLength: 20 });

function piecesOf(decoder: ResponseDecoder, bytes: Buffer, at: readonly number[]): Piece[] {
  const edges = [0, ...[...new Set(at.map((cut) => cut % Math.max(1, bytes.length)))].sort((a, b) => a - b), bytes.length];
  return [...edges.slice(1).flatMap((edge, i) => decoder.push(bytes.subarray(edges[i], edge))), ...decoder.end()];
}

function written(pieces: readonly Piece[], refuses: (call: ToolCall) => boolean): Buffer {
  const refused = new Map();
  const out: Uint8Array[] = [];
  for (const piece of pieces) {
    if (piece.kind === 'call') {
      if (refuses(piece.call)) refused.set(piece.call, { policy: 'p', reason: 'No.' });
    } else out.push(piece.kind === 'pass' ? piece.bytes : piece.bytes(refused as Refusals));
  }
  return Buffer.concat(out);
}

/** What a lenient client would take for a call, in the messages that it can read. */
function callsIn(stream: Buffer): string[] {
  const seen = createEventstreamSplitter().push(stream);
  const texts = seen.map(({ payload }) => Buffer.from(payload).toString());
  const inner = texts.map((text) => Buffer.from(/"bytes":"([^"]*)"/.exec(text)?.[1] ?? '', 'base64').toString());
  return [...texts, ...inner].filter((text) => {
    try {
      return isCall(JSON.parse(text));
    } catch {
      return false;
    }
  });
}

/** A call begins with its name: what follows without one is part of none. */
function isCall(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { type, toolUse } = value as Record<string, unknown>;
  if (type === 'tool_use') return true;
  if (typeof toolUse === 'object' && toolUse !== null && ('name' in toolUse || 'toolUseId' in toolUse)) return true;
  return Object.values(value).some(isCall);
}

describe.each(ANSWERS)('%s', (_name, protocol, answer) => {
  const decoderOf = (callBytes = 4096) => protocol.responseDecoder(bedrock.EVENTSTREAM_TYPE, { callBytes })!;

  it('loses no byte of a changed answer with nothing refused, and shows no call of it with all refused', () => {
    fc.assert(
      fc.property(changes, cuts, fc.constantFrom(10, 4096), (by, at, callBytes) => {
        const bytes = bytesOf(by.reduce(changed, answer));
        const decode = () => piecesOf(decoderOf(callBytes), bytes, at);
        expect(written(decode(), () => false).equals(bytes)).toBe(true);
        expect(callsIn(written(decode(), () => true))).toEqual([]);
      }),
      { numRuns: runs(400) },
    );
  });

  it('writes nothing that AWS’s own codec cannot read, whatever is refused', () => {
    fc.assert(
      fc.property(changes, fc.nat(), (by, seed) => {
        const bytes = bytesOf(by.reduce(changed, answer));
        const some = (call: ToolCall) => (JSON.stringify(call).length + seed) % 2 === 0;
        for (const { raw } of createEventstreamSplitter().push(written(piecesOf(decoderOf(), bytes, []), some))) {
          expect(() => bedrock.codecReads(raw)).not.toThrow();
        }
      }),
    );
  });

  it('releases the same calls however a changed answer is cut', () => {
    fc.assert(
      fc.property(changes, cuts, fc.nat(), (by, at, seed) => {
        const bytes = bytesOf(by.reduce(changed, answer));
        const calls = (places: readonly number[]) =>
          piecesOf(decoderOf(), bytes, places).flatMap((piece) => (piece.kind === 'call' ? [piece.call] : []));
        const some = (call: ToolCall) => (JSON.stringify(call).length + seed) % 2 === 0;
        const out = (places: readonly number[]) => written(piecesOf(decoderOf(), bytes, places), some).toString('hex');
        expect(calls(at)).toEqual(calls([]));
        expect(out(at)).toBe(out([]));
      }),
    );
  });

  it('shows no call of an answer that breaks off, wherever it does', () => {
    const bytes = bytesOf(answer);
    for (let length = 0; length < bytes.length; length += 1) {
      const out = written(piecesOf(decoderOf(), bytes.subarray(0, length), []), () => true);
      expect([length, callsIn(out)]).toEqual([length, []]);
    }
  });

  it('loses no byte of random bytes, also after a beginning that can be read', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat({ max: 3 }), cuts, (random, messages, at) => {
        const bytes = Buffer.concat([bytesOf(answer.slice(0, messages)), random]);
        expect(written(piecesOf(decoderOf(100), bytes, at), () => false).equals(bytes)).toBe(true);
      }),
    );
  });
});
