import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import {
  brotliCompressSync,
  constants,
  createBrotliCompress,
  createDeflate,
  createGzip,
  createZstdCompress,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDial } from '../../../main/engine/interception/dial.ts';
import type { InspectedRequest } from '../../../main/engine/interception/inspection.ts';
import { createTargetAgent } from '../../../main/engine/interception/target-agent.ts';
import { createUpstream } from '../../../main/engine/interception/upstream.ts';
import { bodyOf, type Following, PROVIDER, providerCaPem, startProvider, startProxy, tunnelClient, unchanged } from './support.ts';

const post = (body: string | Buffer, headers = '') =>
  Buffer.concat([
    Buffer.from(`POST /v1/messages HTTP/1.1\r\nHost: ${PROVIDER}\r\n${headers}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`),
    Buffer.from(body),
  ]);
const get = (path: string, headers = '') => `GET ${path} HTTP/1.1\r\nHost: ${PROVIDER}\r\n${headers}\r\n`;

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const echo = async (request: IncomingMessage, response: ServerResponse) => void response.end(await bytesOf(request));

function wholeBody(request: InspectedRequest | undefined): Buffer {
  if (request?.body.kind !== 'whole') throw new Error(`The body is ${request?.body.why}.`);
  return Buffer.from(request.body.bytes);
}

