import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHelloReader, type HelloReading } from '../../main/engine/interception/client-hello.ts';
import { alpn, clientHello, extension, records, serverName } from '../unit/engine/interception/hellos.ts';
import { runs } from './runs.ts';

function read(bytes: Buffer, cuts: readonly number[]): HelloReading {
  const reader = createHelloReader();
  let reading: HelloReading = { kind: 'more' };
  const places = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  for (let i = 0; i + 1 < places.length && reading.kind === 'more'; i += 1) reading = reader.push(bytes.subarray(places[i], places[i + 1]));
  return reading;
}

const cuts = fc.array(fc.nat(100_000), { maxLength: 20 });
const name = fc.string({ minLength: 1, maxLength: 80, unit: fc.constantFrom(...'abcxyz019.-_') });

describe('the reader of TLS greetings', () => {
  it('says the same of a greeting in any cutting and any records', () => {
    const greeting = fc.record({
      name: fc.option(name, { nil: undefined }),
      protocols: fc.array(fc.string({ minLength: 1, maxLength: 20, unit: 'binary-ascii' }), { minLength: 1, maxLength: 5 }),
      other: fc.array(fc.tuple(fc.integer({ min: 100, max: 60_000 }), fc.uint8Array({ maxLength: 300 })), { maxLength: 4 }),
      size: fc.integer({ min: 1, max: 16_384 }),
    });
    fc.assert(
      fc.property(greeting, cuts, ({ name, protocols, other, size }, at) => {
        const rest = [...new Map(other)].map(([type, body]) => extension(type, Buffer.from(body)));
        const extensions = [...rest, ...(name === undefined ? [] : [serverName(name)]), alpn(...protocols)];
        expect(read(records(clientHello(extensions), size), at)).toEqual({
          kind: 'hello',
          hello: { ...(name !== undefined && { serverName: name }), alpn: protocols },
        });
      }),
      { numRuns: runs(300) },
    );
  });

  it('never throws, and says the same of any bytes in any cutting', () => {
    const base = records(clientHello([serverName('a.test'), alpn('h2', 'http/1.1')]));
    const broken = fc.tuple(fc.nat(base.length - 1), fc.integer({ min: 0, max: 255 })).map(([at, byte]) => {
      const bytes = Buffer.from(base);
      bytes[at] = byte;
      return bytes;
    });
    const bytes = fc.oneof(
      broken,
      fc.uint8Array({ maxLength: 400 }).map((some) => Buffer.concat([Buffer.from([0x16, 3, 1]), some])),
      fc.nat(base.length).map((length) => base.subarray(0, length)),
    );
    fc.assert(
      fc.property(bytes, cuts, (some, at) => {
        expect(read(some, at)).toEqual(read(some, []));
      }),
      { numRuns: runs(1_000) },
    );
  });
});
