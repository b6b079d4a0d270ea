import { request as httpRequest } from 'node:http';
import { connect as connectTls } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PROBE_HOST, probeAnswerSchema } from '../../../main/contract/probe.ts';
import { type Proxy as OurProxy, plainClient, startProxy, tunnelClient, type Wire } from './support.ts';

const refuseAll = async () => ({ kind: 'refuse', message: 'Policy says no.' }) as const;

async function said(client: Wire, request: string): Promise<{ head: string; body: string }> {
  client.socket.write(request);
  await client.over;
  const [head = '', body = ''] = client.text().split('\r\n\r\n');
  return { head, body };
}

const get = (path: string, method = 'GET') => `${method} ${path} HTTP/1.1\r\nHost: ${PROBE_HOST}\r\n\r\n`;
const byConnect = (proxy: OurProxy) => tunnelClient(proxy, { host: PROBE_HOST });

describe('the probe', () => {
  it('answers with one engine’s nonce, through CONNECT, through TLS at once and in absolute form, whatever policy says', async () => {
    const proxy = await startProxy({ connect: refuseAll });
    const tunnelled = await said(await byConnect(proxy), get('/'));
    expect(tunnelled.head).toMatch(/^HTTP\/1\.1 200 /);
    const { nonce } = probeAnswerSchema.parse(JSON.parse(tunnelled.body));

    const direct = connectTls({
      port: proxy.interception.port,
      host: '127.0.0.1',
      servername: PROBE_HOST,
      ca: proxy.authority.certificatePem,
    });
    onTestFinished(() => void direct.destroy());
    let redirected = '';
    direct.on('data', (chunk: Buffer) => (redirected += chunk.toString()));
    direct.write(get('/'));
    await new Promise((resolve) => direct.once('end', resolve));
    expect(redirected).toContain(nonce);

    const plain = await said(await plainClient(proxy.interception.port), get(`http://${PROBE_HOST}/`));
    expect(plain.body).toContain(nonce);

    const another = await startProxy();
    expect((await said(await byConnect(another), get('/'))).body).not.toContain(nonce);
  });

  it('has nothing else: no other path, no other method, no body, no WebSocket', async () => {
    const proxy = await startProxy();
    expect((await said(await byConnect(proxy), get('/v1/messages'))).head).toMatch(/^HTTP\/1\.1 404 /);
    expect((await said(await byConnect(proxy), get('/?x=1'))).head).toMatch(/^HTTP\/1\.1 404 /);
    const posted = await said(
      await byConnect(proxy),
      `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: identity\r\n\r\nhello`,
    );
    expect(posted.head).not.toMatch(/ 200 /);
    const upgraded = await said(
      await byConnect(proxy),
      `GET /socket HTTP/1.1\r\nHost: ${PROBE_HOST}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    );
    expect(upgraded.head).toMatch(/^HTTP\/1\.1 404 /);
    expect((await said(await byConnect(proxy), get('/', 'DELETE'))).head).toMatch(/^HTTP\/1\.1 405 /);
  });

  it('is recorded by nobody, reached or not trusted', async () => {
    const proxy = await startProxy();
    await said(await byConnect(proxy), get('/'));
    await expect(tunnelClient(proxy, { host: PROBE_HOST, ca: '' })).rejects.toThrow(/certificate|closed/);
    expect(proxy.told.events).toEqual([]);
    expect(proxy.told.requests).toEqual([]);
    expect(proxy.told.log).toEqual([]);
  });

  it('is a host like any other on other ports, and under other names', async () => {
    const proxy = await startProxy({ connect: refuseAll });
    for (const authority of [`${PROBE_HOST}:8443`, `x.${PROBE_HOST}:443`])
      expect(await statusOfConnect(proxy, authority), authority).toBe(403);
  });

  it('waits for nobody forever, and serves no more than a machine needs', async () => {
    const proxy = await startProxy();
    const clients = await Promise.all(
      Array.from({ length: 33 }, async () => {
        const client = await plainClient(proxy.interception.port);
        client.socket.write(`CONNECT ${PROBE_HOST}:443 HTTP/1.1\r\nHost: ${PROBE_HOST}:443\r\n\r\n`);
        return client;
      }),
    );
    await Promise.race(clients.map(({ over }) => over));
    expect(clients.filter(({ socket }) => !socket.readableEnded && !socket.destroyed)).toHaveLength(32);
  });
});

function statusOfConnect({ interception }: OurProxy, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ port: interception.port, host: '127.0.0.1', method: 'CONNECT', path });
    request.once('connect', (response, socket) => {
      socket.destroy();
      resolve(response.statusCode);
    });
    request.once('response', (response) => resolve(response.statusCode));
    request.once('error', reject).end();
  });
}