describe('an intercepted exchange', () => {
  it('is inspected, reaches the provider, and its answer reaches the client', async () => {
    const provider = await startProvider(async (request, response) => void response.end(`${request.url} ${await bytesOf(request)}`));
    const proxy = await startProxy({ provider });
    const client = await tunnelClient(proxy);
    client.socket.write(post('hello'));
    await expect.poll(() => client.text()).toContain('0\r\n\r\n');
    expect(bodyOf(client.text())).toBe('/v1/messages hello');
    expect(proxy.told.requests[0]?.head).toMatchObject({ method: 'POST', host: PROVIDER, port: 443, path: '/v1/messages' });
    expect(wholeBody(proxy.told.requests[0]).toString()).toBe('hello');
    expect(proxy.told.ended).toEqual(['complete']);
    expect(proxy.told.events).toMatchObject([{ kind: 'intercepted', host: PROVIDER, port: 443 }]);
  });

  it('keeps the order and case of headers, and drops what belongs to one connection only', async () => {
    let seen: string[] = [];
    const provider = await startProvider((request, response) => {
      seen = request.rawHeaders;
      response.writeHead(200, [
        'X-Request-ID',
        'r1',
        'x-lower',
        'kept',
        'Keep-Alive',
        'timeout=1',
        'Set-Cookie',
        'a=1',
        'Set-Cookie',
        'b=2',
        'Connection',
        'x-mine',
        'X-Mine',
        '1',
      ]);
      response.end('ok');
    });
    const proxy = await startProxy({ provider });
    const client = await tunnelClient(proxy);
    client.socket.write(
      get(
        '/',
        'X-API-Key: k\r\nuser-Agent: t/1\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\nProxy-Authorization: secret\r\nTE: trailers, deflate\r\nAccept-Encoding: gzip, snappy, br;q=0.5\r\n',
      ),
    );
    await expect.poll(() => client.text()).toContain('0\r\n\r\n');
    expect(seen).toEqual([
      'Host',
      PROVIDER,
      'X-API-Key',
      'k',
      'user-Agent',
      't/1',
      'TE',
      'trailers',
      'Accept-Encoding',
      'gzip, br;q=0.5',
      'Connection',
      'keep-alive',
    ]);
    expect(client.text()).toContain('X-Request-ID: r1\r\nx-lower: kept\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n');
    expect(client.text()).not.toMatch(/x-mine|timeout=/i);
  });

  it('passes each event on before the next is there, and the head before the first', async () => {
    let stream!: ServerResponse;
    const provider = await startProvider((_request, response) => {
      stream = response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.flushHeaders();
    });
    const proxy = await startProxy({ provider });
    const client = await tunnelClient(proxy);
    client.socket.write(post('{}'));
    await expect.poll(() => client.text()).toContain('text/event-stream\r\n');
    for (const event of ['data: one\n\n', 'data: two\n\n']) {
      stream.write(event);
      await expect.poll(() => client.text()).toContain(event);
    }
    expect(proxy.told.ended).toEqual([]);
    stream.end();
    await expect.poll(() => proxy.told.ended).toEqual(['complete']);
  });

  it.each([
    ['gzip', () => createGzip({ flush: constants.Z_SYNC_FLUSH })],
    ['deflate', () => createDeflate({ flush: constants.Z_SYNC_FLUSH })],
    ['br', () => createBrotliCompress({ flush: constants.BROTLI_OPERATION_FLUSH })],
    ['zstd', () => createZstdCompress({ flush: constants.ZSTD_e_flush })],
  ])('is inspected and passed on decoded while it streams in %s', async (encoding, encoder) => {
    const pushed: string[] = [];
    const following: Following = {
      start: (_head, write) => ({
        kind: 'transform',
        transform: {
          async push(chunk) {
            pushed.push(Buffer.from(chunk).toString());
            await write(chunk);
          },
          end: async () => undefined,
          doubt: () => {},
        },
      }),
    };
    const out = encoder();
    const provider = await startProvider((_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding });
      out.pipe(response);
    });
    const proxy = await startProxy({ provider, following });
    const client = await tunnelClient(proxy);
    client.socket.write(post('{}', 'Accept-Encoding: gzip, deflate, br, zstd\r\n'));
    out.write('data: first\n\n');
    await expect.poll(() => client.text()).toContain('data: first\n\n');
    out.end('data: second\n\n');
    await expect.poll(() => proxy.told.ended).toEqual(['complete']);
    expect(bodyOf(client.text())).toBe('data: first\n\ndata: second\n\n');
    expect(pushed.join('')).toBe('data: first\n\ndata: second\n\n');
    expect(client.text()).not.toMatch(/content-encoding|content-length/i);
  });

  it('is refused with 502 where the answer comes in an encoding that cannot be inspected', async () => {
    const provider = await startProvider((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'snappy' }).end('\x00\x01tool_use'),
    );
    const proxy = await startProxy({ provider });
    const client = await tunnelClient(proxy);
    client.socket.write(post('{}'));
    await expect.poll(() => proxy.told.ended).toEqual(['upstream-failed']);
    expect(client.text()).toMatch(/^HTTP\/1.1 502 /);
    expect(client.text()).not.toContain('tool_use');
  });

  it('keeps its last header, however many came before it', async () => {
    const many = Array.from({ length: 2_500 }, () => ['a', '']).flat();
    const proxy = await startProxy({
      provider: await startProvider((_request, response) => void response.writeHead(200, [...many, 'X-Last', 'here']).end('read')),
    });
    const client = await tunnelClient(proxy);
    client.socket.write(get('/'));
    await expect.poll(() => client.text()).toContain('read');
    expect(client.text()).toContain('X-Last: here');
  });

  it('gives the inspector’s own answer in the place of one that may not pass, and nothing of that', async () => {
    const provider = await startProvider((_request, response) =>
      response.writeHead(307, { location: 'https://elsewhere.test/', 'x-theirs': '1' }).end('theirs'),
    );
    const answer = { status: 502, contentType: 'application/json', body: Buffer.from('{"ours":1}') };
    const proxy = await startProxy({ provider, following: { start: () => ({ kind: 'answer', answer }) } });
    const client = await tunnelClient(proxy);
    client.socket.write(Buffer.concat([post('{}'), post('{}')]));
    await expect.poll(() => proxy.told.ended).toEqual(['upstream-failed', 'upstream-failed']);
    expect(client.text().match(/HTTP\/1\.1 502 /g)).toHaveLength(2);
    expect(client.text()).not.toMatch(/location|theirs/i);
  });

  it('passes an answer as it came to a request that passes unread', async () => {
    const encoded = gzipSync('x'.repeat(5000));
    const provider = await startProvider((_request, response) =>
      response.writeHead(404, 'Not Here', { 'content-encoding': 'gzip', 'content-length': encoded.length }).end(encoded),
    );
    const proxy = await startProxy({ provider, plan: () => 'stream' });
    const client = await tunnelClient(proxy);
    client.socket.write(post('{}'));
    await expect.poll(() => client.text().endsWith(encoded.toString('latin1'))).toBe(true);
    expect(client.text()).toMatch(/^HTTP\/1.1 404 Not Here\r\ncontent-encoding: gzip\r\n/);
  });

  it.each([
    ['inspected', 'inspect'],
    ['unread', 'stream'],
  ] as const)('keeps trailers both ways (%s)', async (_name, plan) => {
    let trailers: string[] = [];
    const provider = await startProvider(async (request, response) => {
      await bytesOf(request);
      trailers = request.rawTrailers;
      response.writeHead(200, { trailer: 'Grpc-Status' });
      response.write('x');
      response.addTrailers({ 'Grpc-Status': '0' });
      response.end();
    });
    const proxy = await startProxy({ provider, plan: () => plan });
    const client = await tunnelClient(proxy);
    client.socket.write(
      `POST / HTTP/1.1\r\nHost: ${PROVIDER}\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX-Sum: 9\r\n\r\n`,
    );
    await expect.poll(() => client.text()).toContain('0\r\nGrpc-Status: 0\r\n\r\n');
    expect(trailers).toEqual(['X-Sum', '9']);
  });

  it.each([
    ['HEAD', 200, 'Content-Length: 5'],
    ['GET', 204, '204 No Content'],
    ['GET', 304, '304 Not Modified'],
  ])('ends a %s with status %d where its head ends, and the connection goes on', async (method, status, said) => {
    const provider = await startProvider((_request, response) => {
      response.writeHead(status, status === 200 ? { 'Content-Length': '5' } : {});
      response.end(status === 200 ? '12345' : '');
    });
    const proxy = await startProxy({ provider });
    const client = await tunnelClient(proxy);
    client.socket.write(`${method} / HTTP/1.1\r\nHost: ${PROVIDER}\r\n\r\n`);
    await expect.poll(() => client.text()).toMatch(/\r\n\r\n$/);
    expect(client.text()).toContain(said);
    client.socket.write(get('/next'));
    await expect.poll(() => proxy.told.ended).toEqual(['complete', 'complete']);
  });

  it('tells a client that waits for it to continue, and sends its body on', async () => {
    const proxy = await startProxy({ provider: await startProvider(echo) });
    const client = await tunnelClient(proxy);
    client.socket.write(`POST / HTTP/1.1\r\nHost: ${PROVIDER}\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n`);
    await expect.poll(() => client.text()).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    client.socket.write('body');
    await expect.poll(() => client.text()).toContain('body');
  });

  it('answers pipelined requests in order, over one connection to the provider', async () => {
    const provider = await startProvider((request, response) => {
      if (request.url === '/0') setImmediate(() => response.end('slow-0'));
      else response.end(`quick-${request.url?.slice(1)}`);
    });
    const proxy = await startProxy({ provider });
    const client = await tunnelClient(proxy);
    client.socket.write(Array.from({ length: 20 }, (_, i) => get(`/${i}`)).join(''));
    await expect.poll(() => proxy.told.ended).toHaveLength(20);
    expect(client.text().match(/(slow|quick)-\d+/g)).toEqual(['slow-0', ...Array.from({ length: 19 }, (_, i) => `quick-${i + 1}`)]);
    expect(provider.sockets.size).toBe(1);
    expect(proxy.told.events).toHaveLength(1);
  });

  it('ends a connection on which more than a hundred requests wait for their turn, says so, and serves the next one', async () => {
    const provider = await startProvider((request, response) => {
      if (request.url !== '/held') response.end('served');
    });
    const proxy = await startProxy({ provider });
    const client = await tunnelClient(proxy);
    client.socket.write(get('/held').repeat(20_000));
    await client.over;
    expect(proxy.told.requests.length).toBeLessThanOrEqual(100);
    expect(proxy.told.events.filter(({ kind }) => kind === 'refused')).toMatchObject([
      { host: PROVIDER, message: expect.stringContaining('without waiting') },
    ]);
    const next = await tunnelClient(proxy);
    next.socket.write(get('/next'));
    await expect.poll(() => next.text()).toContain('served');
  });

  it('gives a client that half-closes after its request the whole answer', async () => {
    let answer!: () => void;
    const provider = await startProvider((_request, response) => {
      response.flushHeaders();
      answer = () => response.end('late');
    });
    const proxy = await startProxy({ provider });
    const client = await tunnelClient(proxy);
    client.socket.end(post('{}'));
    await expect.poll(() => client.text()).toContain('200 OK');
    answer();
    await client.over;
    expect(bodyOf(client.text())).toBe('late');
    expect(proxy.told.ended).toEqual(['complete']);
  });

  it('serves HTTP/1.0 clients, which know no chunks', async () => {
    const proxy = await startProxy({
      provider: await startProvider((request, response) => void response.end(`for ${request.headers.host}`)),
    });
    const client = await tunnelClient(proxy);
    client.socket.write('GET / HTTP/1.0\r\n\r\n');
    await client.over;
    expect(client.text()).toMatch(new RegExp(`\r\n\r\nfor ${PROVIDER}$`));
  });
});

