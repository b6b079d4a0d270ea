import { execFile } from 'node:child_process';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { listening, PROVIDER, plainClient, startProvider, startProxy, tunnelClient } from './support.ts';

const run = promisify(execFile);

describe('the proxy’s port', () => {
  it.each([
    ['SOCKS', Buffer.from([5, 1, 0])],
    ['zeros', Buffer.alloc(100)],
    ['words', Buffer.from('EHLO me\r\n')],
    ['HTTP/2', Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')],
    ['half a request', Buffer.from('GET http://x/ HTTP/1.1\r\nHo')],
    [
      'a head without end',
      Buffer.from(`GET http://x/ HTTP/1.1\r\nX: ${'y'.repeat(100_000)}`),
      /^HTTP\/1.1 431 .*Holdpoint: The request's head is longer/s,
    ],
  ])(
    'answers %s with a readable refusal and reports it',
    async (_name, bytes, said = /^HTTP\/1.1 400 .*Holdpoint: This port is a proxy for HTTP/s) => {
      const proxy = await startProxy();
      const client = await plainClient(proxy.interception.port);
      client.socket.end(bytes);
      await client.over;
      expect(client.text()).toMatch(said);
      expect(proxy.told.events).toMatchObject([{ kind: 'refused', host: '127.0.0.1', port: proxy.interception.port }]);
      expect(proxy.told.log).toMatchObject([{ kind: 'foreign-bytes' }]);
    },
  );

  it('says what it is to a browser', async () => {
    const proxy = await startProxy();
    const response = await fetch(proxy.interception.proxyUrl);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('Set it as HTTPS_PROXY');
  });

  it.each(['127.0.0.1', 'localhost', '[::1]'])(
    'is not reached through itself at %s: whose connection it was would be lost',
    async (host) => {
      const proxy = await startProxy();
      const client = await plainClient(proxy.interception.port);
      client.socket.write(`CONNECT ${host}:${proxy.interception.port} HTTP/1.1\r\nHost: x\r\n\r\n`);
      await expect.poll(() => client.text()).toMatch(/^HTTP\/1.1 502 .*own port/s);
      expect(proxy.told.events).toMatchObject([{ kind: 'refused', host: host.replace(/[[\]]/g, '') }]);
    },
  );

  it('serves its revocation list also to who asks for it through the proxy', async () => {
    const proxy = await startProxy();
    const client = await plainClient(proxy.interception.port);
    const { host } = new URL(proxy.interception.proxyUrl);
    client.socket.write(`GET http://${host}/holdpoint.crl HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    await expect.poll(() => client.text()).toMatch(/^HTTP\/1.1 200 .*pkix-crl/s);
  });

  it('serves the revocation list that certificates point to', async () => {
    const proxy = await startProxy();
    const response = await fetch(`${proxy.interception.proxyUrl}/holdpoint.crl`);
    expect(response.headers.get('content-type')).toBe('application/pkix-crl');
    const openssl = run('openssl', ['crl', '-inform', 'DER', '-CAfile', proxy.authority.caFile, '-noout', '-text'], { encoding: 'utf8' });
    openssl.child.stdin!.end(Buffer.from(await response.arrayBuffer()));
    const { stdout, stderr } = await openssl;
    expect(stdout).toContain('No Revoked Certificates');
    expect(stderr).toContain('verify OK');
  });

  it('that another program has is named, with what to do', async () => {
    const other = await listening(createServer());
    await expect(startProxy({ port: other.port })).rejects.toMatchObject({
      code: 'port-busy',
      message: expect.stringMatching(`Port ${other.port} .*proxy\\.port`),
    });
  });

  it('is the same one on ::1 where there is one', async ({ skip }) => {
    const proxy = await startProxy();
    if (proxy.told.log.some(({ kind }) => kind === 'address-unavailable')) skip('This machine has no ::1.');
    const client = await plainClient(proxy.interception.port, '::1');
    client.socket.write('GET /holdpoint.crl HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    await client.over;
    expect(client.text()).toMatch(/^HTTP\/1.1 200 /);
  });

  it('forwards plain HTTP in absolute-form, inspected or not', async () => {
    const server = await listening(createHttpServer((request, response) => void response.end(`${request.headers.host} ${request.url}`)));
    const proxy = await startProxy({ resolve: { [PROVIDER]: `127.0.0.1:${server.port}`, 'other.test': `127.0.0.1:${server.port}` } });
    const client = await plainClient(proxy.interception.port);
    for (const host of [PROVIDER, 'other.test', `${PROVIDER}:8080`])
      client.socket.write(`GET http://${host}/a?b HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    await expect.poll(() => client.text().match(/\S+ \/a\?b/g)).toEqual([`${PROVIDER} /a?b`, 'other.test /a?b', `${PROVIDER}:8080 /a?b`]);
    expect(proxy.told.requests.map(({ head }) => `${head.host}:${head.port}`)).toEqual([`${PROVIDER}:80`, `${PROVIDER}:8080`]);
    expect(proxy.told.events.map(({ kind, host }) => `${kind} ${host}`).sort()).toEqual([
      `intercepted ${PROVIDER}`,
      `intercepted ${PROVIDER}`,
      'tunnelled other.test',
    ]);
  });

  it.each([
    ['another Host', 'GET http://other.test/ HTTP/1.1\r\nHost: bank.test\r\n\r\n', 421],
    ['a WebSocket', 'GET http://other.test/ HTTP/1.1\r\nHost: other.test\r\nConnection: upgrade\r\nUpgrade: WebSocket\r\n\r\n', 426],
    ['a user in the URL', 'GET http://me@other.test/ HTTP/1.1\r\nHost: other.test\r\n\r\n', 400],
    ['another scheme', 'GET ftp://other.test/ HTTP/1.1\r\nHost: other.test\r\n\r\n', 400],
  ])('refuses absolute-form with %s', async (_name, message, status) => {
    const proxy = await startProxy();
    const client = await plainClient(proxy.interception.port);
    client.socket.write(message);
    await expect.poll(() => client.text()).toMatch(new RegExp(`^HTTP/1.1 ${status} .*Holdpoint: `, 's'));
  });

  it('closes with what is idle at once, and with what is under way when that has ended', async () => {
    let answer!: () => void;
    const provider = await startProvider((_request, response) => {
      response.flushHeaders();
      answer = () => response.end('the end');
    });
    const proxy = await startProxy({ provider });
    const idle = await plainClient(proxy.interception.port);
    const busy = await tunnelClient(proxy);
    busy.socket.write(`GET / HTTP/1.1\r\nHost: ${PROVIDER}\r\n\r\n`);
    await expect.poll(() => busy.text()).toContain('200 OK');
    const closed = proxy.interception.close();
    await idle.over;
    answer();
    await expect.poll(() => busy.text()).toContain('the end\r\n0\r\n\r\n');
    await closed;
    await expect(plainClient(proxy.interception.port)).rejects.toThrow('ECONNREFUSED');
  });
});
