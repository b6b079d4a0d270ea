import { createServer, type Socket } from 'node:net';
import { connect, createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { alpn, clientHello, records, serverName } from '../../unit/engine/interception/hellos.ts';
import {
  connected,
  type Proxy as Interceptor,
  listening,
  PROVIDER,
  plainClient,
  providerCaPem,
  providerIdentity,
  startProvider,
  startProxy,
} from './support.ts';

const ask = `GET / HTTP/1.1\r\nHost: ${PROVIDER}\r\nConnection: close\r\n\r\n`;

async function secured(socket: Socket, ca: string, servername: string): Promise<TLSSocket> {
  const secure = connect({ socket, ca, servername });
  onTestFinished(() => void secure.destroy());
  await new Promise((resolve, reject) =>
    secure
      .once('secureConnect', resolve)
      .once('error', reject)
      .once('close', () => reject(new Error('closed'))),
  );
  return secure;
}

async function answerOf(secure: TLSSocket, request: string): Promise<string> {
  let text = '';
  secure.on('data', (chunk) => (text += chunk));
  secure.write(request);
  await new Promise((resolve) => secure.once('end', resolve).once('close', resolve));
  return text;
}

/** A TLS connection to the proxy's port without CONNECT, as redirected traffic comes. */
async function redirected(proxy: Interceptor): Promise<Socket> {
  return (await plainClient(proxy.interception.port)).socket.removeAllListeners('data');
}

const bank = () => listening(createTlsServer(providerIdentity('bank.test'), (socket) => void socket.end('the bank')));
const reached = () => startProvider((_request, response) => void response.end('the provider'));

describe('TLS without CONNECT', () => {
  it('for a host that is intercepted is intercepted', async () => {
    const proxy = await startProxy({ provider: await reached() });
    const secure = await secured(await redirected(proxy), proxy.authority.certificatePem, PROVIDER);
    expect(await answerOf(secure, ask)).toContain('the provider');
    expect(proxy.told.requests[0]?.head).toMatchObject({ host: PROVIDER, port: 443 });
    expect(proxy.told.events).toMatchObject([{ kind: 'intercepted', host: PROVIDER, port: 443 }]);
  });

  it('for another host is tunnelled there by its name, unread', async () => {
    const { port } = await bank();
    const proxy = await startProxy({ resolve: { 'bank.test': `127.0.0.1:${port}` } });
    const secure = await secured(await redirected(proxy), providerCaPem, 'bank.test');
    expect(await answerOf(secure, '')).toBe('the bank');
    expect(proxy.told.events).toMatchObject([{ kind: 'tunnelled', host: 'bank.test', port: 443 }]);
  });

  it.each([
    ['names nobody', records(clientHello([alpn('h2')]))],
    ['names what is no host', records(clientHello([serverName('127.1')]))],
    ['names two', records(clientHello([serverName('bank.test'), serverName(PROVIDER)]))],
    ['is not TLS after all', Buffer.from([0x16, 3, 1, 0, 5, 1, 2, 3, 4, 5])],
  ])('whose greeting %s is closed and reported', async (_name, bytes) => {
    const proxy = await startProxy();
    const client = await plainClient(proxy.interception.port);
    client.socket.end(bytes);
    await client.over;
    expect(client.text()).toBe('');
    expect(proxy.told.events).toMatchObject([
      { kind: 'refused', host: '127.0.0.1', port: proxy.interception.port, message: expect.stringContaining('names no server') },
    ]);
  });

  it('to a host that policy refuses is closed and reported, and nobody is dialled', async () => {
    const server = await bank();
    const proxy = await startProxy({
      resolve: { 'bank.test': `127.0.0.1:${server.port}` },
      connect: async ({ host, port }) => ({ kind: 'refuse', message: `No ${host}:${port} today.` }),
    });
    await expect(secured(await redirected(proxy), providerCaPem, 'bank.test')).rejects.toThrow();
    expect(proxy.told.events).toMatchObject([{ kind: 'refused', host: 'bank.test', port: 443, message: 'No bank.test:443 today.' }]);
    expect(server.sockets.size).toBe(0);
  });
});

describe('CONNECT', () => {
  it.each([
    ['an address', '127.0.0.1'],
    ['another name', 'front.test'],
  ])('to %s whose greeting names a host that is intercepted is intercepted as that host', async (_name, host) => {
    const provider = await reached();
    const other = await listening(createServer());
    const proxy = await startProxy({ provider, resolve: { [host]: `127.0.0.1:${other.port}` } });
    const secure = await secured(await connected(proxy, `${host}:443`), proxy.authority.certificatePem, PROVIDER);
    expect(await answerOf(secure, ask)).toContain('the provider');
    expect(proxy.told.requests[0]?.head).toMatchObject({ host: PROVIDER, port: 443 });
    await expect.poll(() => other.sockets.size).toBe(0);
  });

  it('is intercepted so even where the greeting comes a byte at a time', async () => {
    let received = 0;
    const other = await listening(createServer((socket) => void socket.on('data', (chunk) => (received += chunk.length))));
    const proxy = await startProxy({ resolve: { 'front.test': `127.0.0.1:${other.port}` } });
    const socket = await connected(proxy, 'front.test:443');
    socket.resume().on('error', () => undefined);
    for (const byte of records(clientHello([serverName(PROVIDER)]), 20)) {
      socket.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    // Its ciphers are none of today's.
    await expect.poll(() => proxy.told.events.at(-1)).toMatchObject({ kind: 'tls-refused', host: PROVIDER });
    expect(received).toBe(0);
  });

  it('to a host that is not intercepted carries its TLS unread', async () => {
    const { port } = await bank();
    const proxy = await startProxy({ resolve: { 'bank.test': `127.0.0.1:${port}` } });
    const secure = await secured(await connected(proxy, 'bank.test:443'), providerCaPem, 'bank.test');
    expect(await answerOf(secure, '')).toBe('the bank');
    expect(proxy.told.events).toMatchObject([{ kind: 'tunnelled', host: 'bank.test' }]);
  });

  it('to a server that speaks first lets it, while the client still listens', async () => {
    const server = await listening(
      createServer((socket) => {
        socket.write('SSH-2.0-server\r\n');
        socket.once('data', (chunk) => socket.end(`you are ${chunk}`));
      }),
    );
    const proxy = await startProxy({ resolve: { 'host.test': `127.0.0.1:${server.port}` } });
    const { socket, text } = await plainClient(proxy.interception.port);
    socket.write('CONNECT host.test:22 HTTP/1.1\r\nHost: host.test:22\r\n\r\n');
    await expect.poll(text).toMatch(/\r\n\r\nSSH-2.0-server\r\n$/);
    socket.write('SSH-2.0-client');
    await expect.poll(text).toMatch(/\r\n\r\nSSH-2.0-server\r\nyou are SSH-2.0-client$/);
  });

  it.each([
    ['which name two servers', [serverName('bank.test'), serverName(PROVIDER)]],
    ['which name a server with its port', [serverName(`${PROVIDER}:443`)]],
    ['which name a server with a blank', [serverName(`${PROVIDER} `)]],
  ])('whose first bytes begin like TLS and cannot be read (%s) is closed and reported', async (_name, greeting) => {
    let received = 0;
    const server = await listening(createServer((socket) => void socket.on('data', (chunk) => (received += chunk.length))));
    const proxy = await startProxy({ resolve: { 'bank.test': `127.0.0.1:${server.port}` } });
    const socket = await connected(proxy, 'bank.test:443');
    const closed = new Promise((resolve) => socket.once('close', resolve).on('error', () => undefined));
    socket.resume().write(records(clientHello(greeting)));
    await closed;
    expect(received).toBe(0);
    expect(proxy.told.events.at(-1)).toMatchObject({ kind: 'refused', host: 'bank.test', port: 443 });
  });

  it('to a host that policy refuses is answered 403 with the sentence, reported, and nobody is dialled', async () => {
    const server = await listening(createServer());
    const proxy = await startProxy({
      resolve: { 'bank.test': `127.0.0.1:${server.port}` },
      connect: async ({ host, port }) => ({ kind: 'refuse', message: `No ${host}:${port} today.` }),
    });
    const client = await plainClient(proxy.interception.port);
    client.socket.write('CONNECT bank.test:443 HTTP/1.1\r\nHost: x\r\n\r\n');
    await client.over;
    expect(client.text()).toMatch(/^HTTP\/1.1 403 Forbidden\r\n.*Holdpoint: No bank.test:443 today.\n$/s);
    expect(proxy.told.events).toMatchObject([{ kind: 'refused', host: 'bank.test', port: 443, message: 'No bank.test:443 today.' }]);
    expect(server.sockets.size).toBe(0);
  });

  it('is not asked of policy for a host that is intercepted', async () => {
    const asked: string[] = [];
    const proxy = await startProxy({
      provider: await reached(),
      connect: async ({ host }) => {
        asked.push(host);
        return { kind: 'release' };
      },
    });
    const secure = await secured(await connected(proxy, `${PROVIDER}:443`), proxy.authority.certificatePem, PROVIDER);
    expect(await answerOf(secure, ask)).toContain('the provider');
    expect(asked).toEqual([]);
  });
});

describe('plain HTTP to a host that policy refuses', () => {
  it('is answered 403 with the sentence, and policy is asked once for a connection', async () => {
    let asked = 0;
    const proxy = await startProxy({
      connect: async () => {
        asked += 1;
        return { kind: 'refuse', message: 'Not there.' };
      },
    });
    const client = await plainClient(proxy.interception.port);
    for (let i = 0; i < 2; i += 1) client.socket.write('GET http://bank.test/ HTTP/1.1\r\nHost: bank.test\r\n\r\n');
    await expect.poll(() => client.text().match(/403 Forbidden|Holdpoint: Not there\./g)).toHaveLength(4);
    expect(asked).toBe(1);
  });
});