describe('a request body', () => {
  it.each([
    ['plain', (b: Buffer) => b, ''],
    ['gzip', (b: Buffer) => gzipSync(b), 'Content-Encoding: gzip\r\n'],
    ['zstd', (b: Buffer) => zstdCompressSync(b), 'Content-Encoding: zstd\r\n'],
    ['br', (b: Buffer) => brotliCompressSync(b), 'Content-Encoding: br\r\n'],
    ['deflate, then gzip', (b: Buffer) => gzipSync(deflateSync(b)), 'Content-Encoding: deflate, gzip\r\n'],
  ])('in %s is read by the inspector and reaches the provider as it came', async (_name, encode, headers) => {
    const text = Buffer.from(JSON.stringify({ prompt: 'x'.repeat(50_000) }));
    const sent = encode(text);
    const provider = await startProvider(echo);
    const proxy = await startProxy({ provider });
    const client = await tunnelClient(proxy);
    client.socket.write(post(sent, headers));
    await expect.poll(() => proxy.told.ended).toEqual(['complete']);
    expect(bodyOf(client.text())).toBe(sent.toString('latin1'));
    expect(wholeBody(proxy.told.requests[0]).equals(text)).toBe(true);
  });

  it.each([
    ['a bomb', gzipSync(Buffer.alloc(2_000_000)), 'Content-Encoding: gzip\r\n', 'too-long'],
    ['a zstd bomb', zstdCompressSync(Buffer.alloc(2_000_000)), 'Content-Encoding: zstd\r\n', 'too-long'],
    ['garbage', Buffer.from('not gzip at all'), 'Content-Encoding: gzip\r\n', 'undecodable'],
    ['an unknown encoding', Buffer.from('x'), 'Content-Encoding: snappy\r\n', 'undecodable'],
    ['four encodings', Buffer.from('x'), 'Content-Encoding: gzip, gzip, gzip, gzip\r\n', 'undecodable'],
  ])('that is %s is uninspected, and still reaches the provider whole where policy lets it', async (_name, body, headers, why) => {
    const proxy = await startProxy({ provider: await startProvider(echo) });
    const client = await tunnelClient(proxy);
    client.socket.write(post(body, headers));
    await expect.poll(() => proxy.told.ended).toEqual(['complete']);
    expect(proxy.told.requests[0]?.body).toEqual({ kind: 'unread', why });
    expect(bodyOf(client.text())).toBe(body.toString('latin1'));
  });

  it.each([
    ['announced', (body: Buffer) => post(body)],
    [
      'chunked',
      (body: Buffer) =>
        Buffer.concat([
          Buffer.from(`POST / HTTP/1.1\r\nHost: ${PROVIDER}\r\nTransfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n`),
          body,
          Buffer.from('\r\n0\r\n\r\n'),
        ]),
    ],
  ])('longer than the limit (%s) is uninspected and streams on whole', async (_name, message) => {
    const body = randomBytes(300_000);
    const proxy = await startProxy({ provider: await startProvider(echo), requestBytes: 100_000 });
    const client = await tunnelClient(proxy);
    client.socket.write(message(body));
    await expect.poll(() => proxy.told.ended).toEqual(['complete']);
    expect(proxy.told.requests[0]?.body).toEqual({ kind: 'unread', why: 'too-long' });
    expect(bodyOf(client.text())).toBe(body.toString('latin1'));
  });

  it('of a request that is answered in the provider’s place never reaches the provider, and the connection goes on', async () => {
    let reached = 0;
    const provider = await startProvider((_request, response) => {
      reached += 1;
      response.end('reached');
    });
    let refuse = true;
    const proxy = await startProxy({
      provider,
      requestBytes: 1000,
      request: async () => {
        if (!refuse)
          return {
            kind: 'forward',
            response: { ...unchanged, failed: () => ({ status: 502, contentType: '', body: Buffer.alloc(0) }), ended: () => undefined },
          };
        refuse = false;
        return { kind: 'answer', answer: { status: 400, contentType: 'application/json', body: Buffer.from('{"error":"refused"}') } };
      },
    });
    const client = await tunnelClient(proxy);
    client.socket.write(post('x'.repeat(5000)));
    await expect.poll(() => client.text()).toMatch(/^HTTP\/1.1 400 Bad Request\r\n.*\{"error":"refused"\}$/s);
    expect(reached).toBe(0);
    client.socket.write(post('y'));
    await expect.poll(() => client.text()).toContain('reached');
  });
});

