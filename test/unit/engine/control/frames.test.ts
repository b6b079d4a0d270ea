import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFrame, frameReader } from '../../../../main/engine/control/frames.ts';

const framed = (body: string, header = `Content-Length: ${Buffer.byteLength(body)}`) => Buffer.from(`${header}\r\n\r\n${body}`);

/** What is read when `bytes` arrive cut at `cuts`. */
function read(bytes: Buffer, cuts: readonly number[] = [], maxBytes = 1000): unknown[] {
  const edges = [0, ...[...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b), bytes.length];
  const reader = frameReader(maxBytes);
  return edges.slice(1).flatMap((edge, i) => reader(bytes.subarray(edges[i], edge)));
}

describe('frames', () => {
  it('are read as they were written, however they are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 5 }), fc.array(fc.nat(), { maxLength: 40 }), (messages, cuts) => {
        const bytes = Buffer.concat(messages.map(encodeFrame));
        expect(read(bytes, cuts, 1_000_000)).toEqual(JSON.parse(JSON.stringify(messages)));
      }),
    );
  });

  it.each<[string, Buffer]>([
    ['a foreign protocol, at its first byte', Buffer.from('G')],
    ['a TLS handshake', Buffer.from([0x16, 3, 1, 2, 0])],
    ['a giant length', framed('{}', 'Content-Length: 999999999')],
    ['a length beyond the limit', framed('x'.repeat(1001))],
    ['a length of more digits than we read', framed('{}', `Content-Length: ${'9'.repeat(30)}`)],
    ['a negative length', framed('{}', 'Content-Length: -2')],
    ['a length that is no number', framed('{}', 'Content-Length: 0x2')],
    ['a second header', framed('{}', 'Content-Length: 2\r\nContent-Type: text/plain')],
    ['a header without end', Buffer.from(`Content-Length: ${' '.repeat(300)}`)],
    ['text that is not JSON', framed('{"a":')],
    ['text that is not UTF-8', Buffer.concat([Buffer.from('Content-Length: 3\r\n\r\n"'), Buffer.from([0xff]), Buffer.from('"')])],
    ['nothing at all', framed('')],
  ])('are refused for %s', (_what, bytes) => {
    expect(() => read(bytes)).toThrow(expect.objectContaining({ code: 'control-refused' }));
  });

  it('take a message of exactly the limit', () => {
    const body = JSON.stringify('x'.repeat(998));
    expect(read(framed(body))).toEqual(['x'.repeat(998)]);
  });

  it('take a long message in small pieces without reading it again for each', () => {
    const message = 'x'.repeat(900_000);
    const bytes = encodeFrame(message);
    const reader = frameReader(1_000_000);
    const messages: unknown[] = [];
    for (let at = 0; at < bytes.length; at += 10) messages.push(...reader(bytes.subarray(at, at + 10)));
    expect(messages).toEqual([message]);
  });
});
