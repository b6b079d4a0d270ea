import { once } from 'node:events';
import type { IncomingMessage, RequestListener } from 'node:http';
import { createServer } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { SocketLink } from '../../../main/engine/interception/inspection.ts';
import type { OutgoingHeaders, OutgoingWays, Way } from '../../../main/engine/interception/outgoing.ts';
import {
  ask,
  bodyOf,
  http2Client,
  listening,
  PROVIDER,
  plainClient,
  type Proxy as Running,
  startHttp2Provider,
  startProvider,
  startProxy,
  tunnelClient,
} from './support.ts';

const GATEWAY = 'gateway.corp.test';

/** Sets one header on the provider's host, as tenant headers are. */
function setting(options: { headerOnly?: boolean } = {}): OutgoingHeaders {
  const edits = { adds: ['X-Org', 'ours'], removes: (name: string) => /^x-org\d*$/.test(name) };
  return {
    reads: (host) => host !== PROVIDER || options.headerOnly !== true,
    editsFor: ({ host }) => (host === PROVIDER ? edits : undefined),
    refusalOf: ({ path }) =>
      path === '/never'
        ? { message: 'Never.', answer: { status: 400, contentType: 'text/plain', body: Buffer.from('Never.') } }
        : undefined,
  };
}

const orgsOf = (raw: readonly string[]) => raw.flatMap((name, at) => (at % 2 === 0 && /org/i.test(name) ? [`${name}=${raw[at + 1]}`] : []));

async function request(proxy: Running, head: string, body = ''): Promise<string> {
  const { socket, text, over } = await tunnelClient(proxy);
  socket.write(
    `${head}\r\nHost: ${PROVIDER}\r\nConnection: close, X-Org\r\n${body ? `Content-Length: ${body.length}\r\n` : ''}\r\n${body}`,
  );
  await over;
  return text();
}

const SPOOFED = 'X-ORG: theirs\r\nx-org: again\r\nX-Org1: more\r\nx_org: odd\r\nX-Other: stays';

describe('a header of ours', () => {
  it.each(['inspect', 'opaque', 'stream'] as const)(
    'replaces all that the client sent of it, where a request is to be: %s',
    async (plan) => {
      const seen: string[][] = [];
      const provider = await startProvider((asked, response) => {
        seen.push(asked.rawHeaders);
        asked.resume().on('end', () => response.end('done'));
      });
      const proxy = await startProxy({ provider, plan: () => plan, outgoing: { headers: setting() } });
      expect(await request(proxy, `POST /v1/messages HTTP/1.1\r\n${SPOOFED}`, 'hello')).toMatch(/done/);
      expect(orgsOf(seen[0]!)).toEqual(['X-Org=ours']);
      expect(seen[0]).toContain('X-Other');
    },
  );

  it('does so over HTTP/2, in the trailers too', async () => {
    const seen: (readonly string[])[] = [];
    const trailers: (readonly string[])[] = [];
    const provider = await startHttp2Provider((stream, raw) => {
      seen.push(raw);
      stream.on('trailers', (_fields: unknown, _flags: unknown, rawTrailers?: string[]) => trailers.push(rawTrailers ?? []));
      stream.resume().on('end', () => {
        stream.respond({ ':status': 200 });
        stream.end('done');
      });
    });
    const proxy = await startProxy({ provider, outgoing: { headers: setting() } });
    const session = await http2Client(proxy);
    const stream = session.request(
      [':method', 'POST', ':authority', PROVIDER, ':scheme', 'https', ':path', '/v1/messages', 'x-org', 'theirs', 'x-org2', 'more'],
      { waitForTrailers: true },
    );
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-org': 'late', 'x-sum': '1' }));
    stream.end('hello');
    await once(stream.resume(), 'close');
    expect(orgsOf(seen[0]!)).toEqual(['x-org=ours']);
    expect(trailers.flat()).toEqual(['x-sum', '1']);
  });

  it('is on a WebSocket’s handshake', async () => {
    const { proxy, handshakes } = await socketRig({ outgoing: { headers: setting() } });
    const client = await openSocket(proxy, { 'X-Org': 'theirs', 'X-Org3': 'more' });
    await once(client, 'open');
    expect(orgsOf(handshakes[0]!.rawHeaders)).toEqual(['X-Org=ours']);
  });

  it('is set on no other host', async () => {
    const seen: string[][] = [];
    const provider = await startProvider(
      (asked, response) => {
        seen.push(asked.rawHeaders);
        response.end('done');
      },
      {
        host: 'other.test',
      },
    );
    const proxy = await startProxy({
      intercepts: (host) => host === 'other.test',
      resolve: { 'other.test': `127.0.0.1:${provider.port}` },
      outgoing: { headers: setting() },
    });
    const { socket, over } = await tunnelClient(proxy, { host: 'other.test' });
    socket.write('GET / HTTP/1.1\r\nHost: other.test\r\nX-Org: theirs\r\nConnection: close\r\n\r\n');
    await over;
    expect(orgsOf(seen[0]!)).toEqual(['X-Org=theirs']);
  });

  it('refuses what must not leave at all, whatever its plan', async () => {
    const answer = vi.fn<RequestListener>();
    const proxy = await startProxy({ provider: await startProvider(answer), plan: () => 'stream', outgoing: { headers: setting() } });
    expect(await request(proxy, 'GET /never HTTP/1.1')).toMatch(/^HTTP\/1\.1 400 .*Never\.$/s);
    expect(answer).not.toHaveBeenCalled();
    expect(proxy.told.events).toContainEqual(expect.objectContaining({ kind: 'refused', message: 'Never.' }));
  });
});

