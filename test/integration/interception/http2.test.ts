import { randomBytes } from 'node:crypto';
import { constants, createSecureServer } from 'node:http2';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  ask,
  type Following,
  http2Client,
  type OnStream,
  PROVIDER,
  type Provider,
  startHttp2Provider,
  startProvider,
  startProxy,
  tunnelClient,
} from './support.ts';

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString('latin1');
}

const echo: OnStream = async (stream) => {
  const body = await textOf(stream);
  stream.respond({ ':status': 200, 'content-type': 'text/plain' });
  stream.end(body, 'latin1');
};

/** The same provider in both versions. */
const PROVIDERS: [string, () => Promise<Provider>][] = [
  ['HTTP/2', () => startHttp2Provider(echo)],
  ['HTTP/1.1', () => startProvider(async (request, response) => void response.end(await textOf(request), 'latin1'))],
];

describe.each(PROVIDERS)('a client of HTTP/2, of a provider of %s', (version, provider) => {
  const alpn = version === 'HTTP/2' ? ['h2', 'http/1.1'] : ['h2'];

  it('has its requests inspected and answered, streams beside each other', async () => {
    const proxy = await startProxy({ provider: await provider() });
    const session = await http2Client(proxy, { alpn });
    const asked = Array.from({ length: 16 }, (_, i) => ask(session, { body: `hello ${i}` }));
    expect(await Promise.all(asked.map(({ closed }) => closed))).toEqual(asked.map(() => constants.NGHTTP2_NO_ERROR));
    expect(asked.map((one) => `${one.status()} ${one.text()}`)).toEqual(asked.map((_, i) => `200 hello ${i}`));
    expect(proxy.told.requests[0]?.head).toMatchObject({ method: 'POST', host: PROVIDER, port: 443, path: '/v1/messages' });
    expect(proxy.told.requests[0]?.body).toMatchObject({ kind: 'whole' });
    await expect.poll(() => proxy.told.ended).toEqual(asked.map(() => 'complete'));
    expect(proxy.told.events).toMatchObject([{ kind: 'intercepted', host: PROVIDER, port: 443 }]);
  });

  it('sends bodies longer than the limit through', async () => {
    const proxy = await startProxy({ provider: await provider(), requestBytes: 1_000 });
    const body = randomBytes(2_000_000);
    for (const headers of [[], ['content-length', String(body.length)]]) {
      const one = ask(await http2Client(proxy, { alpn }), { body, headers });
      expect(await one.closed).toBe(0);
      expect(one.text()).toBe(body.toString('latin1'));
    }
    expect(proxy.told.requests.map(({ body }) => body)).toEqual(Array(2).fill({ kind: 'unread', why: 'too-long' }));
  });

  it('gets an answer in the provider’s place, and the connection goes on', async () => {
    let refuse = true;
    const proxy = await startProxy({
      provider: await provider(),
      plan: () => (refuse ? 'inspect' : 'stream'),
      request: async () => {
        refuse = false;
        return { kind: 'answer', answer: { status: 400, contentType: 'application/json', body: Buffer.from('{"error":"refused"}') } };
      },
    });
    const session = await http2Client(proxy, { alpn });
    const first = ask(session, { body: 'x' });
    await first.closed;
    expect(`${first.status()} ${first.text()}`).toBe('400 {"error":"refused"}');
    const second = ask(session, { body: 'y' });
    await second.closed;
    expect(second.text()).toBe('y');
  });

  it('gets an answer that is a head alone while it still writes its request', async () => {
    const answer = { status: 202, contentType: 'text/plain', body: Buffer.alloc(0) };
    const proxy = await startProxy({
      provider: await provider(),
      plan: () => 'opaque',
      request: async () => ({ kind: 'answer', answer }),
    });
    const one = ask(await http2Client(proxy, { alpn }), { body: 'so far', open: true });
    expect(await one.closed).toBe(constants.NGHTTP2_NO_ERROR);
    expect(one.status()).toBe(202);
  });

  it('is let in without a body, and its HEAD ends with the head', async () => {
    const proxy = await startProxy({ provider: await provider() });
    const session = await http2Client(proxy, { alpn });
    for (const method of ['GET', 'HEAD']) {
      const one = ask(session, { method });
      expect(await one.closed).toBe(0);
      expect(`${one.status()} ${one.text()}`).toBe('200 ');
    }
  });

  it('passes nothing on of a request that it breaks off', async () => {
    const proxy = await startProxy({ provider: await provider() });
    const session = await http2Client(proxy, { alpn });
    const one = ask(session, { body: 'half', open: true });
    one.stream.close(constants.NGHTTP2_CANCEL);
    await one.closed;
    const next = ask(session, { body: 'next' });
    await next.closed;
    expect(next.text()).toBe('next');
    expect(proxy.told.requests).toHaveLength(1);
  });
});

