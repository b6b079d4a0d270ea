import { createHash, randomBytes } from 'node:crypto';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connected, listening, PROVIDER, plainClient, startProxy } from './support.ts';

async function answerTo(port: number, text: string): Promise<string> {
  const client = await plainClient(port);
  client.socket.write(text);
  await client.over;
  return client.text();
}

describe('a tunnel', () => {
  it('carries bytes unread and unchanged, both ways at once', async () => {
    const server = await listening(createServer((socket) => socket.pipe(socket)));
    const proxy = await startProxy({ resolve: { 'bank.test': `127.0.0.1:${server.port}` } });
    const socket = await connected(proxy, 'bank.test:443');
    const sent = randomBytes(5_000_000);
    const hash = createHash('sha256');
    socket.on('data', (chunk) => hash.update(chunk));
    socket.end(sent);
    await new Promise((resolve) => socket.once('end', resolve));
    expect(hash.digest('hex')).toBe(createHash('sha256').update(sent).digest('hex'));
    expect(proxy.told.requests).toEqual([]);
    expect(proxy.told.events).toMatchObject([{ kind: 'tunnelled', host: 'bank.test', port: 443 }]);
  });

  it('carries what the client sent along with its CONNECT', async () => {
    const server = await listening(createServer((socket) => socket.pipe(socket)));
    const proxy = await startProxy({ resolve: { 'bank.test': `127.0.0.1:${server.port}` } });
    const client = await plainClient(proxy.interception.port);
    client.socket.write('CONNECT bank.test:443 HTTP/1.1\r\nHost: bank.test:443\r\n\r\nhello at once');
    await expect.poll(() => client.text()).toBe('HTTP/1.1 200 Connection Established\r\n\r\nhello at once');
  });

  it('keeps one direction open when the other has ended', async () => {
    const server = await listening(
      createServer({ allowHalfOpen: true }, (socket) => {
        let heard = '';
        socket.on('data', (chunk) => (heard += chunk));
        socket.on('end', () => socket.end(`heard ${heard}`));
      }),
    );
    const proxy = await startProxy({ resolve: { 'bank.test': `127.0.0.1:${server.port}` } });
    const client = await plainClient(proxy.interception.port);
    client.socket.end('CONNECT bank.test:443 HTTP/1.1\r\nHost: bank.test:443\r\n\r\nall of it');
    await client.over;
    expect(client.text()).toMatch(/heard all of it$/);
  });

  it('ends on both sides when either breaks', async () => {
    const ends: Socket[] = [];
    const server = await listening(createServer((socket) => void ends.push(socket)));
    const proxy = await startProxy({ resolve: { 'bank.test': `127.0.0.1:${server.port}` } });
    const first = await connected(proxy, 'bank.test:443');
    const second = await connected(proxy, 'bank.test:443');
    await expect.poll(() => ends.length).toBe(2);
    const closed = new Promise((resolve) => second.on('error', resolve).once('close', resolve));
    first.resetAndDestroy();
    await expect.poll(() => server.sockets.size).toBe(1);
    for (const socket of server.sockets) socket.resetAndDestroy();
    await closed;
  });

  it.each([
    ['that nobody listens on', 'down.test:443', /^HTTP\/1.1 502 .*could not be reached: connect ECONNREFUSED/s],
    ['of a cloud’s metadata service', '169.254.169.254:80', /^HTTP\/1.1 502 .*metadata/s],
    ['of it through IPv6', '[::ffff:169.254.169.254]:80', /^HTTP\/1.1 502 .*metadata/s],
    ['of it through NAT64', '[64:ff9b::a9fe:a9fe]:80', /^HTTP\/1.1 502 .*metadata/s],
    ['that is link-local', '[fe80::1]:80', /^HTTP\/1.1 502 .*metadata/s],
    ['that means every address', '0.0.0.0:80', /^HTTP\/1.1 502 .*metadata/s],
    ['without a port', 'bank.test', /^HTTP\/1.1 400 .*CONNECT needs/s],
    ['with a user', 'user@bank.test:443', /^HTTP\/1.1 400 .*CONNECT needs/s],
    ['with port 0', 'bank.test:0', /^HTTP\/1.1 400 .*CONNECT needs/s],
    ['that is a number', '2130706433:80', /^HTTP\/1.1 400 .*CONNECT needs/s],
    ['that is a short number', '127.1:80', /^HTTP\/1.1 400 .*CONNECT needs/s],
  ])('to an address %s is refused with a reason', async (_name, target, answer) => {
    const proxy = await startProxy({ resolve: { 'down.test': '127.0.0.1:1' } });
    expect(await answerTo(proxy.interception.port, `CONNECT ${target} HTTP/1.1\r\nHost: x\r\n\r\n`)).toMatch(answer);
  });

  it.each([
    ['CONNECT', 'CONNECT 169.254.169.254:80 HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['absolute-form', 'GET http://169.254.169.254/latest/meta-data HTTP/1.1\r\nHost: 169.254.169.254\r\n\r\n'],
  ])('to a cloud’s metadata service, by %s, is recorded as refused and not as tunnelled', async (_name, asked) => {
    const proxy = await startProxy();
    const client = await plainClient(proxy.interception.port);
    client.socket.write(asked);
    await expect.poll(() => client.text()).toMatch(/^HTTP\/1.1 502 .*metadata/s);
    expect(proxy.told.events).toMatchObject([{ kind: 'refused', host: '169.254.169.254', message: expect.stringContaining('metadata') }]);
  });

  it('to this machine is opened where the client asks for this machine by name or address', async () => {
    const server = await listening(createServer((socket) => void socket.end('local')));
    const proxy = await startProxy();
    for (const host of ['127.0.0.1', 'localhost']) {
      expect(await answerTo(proxy.interception.port, `CONNECT ${host}:${server.port} HTTP/1.1\r\nHost: x\r\n\r\n`)).toMatch(/local$/);
    }
  });

  it('to this machine’s IPv6 address is opened as well', async () => {
    const server = createServer((socket) => void socket.end('local'));
    await new Promise<void>((resolve) => server.listen(0, '::1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const proxy = await startProxy();
    expect(await answerTo(proxy.interception.port, `CONNECT [::1]:${port} HTTP/1.1\r\nHost: x\r\n\r\n`)).toMatch(/local$/);
  });

  it('is refused with 503 when 256 are open, and granted again when one has closed', async () => {
    const server = await listening(createServer(() => undefined));
    const proxy = await startProxy({ resolve: { 'bank.test': `127.0.0.1:${server.port}` } });
    const open = await Promise.all(Array.from({ length: 256 }, () => connected(proxy, 'bank.test:443')));
    await expect(connected(proxy, 'bank.test:443')).rejects.toThrow('503');
    await expect(connected(proxy, `${PROVIDER}:443`)).rejects.toThrow('503');
    open[0]!.destroy();
    await expect.poll(() => connected(proxy, 'bank.test:443').then(() => 'granted', String)).toBe('granted');
    for (const socket of open) socket.destroy();
  });
});