describe('a host that is decrypted for a header alone', () => {
  it('passes both ways, and nobody is told more than that there is a connection', async () => {
    const seen: string[][] = [];
    const provider = await startProvider((asked, response) => {
      seen.push(asked.rawHeaders);
      asked.pipe(response);
    });
    const proxy = await startProxy({ provider, outgoing: { headers: setting({ headerOnly: true }) } });
    const answer = await request(
      proxy,
      `POST /never//%61?password=hunter22 HTTP/1.1\r\nCookie: hunter22\r\n${SPOOFED}`,
      'password=hunter22',
    );
    expect(bodyOf(answer)).toBe('password=hunter22');
    expect(orgsOf(seen[0]!)).toEqual(['X-Org=ours']);
    const { requests, passed, events, log } = proxy.told;
    expect({ requests, passed, log }).toEqual({ requests: [], passed: [], log: [] });
    expect(events.map(({ kind, host }) => `${kind} ${host}`)).toEqual([`header-only ${PROVIDER}`]);
    expect(JSON.stringify(events)).not.toContain('hunter22');
  });

  it('does so over HTTP/2', async () => {
    const seen: (readonly string[])[] = [];
    const provider = await startHttp2Provider((stream, raw) => {
      seen.push(raw);
      stream.respond({ ':status': 200 });
      stream.pipe(stream);
    });
    const proxy = await startProxy({ provider, outgoing: { headers: setting({ headerOnly: true }) } });
    const session = await http2Client(proxy);
    const [first, second] = ['one', 'two'].map((body) => ask(session, { headers: ['x-org', 'theirs'], body }));
    await Promise.all([first!.closed, second!.closed]);
    expect([first!.text(), second!.text()]).toEqual(['one', 'two']);
    expect(seen.map(orgsOf)).toEqual([['x-org=ours'], ['x-org=ours']]);
    expect(proxy.told.requests).toEqual([]);
  });

  it('takes no request for another host on its connection', async () => {
    const answer = vi.fn<RequestListener>();
    const proxy = await startProxy({ provider: await startProvider(answer), outgoing: { headers: setting({ headerOnly: true }) } });
    const { socket, text, over } = await tunnelClient(proxy);
    socket.write('GET / HTTP/1.1\r\nHost: elsewhere.test\r\nConnection: close\r\n\r\n');
    await over;
    expect(text()).toMatch(/^HTTP\/1\.1 421 /);
    expect(answer).not.toHaveBeenCalled();
  });

  it('has WebSockets too, unread', async () => {
    const { proxy, handshakes, upgrades } = await socketRig({ outgoing: { headers: setting({ headerOnly: true }) } });
    const client = await openSocket(proxy, { 'X-Org': 'theirs' });
    await once(client, 'open');
    client.send('hunter22');
    expect(String((await once(client, 'message'))[0])).toBe('hunter22');
    expect(orgsOf(handshakes[0]!.rawHeaders)).toEqual(['X-Org=ours']);
    expect(upgrades).toEqual([]);
  });

  it('is subject to what policy says of connections, as if it were tunnelled', async () => {
    const answer = vi.fn<RequestListener>();
    const proxy = await startProxy({
      provider: await startProvider(answer),
      connect: async () => ({ kind: 'refuse', message: 'Not from here.' }),
      outgoing: { headers: setting({ headerOnly: true }) },
    });
    await expect(tunnelClient(proxy)).rejects.toThrow('403');
    const { socket, text, over } = await plainClient(proxy.interception.port);
    socket.write(`GET http://${PROVIDER}/ HTTP/1.1\r\nHost: ${PROVIDER}\r\nConnection: close\r\n\r\n`);
    await over;
    expect(text()).toMatch(/^HTTP\/1\.1 403 .*Not from here\./s);
    expect(answer).not.toHaveBeenCalled();
  });

  it('says when it cannot be reached', async () => {
    const provider = await startProvider(() => undefined);
    provider.close();
    const proxy = await startProxy({ provider, outgoing: { headers: setting({ headerOnly: true }) } });
    expect(await request(proxy, 'GET / HTTP/1.1')).toMatch(/^HTTP\/1\.1 502 /);
  });
});

