import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ToolCall } from '../../main/contract/action.ts';
import type { Piece, Refusals, ResponseDecoder } from '../../main/engine/protocols/pieces.ts';
import { PROTOCOLS } from '../../main/engine/protocols/registry.ts';
import * as anthropic from '../unit/engine/protocols/anthropic-events.ts';
import * as chat from '../unit/engine/protocols/chat-chunks.ts';
import * as google from '../unit/engine/protocols/google-chunks.ts';
import * as ollama from '../unit/engine/protocols/ollama-lines.ts';
import * as responses from '../unit/engine/protocols/response-events.ts';
import { runs } from './runs.ts';

const GEMINI = [
  google.answer(google.candidate([google.says('Look.')])),
  google.answer(google.candidate([google.signedCall('rm MARK'), google.call('ls MARK')])),
  google.answer(google.candidate([google.says('')], 'STOP')),
];

/** An answer of each protocol with text, calls and an end, every call marked. */
const ANSWERS: Record<string, string> = {
  'anthropic-messages':
    anthropic.start + anthropic.text(0, 'Look.') + anthropic.call(1, 'rm MARK') + anthropic.call(2, 'ls MARK') + anthropic.stop('tool_use'),
  'openai-chat':
    chat.begin +
    chat.says('Look.') +
    chat.call(0, 'rm MARK') +
    chat.call(1, 'ls MARK') +
    chat.finish('tool_calls') +
    chat.usage +
    chat.DONE,
  'openai-responses': responses.numbered([
    ...responses.created,
    ...responses.messageEvents(0, 'Look.'),
    ...responses.callEvents(1, '{"cmd":"rm MARK"}'),
    ...responses.customEvents(2, 'ls MARK'),
    responses.completed(responses.message(0, 'Look.'), responses.functionCall(1, '{"cmd":"rm MARK"}'), responses.customCall(2, 'ls MARK')),
  ]),
  'google-generate-content': google.FRAMINGS['events of the Gemini API'].body(GEMINI),
  'ollama-chat': ollama.says('Look.') + ollama.calls('rm MARK', 'ls MARK') + ollama.end,
};

/** What it is streamed in, where that is no server-sent events. */
const STREAM_TYPES: Record<string, string> = { 'ollama-chat': 'application/x-ndjson' };

const TOOL_USE = { toolUse: { toolUseId: 'SECRET', name: 'bash', input: { command: 'rm MARK' } } };

const DOCUMENTS: Record<string, string> = {
  'anthropic-messages': JSON.stringify({
    type: 'message',
    content: [
      { type: 'text', text: 'Look.' },
      { type: 'tool_use', id: 'SECRET', name: 'Bash', input: { command: 'rm MARK' } },
    ],
    stop_reason: 'tool_use',
  }),
  'openai-chat': JSON.stringify({
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'SECRET', type: 'function', function: { name: 'bash', arguments: '{"c":"MARK"}' } }],
        },
        finish_reason: 'tool_calls',
      },
    ],
  }),
  'openai-responses': JSON.stringify(responses.response('completed', [responses.functionCall(0, '{"cmd":"rm MARK"}')])),
  'google-generate-content': JSON.stringify(GEMINI),
  'bedrock-converse': JSON.stringify({
    output: { message: { role: 'assistant', content: [{ text: 'Look.' }, TOOL_USE] } },
    stopReason: 'tool_use',
  }),
  'bedrock-invoke': JSON.stringify({ output: { message: { role: 'assistant', content: [TOOL_USE] } }, stopReason: 'tool_use' }),
  'ollama-chat': JSON.stringify({
    ...ollama.head,
    message: { role: 'assistant', content: 'Look.', tool_calls: [ollama.callOf('rm MARK')] },
    ...ollama.LAST,
  }),
};

const cuts = fc.array(fc.nat(), { maxLength: 20 });