describe('an exchange of HTTP/2', () => {
  it('keeps the order of headers, joins cookies, and drops what HTTP/2 does not have', async () => {
    let seen: readonly string[] = [];
    const provider = await startHttp2Provider((stream, raw) => {
      seen = raw;
      stream.respond([':status', '200', 'x-request-id', 'r1', 'set-cookie', 'a=1', 'set-cookie', 'b=2', 'date', 'then']);
      stream.end('ok');
    });
    const proxy = await startProxy({ provider });
    const one = ask(await http2Client(proxy), {
      method: 'GET',
      path: '/a?b',
      headers: ['x-b', '1', 'cookie', 'a=1', 'x-a', '2', 'cookie', 'b=2', 'te', 'trailers', 'x-b', '3', 'accept-encoding', 'gzip, snappy'],
    });
    await one.closed;
    expect(seen.slice(0, 8)).toEqual([':method', 'GET', ':authority', PROVIDER, ':scheme', 'https', ':path', '/a?b']);
    expect(seen.slice(8)).toEqual(['x-b', '1', 'cookie', 'a=1; b=2', 'x-a', '2', 'te', 'trailers', 'x-b', '3', 'accept-encoding', 'gzip']);
    expect(one.headers()).toEqual([':status', '200', 'x-request-id', 'r1', 'set-cookie', 'a=1', 'set-cookie', 'b=2', 'date', 'then']);
    expect(proxy.told.requests[0]?.head.rawHeaders.slice(0, 2)).toEqual(['host', PROVIDER]);
  });

  it.each([
    ['inspected', 'inspect'],
    ['unread', 'stream'],
  ] as const)('keeps trailers both ways (%s)', async (_name, plan) => {
    let trailers: unknown;
    const provider = await startHttp2Provider(async (stream) => {
      stream.once('trailers', (_headers: unknown, _flags: unknown, raw: unknown) => {
        trailers = raw;
      });
      await textOf(stream);
      stream.respond({ ':status': 200 }, { waitForTrailers: true });
      stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      stream.end('x');
    });
    const proxy = await startProxy({ provider, plan: () => plan });
    const session = await http2Client(proxy);
    const stream = session.request({ ':method': 'POST', ':path': '/' }, { waitForTrailers: true });
    let got: unknown;
    stream.once('wantTrailers', () => stream.sendTrailers({ 'x-sum': '9' }));
    stream.once('trailers', (headers) => {
      got = headers['grpc-status'];
    });
    stream.resume().end('hi');
    await new Promise((resolve) => stream.once('close', resolve));
    expect(trailers).toEqual(['x-sum', '9']);
    expect(got).toBe('0');
  });

  it('passes the head at once, and each event before the next is there', async () => {
    let answer!: (text: string) => void;
    const provider = await startHttp2Provider((stream) => {
      stream.respond({ ':status': 200, 'content-type': 'text/event-stream' });
      answer = (text) => void stream.write(text);
    });
    const one = ask(await http2Client(await startProxy({ provider })), { body: '{}' });
    await expect.poll(() => one.status()).toBe(200);
    for (const event of ['data: one\n\n', 'data: two\n\n']) {
      answer(event);
      await expect.poll(() => one.text()).toContain(event);
    }
  });

  it('is decoded for the inspector, and for the client', async () => {
    const provider = await startHttp2Provider((stream) => {
      stream.respond({ ':status': 200, 'content-encoding': 'gzip' });
      stream.end(gzipSync('plain text'));
    });
    const one = ask(await http2Client(await startProxy({ provider })), { body: '{}' });
    await one.closed;
    expect(one.text()).toBe('plain text');
    expect(one.headers().join()).not.toContain('content-encoding');
  });

  it('that the provider breaks off ends with a reset for the client, after what came', async () => {
    const provider = await startHttp2Provider((stream) => {
      stream.respond({ ':status': 200 }, { waitForTrailers: true });
      stream.write('data: one\n\n', () => stream.close(constants.NGHTTP2_CANCEL));
    });
    const proxy = await startProxy({ provider });
    for (const plan of ['inspect', 'stream'] as const) {
      const one = ask(await http2Client({ ...proxy }), { body: plan });
      expect(await one.closed).toBe(constants.NGHTTP2_INTERNAL_ERROR);
      expect(one.text()).toBe('data: one\n\n');
    }
    await expect.poll(() => proxy.told.ended).toEqual(['upstream-failed', 'upstream-failed']);
  });

  it('that the client resets amid a hold aborts it, and the provider hears of it; others go on', async () => {
    const codes: number[] = [];
    const provider = await startHttp2Provider((stream) => {
      stream.once('close', () => codes.push(stream.rstCode));
      stream.respond({ ':status': 200 });
      stream.write('held');
    });
    const holding: Following = {
      start: () => ({
        kind: 'transform',
        transform: { push: () => new Promise(() => undefined), end: async () => undefined, doubt: () => {} },
      }),
    };
    const proxy = await startProxy({ provider, following: holding });
    const session = await http2Client(proxy);
    const [first, second] = [ask(session, { body: '{}' }), ask(session, { body: '{}' })];
    await expect.poll(() => [first.status(), second.status()]).toEqual([200, 200]);
    first.stream.close(constants.NGHTTP2_CANCEL);
    await expect.poll(() => proxy.told.ended).toEqual(['client-gone']);
    await expect.poll(() => codes).toEqual([constants.NGHTTP2_CANCEL]);
    expect(proxy.told.requests.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    session.destroy();
    await expect.poll(() => proxy.told.ended).toEqual(['client-gone', 'client-gone']);
    await expect.poll(() => provider.sockets.size).toBe(0);
  });

  it('holds each stream by itself: sixteen are held, and another one passes', async () => {
    const held: (() => void)[] = [];
    const following: Following = {
      start: (head, write) => ({
        kind: 'transform',
        transform: {
          async push(chunk) {
            if (head.rawHeaders.includes('held')) await new Promise<void>((resolve) => held.push(resolve));
            await write(chunk);
          },
          end: async () => undefined,
          doubt: () => {},
        },
      }),
    };
    const provider = await startHttp2Provider((stream, raw) => {
      stream.respond({ ':status': 200, 'x-kind': raw.includes('/held') ? 'held' : 'free' });
      stream.end(Buffer.alloc(400_000, 'x'));
    });
    const proxy = await startProxy({ provider, following });
    const session = await http2Client(proxy);
    const waiting = Array.from({ length: 16 }, () => ask(session, { path: '/held', body: '{}' }));
    await expect.poll(() => held.length).toBe(16);
    const free = ask(session, { path: '/free', body: '{}' });
    expect(await free.closed).toBe(0);
    expect(free.text()).toHaveLength(400_000);
    expect(waiting.map((one) => one.text())).toEqual(waiting.map(() => ''));
    expect(provider.sockets.size).toBe(1);
    const release = setInterval(() => held.splice(0).map((go) => go()), 1);
    await Promise.all(waiting.map(({ closed }) => closed));
    clearInterval(release);
    expect(waiting.map((one) => one.text().length)).toEqual(waiting.map(() => 400_000));
  });

  it('holds the provider back where the client does not read, and no other stream', async () => {
    const total = 64 * 1024 * 1024;
    let sent = 0;
    const provider = await startHttp2Provider((stream, raw) => {
      stream.respond({ ':status': 200 });
      if (raw.includes('/small')) return void stream.end('small');
      const chunk = Buffer.alloc(64 * 1024);
      const pump = () => {
        while (sent < total) {
          sent += chunk.length;
          if (!stream.write(chunk)) return void stream.once('drain', pump);
        }
        stream.end();
      };
      pump();
    });
    const proxy = await startProxy({ provider });
    const session = await http2Client(proxy);
    const big = session.request({ ':path': '/big' });
    await new Promise((resolve) => big.once('response', resolve));
    let before = -1;
    await expect
      .poll(
        () => {
          const still = before === sent && sent > 0;
          before = sent;
          return still;
        },
        { interval: 200, timeout: 15_000 },
      )
      .toBe(true);
    expect(sent).toBeLessThan(4 * 1024 * 1024);
    const small = ask(session, { method: 'GET', path: '/small' });
    await small.closed;
    expect(small.text()).toBe('small');
    let received = 0;
    for await (const chunk of big) received += (chunk as Buffer).length;
    expect(received).toBe(total);
  });

  it('holds the client back where the provider does not read', async () => {
    let read: (() => void) | undefined;
    const provider = await startHttp2Provider((stream) => {
      read = async () => {
        let received = 0;
        for await (const chunk of stream) received += (chunk as Buffer).length;
        stream.respond({ ':status': 200 });
        stream.end(String(received));
      };
    });
    const proxy = await startProxy({ provider, plan: () => 'stream' });
    const { stream, text, closed } = ask(await http2Client(proxy), { open: true });
    const chunk = Buffer.alloc(64 * 1024);
    for (let i = 0; i < 100; i += 1) stream.write(chunk);
    stream.end();
    await expect.poll(() => read).toBeDefined();
    let before = -1;
    await expect
      .poll(
        () => {
          const still = before === stream.writableLength;
          before = stream.writableLength;
          return still;
        },
        { interval: 200, timeout: 15_000 },
      )
      .toBe(true);
    expect(stream.writableLength).toBeGreaterThan(4 * 1024 * 1024);
    read?.();
    await closed;
    expect(text()).toBe(String(100 * 64 * 1024));
  });

  it('carries 100 MB with flat memory', async () => {
    const provider = await startHttp2Provider((stream) => {
      stream.respond({ ':status': 200 });
      const chunk = Buffer.alloc(64 * 1024);
      let sent = 0;
      const pump = () => {
        while (sent < 1600) {
          sent += 1;
          if (!stream.write(chunk)) return void stream.once('drain', pump);
        }
        stream.end();
      };
      pump();
    });
    const proxy = await startProxy({ provider });
    const stream = (await http2Client(proxy)).request({ ':path': '/' });
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    let received = 0;
    let measured = 0;
    let most = 0;
    for await (const chunk of stream) {
      received += (chunk as Buffer).length;
      if (received < measured + 10_000_000) continue;
      measured = received;
      collect();
      most = Math.max(most, process.memoryUsage().arrayBuffers);
    }
    expect(received).toBe(1600 * 64 * 1024);
    expect(most).toBeLessThan(32 * 1024 * 1024);
  });
});

describe('a provider of HTTP/2', () => {
  it('that says goodbye is connected to anew', async () => {
    let count = 0;
    const provider = await startHttp2Provider((stream) => {
      count += 1;
      stream.respond({ ':status': 200 });
      stream.end(String(count));
      stream.session?.close();
    });
    const proxy = await startProxy({ provider });
    const session = await http2Client(proxy);
    for (const expected of ['1', '2', '3']) {
      const one = ask(session, { body: '{}' });
      await one.closed;
      expect(one.text()).toBe(expected);
      await expect.poll(() => provider.sockets.size).toBe(0);
    }
  });

  it('that refuses a stream has it refused for the client, which may ask again', async () => {
    const provider = await startHttp2Provider((stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM));
    const proxy = await startProxy({ provider });
    const one = ask(await http2Client(proxy), { body: '{}' });
    expect(await one.closed).toBe(constants.NGHTTP2_REFUSED_STREAM);
    expect(proxy.told.ended).toEqual(['upstream-failed']);
  });

  it('that breaks off before its head is a 502 in the provider’s shape', async () => {
    const provider = await startHttp2Provider((stream) => stream.close(constants.NGHTTP2_INTERNAL_ERROR));
    const proxy = await startProxy({ provider });
    const one = ask(await http2Client(proxy), { body: '{}' });
    await one.closed;
    expect(one.status()).toBe(502);
    expect(one.text()).toContain('broke off the connection before it answered');
  });

  it('that cannot be reached is a 502, in whichever version the client has', async () => {
    const proxy = await startProxy({ resolve: { [PROVIDER]: '127.0.0.1:1' } });
    const one = ask(await http2Client(proxy, { alpn: ['h2'] }), { body: '{}' });
    await one.closed;
    expect(one.status()).toBe(502);
    expect(one.text()).toContain('could not be reached');
  });

  it('that allows one stream at a time gets one at a time, and all are answered', async () => {
    const provider = await startHttp2Provider(echo, { settings: { maxConcurrentStreams: 1 } });
    const session = await http2Client(await startProxy({ provider }));
    const asked = Array.from({ length: 8 }, (_, i) => ask(session, { body: String(i) }));
    await Promise.all(asked.map(({ closed }) => closed));
    expect(asked.map((one) => one.text())).toEqual(asked.map((_, i) => String(i)));
  });

  it('is shared by no two connections', async () => {
    const provider = await startHttp2Provider(echo);
    const proxy = await startProxy({ provider });
    for (const _ of [1, 2]) await ask(await http2Client(proxy), { body: 'x' }).closed;
    expect(provider.sockets.size).toBe(2);
  });
});

describe.each([
  ['HTTP/1.1', () => startProvider((_request, response) => void response.writeHead(413).end('too much'))],
  [
    'HTTP/2',
    () =>
      startHttp2Provider((stream) => {
        stream.respond({ ':status': 413 });
        stream.end('too much');
      }),
  ],
])('a provider of %s that answers before it has read the request', (_version, provider) => {
  it('is heard at once, and the exchange is over though neither side has closed', async () => {
    const proxy = await startProxy({ provider: await provider(), requestBytes: 1_000 });
    const session = await http2Client(proxy, { alpn: ['h2'] });
    const one = ask(session, { open: true, body: Buffer.alloc(5_000_000) });
    expect(await one.closed).toBe(constants.NGHTTP2_NO_ERROR);
    expect([one.status(), one.text()]).toEqual([413, 'too much']);
    await expect.poll(() => proxy.told.ended).toEqual(['complete']);
    expect(session.closed).toBe(false);
  });
});

describe('what a provider says twice, or should not say', () => {
  const once = ['x-content-type-options', 'nosniff', 'date', 'today'];
  const twice = [...once, ...once];

  it.each([
    ['HTTP/1.1', ['X-After', 'a', 'Connection', 'close', 'Transfer-Encoding', 'chunked', 'ETag', 'a', 'ETag', 'b']],
    ['HTTP/2', ['x-after', 'a', 'etag', 'a', 'etag', 'b']],
  ])('passes, but for what HTTP/2 does not have (%s)', async (version, trailers) => {
    const provider = await (version === 'HTTP/2'
      ? startHttp2Provider(
          (stream) => {
            stream.respond([':status', '200', ...twice], { waitForTrailers: true });
            stream.on('wantTrailers', () =>
              stream.sendTrailers(
                Object.fromEntries([
                  ['x-after', 'a'],
                  ['etag', ['a', 'b']],
                ]),
              ),
            );
            stream.end('body');
          },
          { strictSingleValueFields: false },
        )
      : startProvider((_request, response) => {
          const lines = (fields: readonly string[]) => fields.map((word, i) => word + (i % 2 === 0 ? ': ' : '\r\n')).join('');
          response.socket!.write(
            `HTTP/1.1 200 OK\r\n${lines(twice)}Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n${lines(trailers)}\r\n`,
          );
        }));
    const proxy = await startProxy({ provider });
    const one = ask(await http2Client(proxy, { alpn: ['h2'] }), { body: '{}' });
    expect(await one.closed).toBe(constants.NGHTTP2_NO_ERROR);
    expect(one.headers()).toEqual([':status', '200', ...twice]);
    expect([one.text(), ...one.trailers()]).toEqual(['body', 'x-after', 'a', 'etag', 'a', 'etag', 'b']);
  });
});

describe('a request of HTTP/2 that could be taken for another', () => {
  it.each([
    ['another authority', { authority: 'other.test' }, 421],
    ['another port', { authority: `${PROVIDER}:8443` }, 421],
    ['a host beside its authority', { headers: ['host', 'other.test'] }, 400],
    ['another scheme', { scheme: 'http' }, 400],
    ['an encoded letter in its path', { path: '/v1/%6dessages' }, 400],
    ['a dot segment in its path', { path: '/x/../v1/messages' }, 400],
    ['a fragment', { path: '/x#/../v1/messages' }, 400],
    ['a method in small letters, which HTTP/1.1 would put in capitals', { method: 'post' }, 400],
    ['TRACE', { method: 'TRACE' }, 405],
  ])('by %s is refused, said so, and does not reach the provider', async (_name, options, status) => {
    let reached = 0;
    const provider = await startHttp2Provider(() => {
      reached += 1;
    });
    const proxy = await startProxy({ provider });
    const one = ask(await http2Client(proxy), options);
    await one.closed;
    expect(one.status()).toBe(status);
    expect(one.text()).toMatch(/^Holdpoint: /);
    expect(proxy.told.events).toMatchObject([{ kind: 'refused', host: PROVIDER, port: 443 }]);
    expect(reached).toBe(0);
  });

  it('by CONNECT is refused', async () => {
    const session = await http2Client(await startProxy({ provider: await startHttp2Provider(echo) }));
    const stream = session.request({ ':method': 'CONNECT', ':authority': PROVIDER }, { endStream: false });
    stream.on('error', () => undefined);
    const status = await new Promise((resolve) => stream.once('response', (headers) => resolve(headers[':status'])));
    expect(status).toBe(405);
  });

  it.each([
    ['shorter', '10'],
    ['longer', '1'],
  ])('by a body that is %s than its length reaches nobody', async (_name, length) => {
    const proxy = await startProxy({ provider: await startHttp2Provider(echo) });
    const one = ask(await http2Client(proxy), { body: 'abc', headers: ['content-length', length] });
    expect(await one.closed).not.toBe(constants.NGHTTP2_NO_ERROR);
    expect(proxy.told.requests).toEqual([]);
  });

  it('by a second request behind the length of its body is cut there, though nobody looks at it', async () => {
    const heard: string[] = [];
    const provider = await startProvider(async (request, response) => {
      heard.push(request.url ?? '');
      response.end(await textOf(request));
    });
    const proxy = await startProxy({ provider, plan: () => 'stream' });
    const body = `XPOST /v1/messages HTTP/1.1\r\nHost: ${PROVIDER}\r\nContent-Length: 0\r\n\r\n`;
    const one = ask(await http2Client(proxy, { alpn: ['h2'] }), { path: '/beside', body, headers: ['content-length', '1'] });
    expect(await one.closed).not.toBe(constants.NGHTTP2_NO_ERROR);
    await expect.poll(() => provider.sockets.size).toBe(0);
    expect(heard).not.toContain('/v1/messages');
  });
});

describe('a client of HTTP/2 that goes', () => {
  it('while sixteen of its streams are held ends all of them, and leaves no connection to the provider', async () => {
    const provider = await startHttp2Provider(echo);
    const proxy = await startProxy({
      provider,
      following: {
        start: () => ({ kind: 'transform', transform: { push: () => new Promise(() => {}), end: async () => undefined, doubt: () => {} } }),
      },
    });
    const session = await http2Client(proxy);
    for (let i = 0; i < 16; i += 1) ask(session, { body: '{}' });
    await expect.poll(() => proxy.told.requests.length).toBe(16);
    session.destroy();
    await expect.poll(() => proxy.told.requests.filter(({ signal }) => signal.aborted).length).toBe(16);
    expect(proxy.told.ended).toEqual(Array(16).fill('client-gone'));
    await expect.poll(() => provider.sockets.size).toBe(0);
    expect(proxy.told.log).toEqual([]);
  });
});

describe('what a client of HTTP/2 may cost', () => {
  it('is bounded in headers: ten thousand are refused, and the connection goes on', async () => {
    const proxy = await startProxy({ provider: await startHttp2Provider(echo) });
    const session = await http2Client(proxy);
    const many = ask(session, { method: 'GET', headers: Array.from({ length: 10_000 }, (_, i) => [`x${i}`, '1']).flat() });
    expect(await many.closed).not.toBe(constants.NGHTTP2_NO_ERROR);
    expect(proxy.told.requests).toEqual([]);
    const next = ask(session, { body: 'next' });
    await next.closed;
    expect(next.text()).toBe('next');
  });

  it('is bounded in resets: the connection is closed and reported, and the next one serves', async () => {
    let reached = 0;
    const provider = await startHttp2Provider((stream) => {
      reached += 1;
      stream.respond({ ':status': 200 });
      stream.end('served');
    });
    const proxy = await startProxy({ provider, plan: () => 'stream' });
    const session = await http2Client(proxy);
    await ask(session, { method: 'GET' }).closed;
    for (let i = 0; i < 3_000 && !session.closed && !session.destroyed; i += 1) {
      ask(session, { open: true }).stream.close(constants.NGHTTP2_CANCEL);
      if (i % 50 === 0) await turn();
    }
    await expect.poll(() => session.destroyed).toBe(true);
    expect(reached).toBeLessThan(1_000);
    await expect.poll(() => proxy.told.events).toContainEqual(expect.objectContaining({ kind: 'refused', host: PROVIDER }));
    const next = ask(await http2Client(proxy), { body: 'x' });
    await next.closed;
    expect(next.text()).toBe('served');
  });

  it.each([
    ['settings', Buffer.from('000000040000000000', 'hex')],
    ['pings', Buffer.from(`000008060000000000${'00'.repeat(8)}`, 'hex')],
  ])('is bounded in %s that ask for an answer and are not read: the connection is closed', async (_name, frame) => {
    const proxy = await startProxy({ provider: await startHttp2Provider(echo) });
    const client = await tunnelClient(proxy, { alpn: ['h2'] });
    client.socket.pause();
    client.socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    client.socket.write(Buffer.from('000000040000000000', 'hex'));
    const flood = Buffer.concat(Array<Buffer>(5_000).fill(frame));
    const pump = () => {
      while (!client.socket.destroyed && client.socket.writable)
        if (!client.socket.write(flood)) return void client.socket.once('drain', pump);
    };
    pump();
    await expect.poll(() => client.raw.destroyed || client.socket.writableLength > 0, { timeout: 15_000 }).toBe(true);
    await expect
      .poll(() => proxy.told.events, { timeout: 15_000 })
      .toContainEqual(expect.objectContaining({ kind: 'refused', host: PROVIDER }));
  });

  it('is bounded in streams: the 101st waits for another to end', async () => {
    let open = 0;
    let most = 0;
    const answers: (() => void)[] = [];
    const provider = await startHttp2Provider((stream) => {
      open += 1;
      most = Math.max(most, open);
      answers.push(() => {
        open -= 1;
        stream.respond({ ':status': 200 });
        stream.end('done');
      });
    });
    const session = await http2Client(await startProxy({ provider }));
    const first = ask(session, { body: '{}' });
    await expect.poll(() => answers.length).toBe(1);
    const asked = [first, ...Array.from({ length: 119 }, () => ask(session, { body: '{}' }))];
    await expect.poll(() => answers.length).toBe(100);
    const release = setInterval(() => answers.splice(0).map((go) => go()), 1);
    await Promise.all(asked.map(({ closed }) => closed));
    clearInterval(release);
    expect(asked.map((one) => one.text())).toEqual(asked.map(() => 'done'));
    expect(most).toBeLessThanOrEqual(100);
  });
});

describe('the version', () => {
  async function agreed(provider: Provider | undefined, alpn: string[] | undefined): Promise<string> {
    const proxy = await startProxy(provider ? { provider } : { resolve: { [PROVIDER]: '127.0.0.1:1' } });
    const { connect } = await import('node:tls');
    const { connected } = await import('./support.ts');
    const socket = await connected(proxy, `${PROVIDER}:443`);
    const secure = connect({ socket, ca: proxy.authority.certificatePem, servername: PROVIDER, ...(alpn && { ALPNProtocols: alpn }) });
    await new Promise((resolve, reject) => secure.once('secureConnect', resolve).once('error', reject));
    const spoken = String(secure.alpnProtocol);
    socket.destroy();
    return spoken;
  }
  const h2 = () => startHttp2Provider(echo);
  const h1 = () => startProvider((_request, response) => void response.end());

  it.each([
    ['h2 and http/1.1', ['h2', 'http/1.1'], h2, 'h2'],
    ['http/1.1 and h2', ['http/1.1', 'h2'], h2, 'h2'],
    ['h2 and http/1.1', ['h2', 'http/1.1'], h1, 'http/1.1'],
    ['h2', ['h2'], h1, 'h2'],
    ['http/1.1', ['http/1.1'], h1, 'http/1.1'],
    ['nothing', undefined, h1, 'false'],
    ['h2 and http/1.1', ['h2', 'http/1.1'], async () => undefined, 'http/1.1'],
  ])('of a client that offers %s is the provider’s where it can be', async (_name, alpn, provider, expected) => {
    expect(await agreed(await provider(), alpn)).toBe(expected);
  });

  it('that the provider is offered is what the client offers', async () => {
    const offers: string[][] = [];
    const { listening, providerIdentity } = await import('./support.ts');
    const server = createSecureServer({
      ...providerIdentity(PROVIDER),
      ALPNCallback: ({ protocols }: { protocols: string[] }) => {
        offers.push(protocols);
        return protocols[0];
      },
    });
    server.on('sessionError', () => undefined);
    const provider = await listening(server);
    for (const alpn of [undefined, ['http/1.1'], ['h2', 'http/1.1']]) await agreed(provider, alpn);
    await expect.poll(() => offers).toEqual([['http/1.1'], ['http/1.1'], ['h2', 'http/1.1']]);
  });
});