describe('ways elsewhere', () => {
  const gateway = async (answer: RequestListener) => (await startProvider(answer, { host: GATEWAY })).port;
  const to = (port: number, patienceMs = 60_000): Way => ({
    elsewhere: {
      target: { host: GATEWAY, port, secure: true },
      path: '/base/v1/messages',
      edits: { adds: ['Authorization', 'Bearer company'], removes: (name) => name === 'x-api-key' },
    },
    patienceMs,
    name: `gateway ${port}`,
  });
  const along = (...ways: [Way, ...Way[]]): OutgoingWays => ({ leads: () => ways[0].elsewhere?.target, waysFor: async () => ways });
  const ITSELF: Way = { patienceMs: 60_000, name: 'itself' };

  it('are gone instead, with another host, path and credential', async () => {
    const seen: IncomingMessage[] = [];
    const port = await gateway((asked, response) => {
      seen.push(asked);
      asked.pipe(response);
    });
    const proxy = await startProxy({
      provider: await startProvider(() => undefined),
      resolve: { [GATEWAY]: `127.0.0.1:${port}` },
      outgoing: { headers: setting(), ways: along(to(443)) },
    });
    expect(bodyOf(await request(proxy, 'POST /v1/messages HTTP/1.1\r\nX-Api-Key: own\r\nX-Org: theirs', 'hello'))).toBe('hello');
    expect(seen[0]).toMatchObject({ url: '/base/v1/messages', headers: { host: GATEWAY, authorization: 'Bearer company' } });
    expect(seen[0]!.headers).not.toHaveProperty('x-api-key');
    expect(orgsOf(seen[0]!.rawHeaders)).toEqual([]);
  });

  it.each<[string, RequestListener]>([
    ['429', (_asked, response) => void response.writeHead(429).end('slow down')],
    ['503', (_asked, response) => void response.writeHead(503).end('broken')],
    ['a connection that breaks', (asked) => void asked.socket.destroy()],
    ['silence', () => undefined],
  ])('end at the next one after %s, with the whole body again', async (_what, first) => {
    const proxy = await startProxy({
      provider: await startProvider((asked, response) => void asked.pipe(response)),
      resolve: { [GATEWAY]: `127.0.0.1:${await gateway(first)}` },
      outgoing: { ways: along(to(443, 300), ITSELF) },
    });
    const answer = await request(proxy, 'POST /v1/messages HTTP/1.1\r\nX-Api-Key: own', 'hello');
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(bodyOf(answer)).toBe('hello');
    expect(proxy.told.ended).toEqual(['complete']);
  });

  it('end at the next one over HTTP/2 too, where the first does not even finish its handshake', async () => {
    const silent = await listening(createServer((socket) => void socket.resume()));
    const provider = await startHttp2Provider((stream) => {
      stream.respond({ ':status': 200 });
      stream.pipe(stream);
    });
    const proxy = await startProxy({
      provider,
      resolve: { [GATEWAY]: `127.0.0.1:${silent.port}` },
      outgoing: { ways: { leads: () => undefined, waysFor: async () => [to(443, 300), ITSELF] } },
    });
    const asked = ask(await http2Client(proxy), { body: 'hello' });
    await asked.closed;
    expect([asked.status(), asked.text()]).toEqual([200, 'hello']);
  });

  it('are not left for another because of what is wrong with the request, nor once an answer has begun', async () => {
    const direct = vi.fn<RequestListener>();
    const provider = await startProvider(direct);
    let answer: RequestListener = (_asked, response) => void response.writeHead(401).end('who?');
    const port = await gateway((asked, response) => answer(asked, response));
    const proxy = await startProxy({ provider, resolve: { [GATEWAY]: `127.0.0.1:${port}` }, outgoing: { ways: along(to(443), ITSELF) } });
    expect(await request(proxy, 'POST /v1/messages HTTP/1.1', 'hello')).toMatch(/^HTTP\/1\.1 401 /);
    answer = (_asked, response) => {
      response.writeHead(200).write('half', () => response.destroy());
    };
    const cut = await request(proxy, 'POST /v1/messages HTTP/1.1', 'hello');
    expect(cut).toMatch(/half/);
    expect(cut).not.toMatch(/0\r\n\r\n$/);
    expect(direct).not.toHaveBeenCalled();
  });

  it('are the first one alone for what streams on unread', async () => {
    const direct = vi.fn<RequestListener>();
    const port = await gateway((_asked, response) => void response.writeHead(503).end('broken'));
    const proxy = await startProxy({
      provider: await startProvider(direct),
      plan: () => 'stream',
      resolve: { [GATEWAY]: `127.0.0.1:${port}` },
      outgoing: { ways: along(to(443), ITSELF) },
    });
    expect(await request(proxy, 'POST /v1/messages HTTP/1.1', 'hello')).toMatch(/^HTTP\/1\.1 503 /);
    expect(direct).not.toHaveBeenCalled();
    expect(proxy.told.passed).toMatchObject([{ status: 503, way: 'gateway 443' }]);
  });

  it('serve many streams of one HTTP/2 connection at a time', async () => {
    const waiting: (() => void)[] = [];
    const port = await gateway((asked, response) => {
      asked.resume();
      waiting.push(() => response.end('done'));
      if (waiting.length === 3) for (const go of waiting) go();
    });
    const provider = await startHttp2Provider(() => undefined);
    const proxy = await startProxy({
      provider,
      resolve: { [GATEWAY]: `127.0.0.1:${port}` },
      outgoing: { ways: { leads: () => undefined, waysFor: async () => [to(443)] } },
    });
    const session = await http2Client(proxy);
    const asked = [1, 2, 3].map(() => ask(session, { body: 'hello' }));
    await Promise.all(asked.map(({ closed }) => closed));
    expect(asked.map(({ text }) => text())).toEqual(['done', 'done', 'done']);
  });

  it('that must not be gone fail the request, and the provider is not asked', async () => {
    const direct = vi.fn<RequestListener>();
    const proxy = await startProxy({
      provider: await startProvider(direct),
      outgoing: { ways: { leads: () => undefined, waysFor: () => Promise.reject(new Error('There is no credential.')) } },
    });
    expect(await request(proxy, 'POST /v1/messages HTTP/1.1', 'hello')).toMatch(/^HTTP\/1\.1 502 .*There is no credential\./s);
    expect(direct).not.toHaveBeenCalled();
  });

  it('lead a WebSocket to the first of them', async () => {
    const sockets = await socketServer(GATEWAY);
    const { proxy } = await socketRig({
      outgoing: { ways: along(to(443), ITSELF) },
      resolve: { [GATEWAY]: `127.0.0.1:${sockets.port}` },
    });
    const client = await openSocket(proxy, { 'X-Api-Key': 'own' });
    await once(client, 'open');
    expect(sockets.handshakes[0]).toMatchObject({ url: '/base/v1/messages', headers: { host: GATEWAY, authorization: 'Bearer company' } });
    expect(sockets.handshakes[0]!.headers).not.toHaveProperty('x-api-key');
  });
});