/** A change that a broken or hostile provider might make. */
const mutation = fc.oneof(
  fc.record({ kind: fc.constant('drop' as const), at: fc.nat(), length: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ kind: fc.constant('double' as const), at: fc.nat(), length: fc.integer({ min: 1, max: 400 }) }),
  fc.record({ kind: fc.constant('put' as const), at: fc.nat(), bytes: fc.uint8Array({ maxLength: 8 }) }),
  fc.record({
    kind: fc.constant('say' as const),
    at: fc.nat(),
    text: fc.constantFrom('\n', '\r', '\n\n', 'data: ', '{', '}', '"', ',', '\\', ':', '[DONE]', '\uFEFF', 'null'),
  }),
  fc.record({ kind: fc.constant('swap' as const), at: fc.nat(), to: fc.nat() }),
  fc.record({ kind: fc.constant('end' as const), at: fc.nat() }),
);

type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

function mutate(bytes: Buffer, change: Mutation): Buffer {
  const at = bytes.length > 0 ? change.at % bytes.length : 0;
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (change.kind) {
    case 'drop':
      return Buffer.concat([before, after.subarray(change.length)]);
    case 'double':
      return Buffer.concat([before, after.subarray(0, change.length), after]);
    case 'put':
      return Buffer.concat([before, change.bytes, after]);
    case 'say':
      return Buffer.concat([before, Buffer.from(change.text), after]);
    case 'end':
      return before;
    case 'swap': {
      const frames = bytes.toString('latin1').split('\n\n');
      const [one, other] = [change.at % frames.length, change.to % frames.length];
      [frames[one], frames[other]] = [frames[other]!, frames[one]!];
      return Buffer.from(frames.join('\n\n'), 'latin1');
    }
  }
}

function piecesOf(decoder: ResponseDecoder, bytes: Buffer, at: readonly number[]): Piece[] {
  const edges = [0, ...[...new Set(at.map((cut) => cut % Math.max(1, bytes.length)))].sort((a, b) => a - b), bytes.length];
  return [...edges.slice(1).flatMap((edge, i) => decoder.push(bytes.subarray(edges[i], edge))), ...decoder.end()];
}

/** What leaves, with the calls before a piece judged when its turn comes. */
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

/** Tool calls that a lenient client would find in a stream: whatever data it can parse, by type alone. */
function callsIn(stream: Buffer): string[] {
  const found: string[] = [];
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { type, tool_calls: calls, function_call: legacy, functionCall, toolUse, delta } = value as Record<string, unknown>;
    if (typeof type === 'string' && /^(tool_use|function_call|custom_tool_call)$/.test(type)) found.push(type);
    const call = legacy ?? functionCall ?? toolUse;
    if ((Array.isArray(calls) && calls.length > 0) || (typeof call === 'object' && call)) found.push(JSON.stringify(value));
    if (type === 'content_block_delta' && JSON.stringify(delta ?? null).includes('"partial_json"')) found.push(JSON.stringify(value));
    for (const inner of Object.values(value)) look(inner);
  };
  for (const line of stream.toString().split(/\r\n|\r|\n/)) {
    const text = /^(?:data: ?)?(.*)$/s.exec(line)?.[1] ?? '';
    try {
      look(JSON.parse(text));
    } catch {
      // Not what a client can read.
    }
  }
  return found;
}

/** What is streamed in binary messages has a test of its own, `eventstream.test.ts`. */
const BINARY: readonly string[] = ['bedrock-converse', 'bedrock-invoke'];

/** What assistants on the web answer passes unread. */
const UNREAD: readonly string[] = ['web-assistant'];

it('every protocol is tried', () => {
  const names = PROTOCOLS.map(({ name }) => name).sort();
  expect([...Object.keys(DOCUMENTS), ...UNREAD].sort()).toEqual(names);
  expect([...Object.keys(ANSWERS), ...BINARY, ...UNREAD].sort()).toEqual(names);
});