describe('when something breaks', () => {
  it.each([
    [
      'plan',
      {
        plan: () => {
          throw new Error('bug');
        },
      },
    ],
    [
      'request',
      {
        request: async () => {
          throw new Error('bug');
        },
      },
    ],
    [
      'start',
      {
        following: {
          start: () => {
            throw new Error('bug');
          },
        },
      },
    ],
  ] as const)('an inspector whose %s throws lets nothing through', async (what, options) => {
    let reached = 0;
    const provider = await startProvider((_request, response) => {
      reached += 1;
      response.end('answer of the provider');
    });
    const proxy = await startProxy({ provider, ...options });
    const client = await tunnelClient(proxy);
    client.socket.write(post('{}'));
    await expect.poll(() => client.text()).toMatch(/^HTTP\/1.1 502 .*could not be inspected/s);
    expect(client.text()).not.toContain('answer of the provider');
    if (what !== 'start') expect(reached).toBe(0);
    expect(proxy.told.log).toMatchObject([{ kind: 'inspector-failed' }]);
  });

  it('an inspector that throws amid a response ends it there, visibly incomplete', async () => {
    const provider = await startProvider((_request, response) => void response.write('held call'));
    const proxy = await startProxy({
      provider,
      following: {
        start: () => ({
          kind: 'transform',
          transform: { push: () => Promise.reject(new Error('bug')), end: async () => undefined, doubt: () => {} },
        }),
      },
    });
    const client = await tunnelClient(proxy);
    client.socket.write(post('{}'));
    await client.over;
    expect(client.text()).not.toContain('held call');
    expect(client.text()).not.toContain('0\r\n\r\n');
    await expect.poll(() => proxy.told.ended).toEqual(['upstream-failed']);
  });

  it.each([
    ['resets', (client: { raw: Socket }) => void client.raw.resetAndDestroy()],
    ['closes', (client: { raw: Socket }) => void client.raw.destroy()],
  ])('a client that %s amid a hold aborts it once, and the provider’s connection is closed', async (_name, leave) => {
    const provider = await startProvider((_request, response) => void response.write('call'));
    let keepAlive!: () => Promise<void>;
    const holding: Following = {
      start: (_head, write) => {
        keepAlive = () => write(Buffer.from(': alive\n\n'));
        return { kind: 'transform', transform: { push: () => new Promise(() => undefined), end: async () => undefined, doubt: () => {} } };
      },
    };
    const proxy = await startProxy({ provider, following: holding });
    const client = await tunnelClient(proxy);
    client.socket.write(post('{}'));
    await expect.poll(() => client.text()).toContain('200 OK');
    const { signal } = proxy.told.requests[0]!;
    expect(signal.aborted).toBe(false);
    leave(client);
    // A client that closed looks like one that half-closed until something is written to it.
    await expect
      .poll(() =>
        keepAlive().then(
          () => signal.aborted,
          () => signal.aborted,
        ),
      )
      .toBe(true);
    expect(proxy.told.ended).toEqual(['client-gone']);
    await expect.poll(() => provider.sockets.size).toBe(0);
    await expect(keepAlive()).rejects.toThrow();
  });

  it('a client that leaves while its request is judged has nothing forwarded', async () => {
    let reached = 0;
    let judge!: () => void;
    const ended: string[] = [];
    const proxy = await startProxy({
      provider: await startProvider((_request, response) => {
        reached += 1;
        response.end();
      }),
      request: () =>
        new Promise((resolve) => {
          judge = () =>
            resolve({
              kind: 'forward',
              response: { ...unchanged, failed: () => expect.unreachable(), ended: (how) => void ended.push(how) },
            });
        }),
    });
    const client = await tunnelClient(proxy);
    client.socket.write(post('{}'));
    await expect.poll(() => proxy.told.requests).toHaveLength(1);
    client.raw.resetAndDestroy();
    await expect.poll(() => proxy.told.requests[0]!.signal.aborted).toBe(true);
    judge();
    await expect.poll(() => ended).toEqual(['client-gone']);
    expect(reached).toBe(0);
  });

  it('a provider that breaks off leaves the client with what came, and without an end', async () => {
    let cut!: () => void;
    const provider = await startProvider((_request, response) => {
      response.write('data: one\n\n');
      cut = () => response.destroy();
    });
    const ends: string[] = [];
    const proxy = await startProxy({
      provider,
      following: {
        start: (_head, write) => ({
          kind: 'transform',
          transform: { push: write, end: async (how) => void ends.push(how), doubt: () => {} },
        }),
      },
    });
    const client = await tunnelClient(proxy);
    client.socket.write(post('{}'));
    await expect.poll(() => client.text()).toContain('data: one');
    cut();
    await client.over;
    expect(client.text()).not.toContain('0\r\n\r\n');
    expect(client.text()).toContain('data: one\n\n');
    expect(ends).toEqual(['cut']);
    await expect.poll(() => proxy.told.ended).toEqual(['upstream-failed']);
  });

  it('a broken content encoding counts as broken off', async () => {
    const provider = await startProvider((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(1000)).subarray(0, 20)),
    );
    const proxy = await startProxy({ provider });
    const client = await tunnelClient(proxy);
    client.socket.write(post('{}'));
    await client.over;
    expect(client.text()).not.toContain('0\r\n\r\n');
    await expect.poll(() => proxy.told.ended).toEqual(['upstream-failed']);
  });

  it.each([
    ['cannot be reached', { [PROVIDER]: '127.0.0.1:1' }, /could not be reached: connect ECONNREFUSED/],
    ['is not who it says', {}, /could not be reached:.*altnames/],
  ])('a provider that %s is told to the agent in the provider’s own shape', async (_name, resolve, message) => {
    const provider = await startProvider(echo, { host: 'other.test' });
    const proxy = await startProxy({ provider, resolve });
    const client = await tunnelClient(proxy);
    client.socket.write(post('{}'));
    await expect.poll(() => client.text()).toMatch(/^HTTP\/1.1 502 Bad Gateway\r\nContent-Type: application\/json/);
    expect(proxy.told.failed).toEqual([{ status: 502, message: expect.stringMatching(message) }]);
    await expect.poll(() => proxy.told.ended).toEqual(['upstream-failed']);
  });

  it('a provider that closes without an answer is a 502', async () => {
    const provider = await startProvider((request) => void request.socket.destroy());
    const proxy = await startProxy({ provider });
    const client = await tunnelClient(proxy);
    client.socket.write(post('{}'));
    await expect.poll(() => client.text()).toMatch(/^HTTP\/1.1 502 /);
    expect(proxy.told.failed[0]?.message).toMatch(/broke off the connection before it answered/);
  });

  it('a provider that does not answer in time is a 504', async () => {
    const { port } = await startProvider(() => undefined);
    const target = { host: PROVIDER, port: 443, secure: true };
    const to = createTargetAgent(
      createUpstream({ dial: createDial({ resolve: { [PROVIDER]: `127.0.0.1:${port}` } }), extraCaPem: providerCaPem, ownCaPem: '' }),
      target,
    );
    onTestFinished(() => to.close());
    const request = await to.send({ method: 'GET', path: '/', headers: ['Host', PROVIDER], bodiless: true });
    request.end([]);
    expect(await request.answered(50)).toEqual({
      kind: 'failed',
      status: 504,
      message: `${PROVIDER} did not answer within 0.05 s.`,
    });
  });

  it('a client that leaves while the provider is connected to leaves no connection behind', async () => {
    const provider = await startProvider(() => undefined);
    const target = { host: PROVIDER, port: 443, secure: true };
    const to = createTargetAgent(
      createUpstream({
        dial: createDial({ resolve: { [PROVIDER]: `127.0.0.1:${provider.port}` } }),
        extraCaPem: providerCaPem,
        ownCaPem: '',
      }),
      target,
    );
    const request = await to.send({ method: 'GET', path: '/', headers: ['Host', PROVIDER], bodiless: true });
    request.end([]);
    const answered = request.answered(20_000);
    to.close();
    expect(await answered).toMatchObject({ kind: 'failed' });
    await expect.poll(() => provider.sockets.size).toBe(0);
  });

  it('a kept-alive connection that the provider drops under a request is dropped for the client too, whose library knows whether to resend', async () => {
    let count = 0;
    const provider = await startProvider((request, response) => {
      count += 1;
      if (count === 1) response.end('first');
      else request.socket.destroy();
    });
    const proxy = await startProxy({ provider });
    const client = await tunnelClient(proxy);
    client.socket.write(post('{}'));
    await expect.poll(() => client.text()).toContain('first');
    client.socket.write(post('{}'));
    await client.over;
    expect(client.text()).not.toContain('502');
    expect(count).toBe(2);
  });
});