/** Sends back what it hears. */
async function socketServer(host: string) {
  const handshakes: IncomingMessage[] = [];
  const provider = await startProvider((_asked, response) => response.end(), {
    host,
    prepare(server) {
      const sockets = new WebSocketServer({ server });
      sockets.on('connection', (socket, asked) => {
        handshakes.push(asked);
        socket.on('error', () => undefined).on('message', (data) => socket.send(String(data)));
      });
    },
  });
  return { ...provider, handshakes };
}

async function socketRig(options: Pick<NonNullable<Parameters<typeof startProxy>[0]>, 'outgoing' | 'resolve'>) {
  const provider = await socketServer(PROVIDER);
  const upgrades: unknown[] = [];
  let link: SocketLink | undefined;
  const proxy = await startProxy({
    provider,
    ...options,
    upgrade: async (asked) => {
      upgrades.push(asked);
      return {
        kind: 'inspect',
        socket: {
          start(opened) {
            link = opened;
          },
          refused: (_head, write) => ({ kind: 'transform', transform: { push: write, end: async () => undefined, doubt: () => {} } }),
          failed: (status) => ({ status, contentType: 'text/plain', body: Buffer.alloc(0) }),
          fromClient: async (message) => link!.toProvider(message),
          fromProvider: async (message) => link!.toClient(message),
          providerEnded: async () => undefined,
          broken: () => undefined,
          ended: () => undefined,
        },
      };
    },
  });
  return { proxy, handshakes: provider.handshakes, upgrades };
}

async function openSocket(proxy: Running, headers: Record<string, string>): Promise<WebSocket> {
  const { socket } = await tunnelClient(proxy);
  socket.removeAllListeners('data');
  const client = new WebSocket(`wss://${PROVIDER}/v1/responses`, { createConnection: () => socket as TLSSocket, headers });
  onTestFinished(() => client.terminate());
  client.on('error', () => undefined);
  return client;
}