it('a request of any shape is read or named', () => {
  const word = fc.constantFrom(
    'messages',
    'contents',
    'parts',
    'content',
    'request',
    'tools',
    'system',
    'role',
    'input',
    'type',
    'name',
    'f.req',
  );
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 5 },
      fc.jsonValue({ maxDepth: 1 }),
      word,
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(word, tie('any'), { maxKeys: 4 }),
    ),
  })).any;
  const path = fc.constantFrom(
    '/v1internal:streamGenerateContent',
    '/model/x/invoke',
    '/api/chat',
    '/backend-api/conversation',
    '/_/x/StreamGenerate',
  );
  fc.assert(
    fc.property(value, path, (body, at) => {
      for (const text of [JSON.stringify(body), `f.req=${encodeURIComponent(JSON.stringify([null, JSON.stringify(body)]))}`])
        for (const protocol of PROTOCOLS) expect(['read', 'uninspected']).toContain(protocol.readRequest(Buffer.from(text), at).kind);
    }),
    { numRuns: runs(500) },
  );
});

describe.each(PROTOCOLS.filter(({ name }) => !UNREAD.includes(name)).map((protocol) => [protocol.name, protocol] as const))(
  '%s',
  (name, protocol) => {
    const streamType = STREAM_TYPES[name] ?? 'text/event-stream';
    const answer = ANSWERS[name];
    const kinds = [...(answer === undefined ? [] : [[streamType, answer] as const]), ['application/json', DOCUMENTS[name]!] as const];

    it.each(kinds)('loses no byte of random bytes as %s, and never throws', (type) => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 300 }), cuts, (random, at) => {
          const decoder = protocol.responseDecoder(type, { callBytes: 100 })!;
          const bytes = Buffer.from(random);
          expect(written(piecesOf(decoder, bytes, at), () => false).equals(bytes)).toBe(true);
          expect(decoder.keepalive().length).toBeGreaterThan(0);
          expect(decoder.summary().text).toBeTypeOf('string');
        }),
      );
    });

    it.each(kinds)(
      'loses no byte of a mutated answer as %s with nothing refused, and shows no call of it with all refused',
      (type, answer) => {
        fc.assert(
          fc.property(fc.array(mutation, { maxLength: 4 }), cuts, fc.constantFrom(50, 4096), (changes, at, callBytes) => {
            const bytes = changes.reduce(mutate, Buffer.from(answer));
            const decode = () => piecesOf(protocol.responseDecoder(type, { callBytes })!, bytes, at);
            expect(written(decode(), () => false).equals(bytes)).toBe(true);
            expect(callsIn(written(decode(), () => true))).toEqual([]);
          }),
          { numRuns: runs(400) },
        );
      },
    );

    if (answer === undefined) return;

    it('releases the same calls however a mutated answer is cut', () => {
      fc.assert(
        fc.property(fc.array(mutation, { maxLength: 3 }), cuts, fc.nat(), (changes, at, seed) => {
          const bytes = changes.reduce(mutate, Buffer.from(answer));
          const calls = (places: readonly number[]) =>
            piecesOf(protocol.responseDecoder(streamType, { callBytes: 4096 })!, bytes, places).flatMap((piece) =>
              piece.kind === 'call' ? [piece.call] : [],
            );
          const some = (call: ToolCall) => (JSON.stringify(call).length + seed) % 2 === 0;
          const out = (places: readonly number[]) =>
            written(piecesOf(protocol.responseDecoder(streamType, { callBytes: 4096 })!, bytes, places), some).toString();
          expect(calls(at)).toEqual(calls([]));
          expect(out(at)).toBe(out([]));
        }),
      );
    });

    it('shows no call of an answer that breaks off, wherever it does', () => {
      const bytes = Buffer.from(answer);
      for (let length = 0; length < bytes.length; length += 1) {
        const decoder = protocol.responseDecoder(streamType, { callBytes: 4096 })!;
        const out = written(piecesOf(decoder, bytes.subarray(0, length), []), () => true);
        expect([length, callsIn(out), out.includes('MARK')]).toEqual([length, [], false]);
      }
    });
  },
);
