import { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { createHelloReader, type HelloReading } from '../../../../main/engine/interception/client-hello.ts';
import { alpn, clientHello, extension, records, serverName } from './hellos.ts';

function read(bytes: Buffer, size = bytes.length): HelloReading {
  const reader = createHelloReader();
  let reading: HelloReading = { kind: 'more' };
  for (let at = 0; at < bytes.length && reading.kind === 'more'; at += size) reading = reader.push(bytes.subarray(at, at + size));
  return reading;
}

/** What Node's own client sends first. */
function ofNode(options: { servername?: string; ALPNProtocols?: string[] }): Promise<Buffer> {
  return new Promise((resolve) => {
    const wire = new Duplex({
      read() {},
      write(chunk: Buffer) {
        resolve(chunk);
      },
    });
    connect({ socket: wire, ...options }).on('error', () => undefined);
  });
}

describe('a TLS greeting', () => {
  it('of a real client is read, however it is cut', async () => {
    const bytes = await ofNode({ servername: 'api.provider.test', ALPNProtocols: ['h2', 'http/1.1'] });
    for (const size of [1, 7, 100, bytes.length]) {
      expect(read(bytes, size)).toEqual({ kind: 'hello', hello: { serverName: 'api.provider.test', alpn: ['h2', 'http/1.1'] } });
    }
  });

  it('that names nothing and offers nothing says so', async () => {
    expect(read(await ofNode({}))).toEqual({ kind: 'hello', hello: { alpn: [] } });
    expect(read(records(clientHello(undefined)))).toEqual({ kind: 'hello', hello: { alpn: [] } });
  });

  it('is read from records of one byte each', () => {
    const bytes = records(clientHello([serverName('a.test'), alpn('h2')]), 1);
    expect(read(bytes)).toEqual({ kind: 'hello', hello: { serverName: 'a.test', alpn: ['h2'] } });
  });

  it('names its server beside an encrypted greeting within it, be that one in earnest or not', () => {
    const encrypted = extension(0xfe0d, Buffer.alloc(250, 5));
    expect(read(records(clientHello([encrypted, serverName('a.test')])))).toMatchObject({ hello: { serverName: 'a.test' } });
  });

  it('may be as long as 64 KB', () => {
    const long = clientHello([extension(21, Buffer.alloc(65_000)), serverName('a.test')]);
    expect(read(records(long))).toMatchObject({ kind: 'hello', hello: { serverName: 'a.test' } });
  });

  it.each([
    ['has two server names', clientHello([serverName('a.test'), serverName('b.test')])],
    ['has two names in one list', clientHello([extension(0, Buffer.from('000c000001610000016200000163', 'hex'))])],
    ['has an empty server name', clientHello([serverName('')])],
    ['has another kind of name', clientHello([extension(0, Buffer.from('000401000161', 'hex'))])],
    ['has an extension that is cut short', clientHello([extension(16, Buffer.from('00ff0268', 'hex'))])],
    ['is another message', Buffer.from('0200000100', 'hex')],
    ['is empty', Buffer.from('01000000', 'hex')],
    ['claims 16 MB', Buffer.from('01ffffff00', 'hex')],
  ])('that %s is unclear', (_name, message) => {
    expect(read(records(message))).toEqual({ kind: 'unclear' });
  });

  it.each([
    ['an empty record', '1603010000'],
    ['a record that is too long', '1603014001'],
    ['another version', '160201'],
    ['another record in the middle', '160301000101140301000101'],
  ])('with %s is unclear', (_name, hex) => {
    expect(read(Buffer.from(hex, 'hex'))).toEqual({ kind: 'unclear' });
  });

  it('that is not complete waits for more', () => {
    const bytes = records(clientHello([serverName('a.test')]));
    expect(read(bytes.subarray(0, -1))).toEqual({ kind: 'more' });
  });
});
