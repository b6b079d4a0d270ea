import { Readable } from 'node:stream';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codingsOf, decodeStream, decodeWhole } from '../../../../main/engine/interception/encoding.ts';

const encoders = { gzip: gzipSync, 'x-gzip': gzipSync, deflate: deflateSync, br: brotliCompressSync, zstd: zstdCompressSync } as const;
const names = fc.array(fc.constantFrom(...(Object.keys(encoders) as (keyof typeof encoders)[])), { maxLength: 3 });

const encoded = (body: Uint8Array, order: readonly (keyof typeof encoders)[]) =>
  order.reduce<Buffer>((bytes, name) => encoders[name](bytes), Buffer.from(body));

describe('content encodings', () => {
  it('are undone in the order they were applied, at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), names, async (body, order) => {
        expect(await decodeWhole(encoded(body, order), codingsOf([order.join(', ')]), 10_000)).toEqual({
          kind: 'whole',
          bytes: Buffer.from(body),
        });
      }),
      { numRuns: 50 },
    );
  });

  it('are undone while they stream, however they are cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), names, fc.integer({ min: 1, max: 50 }), async (body, order, size) => {
        const bytes = encoded(body, order);
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
        const out = await decodeStream(Readable.from(chunks), codingsOf(order)!).toArray();
        expect(Buffer.concat(out).equals(Buffer.from(body))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('read raw deflate as deflate, as some senders mean it', async () => {
    const body = Buffer.from('raw '.repeat(100));
    expect(await decodeWhole(deflateRawSync(body), codingsOf(['deflate']), 10_000)).toEqual({ kind: 'whole', bytes: body });
    const bytes = deflateRawSync(body);
    const streamed = decodeStream(Readable.from([bytes.subarray(0, 1), bytes.subarray(1)]), ['deflate']);
    expect(Buffer.concat(await streamed.toArray()).equals(body)).toBe(true);
  });

  it.each(Object.keys(encoders))(
    'read an empty body in %s as empty, as senders mean it that name a coding and send nothing',
    async (name) => {
      expect(await decodeWhole(Buffer.alloc(0), codingsOf([name]), 10)).toEqual({ kind: 'whole', bytes: Buffer.alloc(0) });
      expect(await decodeStream(Readable.from([]), codingsOf([name])!).toArray()).toEqual([]);
    },
  );

  it('that are none, or identity, leave the body as it is', async () => {
    expect(codingsOf([])).toEqual([]);
    expect(codingsOf(['Identity, '])).toEqual([]);
  });

  it.each(['snappy', 'gzip, snappy', 'gzip, gzip, gzip, gzip', 'constructor', '__proto__'])(
    'that are not known, or too many, are unreadable: %s',
    async (header) => {
      expect(codingsOf([header])).toBeUndefined();
      expect(await decodeWhole(Buffer.from('x'), codingsOf([header]), 10)).toEqual({ kind: 'unread', why: 'undecodable' });
    },
  );

  it.each(Object.entries(encoders))('in %s that grow beyond the limit are too long, and broken ones unreadable', async (name, encode) => {
    const bytes = encode(Buffer.alloc(100_000));
    expect(await decodeWhole(bytes, codingsOf([name]), 99_999)).toEqual({ kind: 'unread', why: 'too-long' });
    expect(await decodeWhole(bytes, codingsOf([name]), 100_000)).toMatchObject({ kind: 'whole' });
    expect(await decodeWhole(bytes.subarray(0, -5), codingsOf([name]), 200_000)).toEqual({ kind: 'unread', why: 'undecodable' });
  });

  it('break the stream where they are broken', async () => {
    await expect(decodeStream(Readable.from([gzipSync('x'.repeat(1000)).subarray(0, 15)]), ['gzip']).toArray()).rejects.toThrow();
    await expect(decodeStream(Readable.from([Buffer.concat([gzipSync('x'), Buffer.from('more')])]), ['gzip']).toArray()).rejects.toThrow();
  });
});