describe('a slow reader', () => {
  it('holds the provider back: what is accepted while it does not read is bounded', async () => {
    const total = 64 * 1024 * 1024;
    let accepted = 0;
    let stalled = false;
    const provider = await startProvider((_request, response) => {
      const chunk = Buffer.alloc(64 * 1024, 'x');
      const pump = () => {
        stalled = false;
        while (accepted < total) {
          accepted += chunk.length;
          if (!response.write(chunk)) {
            stalled = true;
            response.once('drain', pump);
            return;
          }
        }
        response.end();
      };
      pump();
    });
    let waiting = 0;
    let most = 0;
    const following: Following = {
      start: (_head, write) => ({
        kind: 'transform',
        transform: {
          async push(chunk) {
            waiting += chunk.length;
            most = Math.max(most, waiting);
            await write(chunk);
            waiting -= chunk.length;
          },
          end: async () => undefined,
          doubt: () => {},
        },
      }),
    };
    const proxy = await startProxy({ provider, following });
    const client = await tunnelClient(proxy);
    client.socket.pause();
    client.socket.write(post('{}'));
    // Until nothing moves any more: the socket buffers of two connections are full.
    let before = -1;
    await expect
      .poll(
        () => {
          const still = before === accepted && stalled && accepted > 0;
          before = accepted;
          return still;
        },
        { interval: 200, timeout: 15_000 },
      )
      .toBe(true);
    expect(accepted).toBeLessThan(total / 2);
    client.socket.resume();
    await expect.poll(() => proxy.told.ended, { timeout: 20_000 }).toEqual(['complete']);
    expect(most).toBeLessThan(1024 * 1024);
  });
});

