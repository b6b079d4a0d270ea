import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAlike } from '../../../../main/engine/protocols/alike.ts';
import { anthropicStream } from '../../../../main/engine/protocols/anthropic-messages/stream.ts';
import type { ResponseDecoder } from '../../../../main/engine/protocols/pieces.ts';

const LIMITS = { callBytes: 10_000 };

/** What comes out, and what is known of it: calls and bytes in order, and the summary. */
function all(decoder: ResponseDecoder, chunks: readonly Buffer[]) {
  const pieces = [...chunks.flatMap((chunk) => decoder.push(chunk)), ...decoder.end()];
  const out = pieces.map((piece) => {
    if (piece.kind === 'call') return `<${piece.call.uninspected ?? piece.call.tool}>`;
    return Buffer.from(piece.kind === 'pass' ? piece.bytes : piece.bytes(new Map())).toString('latin1');
  });
  return { out: out.join(''), summary: decoder.summary() };
}

const event = (data: { readonly type: string }) => `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
const start = (index: number, block: object) => event({ type: 'content_block_start', index, content_block: block } as { type: string });
const delta = (index: number, said: object) => event({ type: 'content_block_delta', index, delta: said } as { type: string });
const stop = (index: number) => event({ type: 'content_block_stop', index } as { type: string });
const text = (said: string) => delta(0, { type: 'text_delta', text: said });
const opening = event({ type: 'message_start', message: { model: 'm', content: [] } } as { type: string });
const talk = opening + start(0, { type: 'text', text: '' });

/** Read with every event but text between any two: then no frame is known from the one before. */
function unaided(stream: string) {
  const frames = stream.split(/(?<=\n\n)/);
  const { out, summary } = all(
    anthropicStream(LIMITS),
    frames.flatMap((frame) => [Buffer.from(frame), Buffer.from(PING)]),
  );
  return { out: out.replaceAll(PING, ''), summary };
}
const PING = event({ type: 'ping' });

describe('events that differ from one before in a text alone', () => {
  it('say the same as if each had been read', () => {
    const words = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string(),
      fc.constantFrom('text_delta', '\\', '"', '\n', 'data: x', '\u007f', '\u2028', '{"type":"tool_use"}'),
    );
    fc.assert(
      fc.property(fc.array(words), fc.array(fc.nat(2_000)), (said, cuts) => {
        const stream = talk + said.map(text).join('') + stop(0);
        const bytes = Buffer.from(stream);
        const edges = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
        const chunks = edges.slice(1).map((edge, at) => bytes.subarray(edges[at], edge));
        expect(all(anthropicStream(LIMITS), chunks)).toEqual(unaided(stream));
      }),
    );
  });

  it.each([
    ['a member more', text('b').replace('"}}', '","x":{"type":"tool_use","name":"Bash"}}}')],
    ['the text twice', text('b').replace('"}}', '","text":"c"}}')],
    ['another block', delta(1, { type: 'text_delta', text: 'b' })],
    ['another kind of delta', delta(0, { type: 'input_json_delta', partial_json: 'b' })],
    ['what only looks like an escape', text('b').replace('"b"', '"\\"')],
    ['a control character', text('b').replace('b', '\u0001')],
    ['another line of data', text('b').replace('\n\n', '\ndata: {"type":"ping"}\n\n')],
  ])('are read where there is more: %s', (_what, frame) => {
    const stream = talk + text('a') + text('b') + frame + text('c');
    expect(all(anthropicStream(LIMITS), [Buffer.from(stream)])).toEqual(unaided(stream));
  });

  it('are read anew once anything else has come', () => {
    const call =
      start(1, { type: 'tool_use', id: 't', name: 'Bash', input: {} }) + delta(1, { type: 'input_json_delta', partial_json: '{}' });
    const stream = talk + text('a') + text('b') + stop(0) + text('late') + call + stop(1);
    expect(all(anthropicStream(LIMITS), [Buffer.from(stream)])).toEqual(unaided(stream));
    expect(unaided(stream).out).toContain('<unknown-shape>');
  });

  it.each([
    ['the text stands for itself in another writing', String.raw`data: {"type":"text_delta","text":"\u0074ext_delta"}`, 'text_delta'],
    ['the data stands there twice', 'data: {"text":"a"}\n: {"text":"a"}', 'a'],
    ['there is no such place', 'data: {"other":"a"}', 'a'],
    ['it is not ASCII', 'data: {"text":"a","x":"é"}', 'a'],
  ])('are not known where it cannot be told for certain: %s', (_what, lines) => {
    const alike = createAlike();
    const raw = Buffer.from(`${lines}\n\n`);
    alike.note({ raw, data: lines.split('\n')[0]!.slice('data: '.length) }, { path: ['text'], say: () => expect.unreachable() });
    expect(alike.isKnown(raw)).toBe(false);
  });
});
