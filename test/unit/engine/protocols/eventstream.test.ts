import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEventstreamSplitter, eventstreamMessage, withPayload } from '../../../../main/engine/protocols/eventstream.ts';
import { event, exception, message, readAll } from './bedrock-events.ts';
import { cuts } from './receive.ts';

const stream = Buffer.concat([
  event('messageStart', { role: 'assistant' }),
  event('metadata', {}),
  exception('throttlingException', 'Slow.'),
]);

function split(bytes: Uint8Array, at: readonly number[] | 'bytes' = [], max?: number) {
  const splitter = createEventstreamSplitter(max);
  const places = at === 'bytes' ? [...bytes.keys()] : at.map((cut) => cut % Math.max(1, bytes.length));
  const edges = [0, ...[...new Set(places)].sort((a, b) => a - b), bytes.length];
  const messages = edges.slice(1).flatMap((edge, i) => splitter.push(bytes.subarray(edges[i], edge)));
  return { messages, rest: Buffer.from(splitter.rest()) };
}

const all = ({ messages, rest }: ReturnType<typeof split>) => Buffer.concat([...messages.map(({ raw }) => raw), rest]);

/** With one bit of it the other way round. */
function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at]! ^= 1;
  return copy;
}

describe('a binary event stream', () => {
  it('comes out message by message, however it is cut', () => {
    fc.assert(
      fc.property(cuts, (at) => {
        const { messages, rest } = split(stream, at);
        expect(messages.map(({ headers }) => headers.get(':event-type') ?? headers.get(':exception-type'))).toEqual([
          'messageStart',
          'metadata',
          'throttlingException',
        ]);
        expect(rest).toHaveLength(0);
      }),
    );
    expect(split(stream, 'bytes').messages.map(({ payload }) => Buffer.from(payload).toString())[2]).toBe('{"message":"Slow."}');
  });

  it('loses no byte of any bytes, and never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), cuts, (bytes, after, at) => {
        const given = Buffer.concat(after ? [stream, bytes] : [bytes]);
        expect(all(split(given, at)).equals(given)).toBe(true);
      }),
    );
  });

  it('has no message that is read with a bit of it changed', () => {
    const one = event('messageStart', { role: 'assistant' });
    for (let at = 0; at < one.length; at += 1) {
      const changed = split(Buffer.concat([flipped(one, at), one]));
      expect(changed.messages[0]).toMatchObject({ trouble: 'malformed', payload: new Uint8Array(0) });
      // The end of a message whose length cannot be trusted is not known: nothing after it is read either.
      if (at < 12) expect(changed.messages.every(({ trouble }) => trouble === 'malformed')).toBe(true);
      else expect(changed.messages[1]).not.toHaveProperty('trouble');
    }
  });

  it.each([
    ['a header twice', 'duplicate-key', ['a', 'a']],
    ['a header twice in other letters', 'duplicate-key', [':event-type', ':Event-Type']],
    ['headers without end', 'too-long', Array.from({ length: 65 }, (_, i) => `h${i}`)],
  ] as const)('with %s is %s', (_what, trouble, names) => {
    const block = Buffer.concat(
      names.map((name) => Buffer.concat([Buffer.from([name.length]), Buffer.from(name), Buffer.from([7, 0, 0])])),
    );
    expect(split(withHeaders(block)).messages).toMatchObject([{ trouble }]);
  });

  it.each([
    ['a type that does not exist', [1, 0x61, 10]],
    ['a value that is longer than all of them', [1, 0x61, 7, 0, 9]],
    ['a name that is longer than all of them', [9, 0x61]],
    ['a number without its end', [1, 0x61, 5, 0]],
  ])('with a header of %s is malformed', (_what, block) => {
    expect(split(withHeaders(Buffer.from(block))).messages).toMatchObject([{ trouble: 'malformed' }]);
  });

  it('with a header that is no UTF-8 is not decodable', () => {
    expect(split(withHeaders(Buffer.from([1, 0x61, 7, 0, 1, 0xff]))).messages).toMatchObject([{ trouble: 'undecodable' }]);
  });

  it('keeps nothing of a message that is too long, and reads on after it', () => {
    const long = event('messageStart', { role: 'x'.repeat(500) });
    for (const at of [[], [5], [100, 300], 'bytes'] as const) {
      const given = Buffer.concat([long, event('metadata', {})]);
      const seen = split(given, at, 300);
      expect(seen.messages.slice(0, -1).every(({ trouble }) => trouble === 'too-long')).toBe(true);
      expect(seen.messages.at(-1)?.headers.get(':event-type')).toBe('metadata');
      expect(all(seen).equals(given)).toBe(true);
    }
  });

  it('gives back what came of a message that is not whole', () => {
    expect(split(stream.subarray(0, stream.length - 1)).messages).toHaveLength(2);
    expect(split(stream.subarray(0, 5)).rest).toEqual(stream.subarray(0, 5));
  });
});

describe('a message of ours', () => {
  it('is read by AWS’s own codec', () => {
    expect(readAll(eventstreamMessage({ ':event-type': 'ping', x: 'é' }, Buffer.from('{"a":"é"}')))).toEqual([
      { name: 'ping', data: { a: 'é' } },
    ]);
  });

  it('with another payload keeps its headers', () => {
    const changed = withPayload(message({ ':event-type': 'a', b: 'c' }, '{}'), Buffer.from('{"x":1}'));
    expect(readAll(changed)).toEqual([{ name: 'a', data: { x: 1 } }]);
    expect(split(changed).messages[0]?.headers.get('b')).toBe('c');
  });
});

/** A message with these bytes where its headers stand. */
function withHeaders(block: Buffer): Buffer {
  const empty = Buffer.from(message({}, block));
  // A payload becomes headers by the prelude alone, and its checksums are made anew by the writer.
  const raw = Buffer.from(empty);
  raw.writeUInt32BE(block.length, 4);
  return Buffer.from(withPayload(raw, Buffer.from('{}')));
}