describe('a request that could be taken for another', () => {
  const plain = `POST /v1/messages HTTP/1.1\r\nHost: ${PROVIDER}\r\n`;
  it.each([
    ['length and chunks', `${plain}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
    ['two lengths', `${plain}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd`, 400],
    ['two equal lengths', `${plain}Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc`, 400],
    ['a list of lengths', `${plain}Content-Length: 3, 3\r\n\r\nabc`, 400],
    ['an odd transfer coding', `${plain}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`, 400],
    ['chunks in HTTP/1.0', `POST / HTTP/1.0\r\nHost: ${PROVIDER}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
    ['a folded header', `${plain}X-A: b\r\n c\r\nContent-Length: 0\r\n\r\n`, 400],
    ['a space before the colon', `${plain}Content-Length : 0\r\n\r\n`, 400],
    ['bare line feeds', `GET / HTTP/1.1\nHost: ${PROVIDER}\n\n`, 400],
    ['two hosts', `${plain}Host: ${PROVIDER}\r\n\r\n`, 400],
    ['another host', 'GET / HTTP/1.1\r\nHost: other.test\r\n\r\n', 421],
    ['another port', `GET / HTTP/1.1\r\nHost: ${PROVIDER}:8443\r\n\r\n`, 421],
    ['absolute-form within the tunnel', `GET https://other.test/ HTTP/1.1\r\nHost: ${PROVIDER}\r\n\r\n`, 400],
    ['an encoded letter in its path', get('/v1/%6dessages'), 400],
    ['a dot segment in its path', get('/x/../v1/messages'), 400],
    ['a doubled slash in its path', get('//v1/messages'), 400],
    ['TRACE', `TRACE / HTTP/1.1\r\nHost: ${PROVIDER}\r\n\r\n`, 405],
  ])('by %s is refused, said so, and does not reach the provider', async (_name, message, status) => {
    let reached = 0;
    const proxy = await startProxy({
      provider: await startProvider((_request, response) => {
        reached += 1;
        response.end();
      }),
    });
    const client = await tunnelClient(proxy);
    client.socket.write(message);
    await expect.poll(() => client.text()).toMatch(new RegExp(`^HTTP/1.1 ${status} .*Holdpoint: `, 's'));
    await expect.poll(() => proxy.told.events).toContainEqual(expect.objectContaining({ kind: 'refused', host: PROVIDER, port: 443 }));
    await turn();
    expect(reached).toBe(0);
    expect(proxy.told.requests).toEqual([]);
  });

  it('by ten thousand headers is answered with 431 though it is still being written, and said once', async () => {
    const proxy = await startProxy({ provider: await startProvider(echo) });
    const client = await tunnelClient(proxy);
    client.socket.write(get('/', Array.from({ length: 10_000 }, (_, i) => `x-${i}: ${'y'.repeat(100)}\r\n`).join('')));
    await client.over;
    expect(client.text()).toMatch(/^HTTP\/1.1 431 .*Holdpoint: /s);
    await expect.poll(() => proxy.told.events).toMatchObject([{ kind: 'refused', host: PROVIDER, port: 443 }]);
  });

  it('is not seen in ordinary paths', async () => {
    const proxy = await startProxy({ provider: await startProvider((request, response) => void response.end(`path=${request.url};`)) });
    const client = await tunnelClient(proxy);
    const paths = [
      '/v1/messages?beta=true',
      '/v1beta/models/gemini-2.5:generateContent?alt=sse&x=%41//..',
      '/model/arn%3Aaws%2Fx/converse',
      '/a.b/..c/',
    ];
    client.socket.write(paths.map((path) => get(path)).join(''));
    await expect.poll(() => client.text().match(/path=[^;]*/g)).toEqual(paths.map((path) => `path=${path}`));
  });
});

describe('an exchange that is to stream unread', () => {
  it('passes both ways as it came, and is told', async () => {
    const body = gzipSync(randomBytes(200_000));
    const provider = await startProvider(echo);
    const proxy = await startProxy({ provider, plan: () => 'stream' });
    const client = await tunnelClient(proxy);
    client.socket.write(post(body, 'Content-Encoding: gzip\r\n'));
    await expect.poll(() => proxy.told.passed).toMatchObject([{ status: 200, head: { path: '/v1/messages' } }]);
    await expect.poll(() => bodyOf(client.text())).toBe(body.toString('latin1'));
    expect(proxy.told.requests).toEqual([]);
  });

  it('is answered with 502 where the provider cannot be reached, and told without a status', async () => {
    const proxy = await startProxy({ resolve: { [PROVIDER]: '127.0.0.1:1' }, plan: () => 'stream' });
    const client = await tunnelClient(proxy);
    client.socket.write(get('/'));
    await expect.poll(() => client.text()).toMatch(/^HTTP\/1.1 502 .*could not be reached/s);
    expect(proxy.told.passed).toEqual([expect.not.objectContaining({ status: expect.anything() })]);
  });
});
