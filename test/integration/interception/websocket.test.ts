import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ClientOptions, WebSocket, WebSocketServer } from 'ws';
import type { SocketInspector, SocketLink, UpgradeRequest } from '../../../main/engine/interception/inspection.ts';
import { PROVIDER, type Provider, type Proxy as Running, startProvider, startProxy, tunnelClient } from './support.ts';

interface Rig {
  readonly proxy: Running;
  readonly provider: Provider;
  readonly asked: UpgradeRequest[];
  readonly ended: string[];
  readonly failed: string[];
  /** Why what a side sent could not be read. */
  readonly broken: string[];
  link(): SocketLink;
  /** The provider's side of the next socket that is opened. */
  readonly accepted: Promise<{ socket: WebSocket; request: IncomingMessage }>;
  open(options?: ClientOptions & { path?: string; protocols?: string[] }): Promise<WebSocket>;
}

/** A provider of WebSockets, a proxy that hands messages on as they are unless the test says otherwise, and clients. */
async function rig(
  options: {
    deflate?: boolean;
    requestBytes?: number;
    inspector?: Partial<SocketInspector>;
    prepare?: (server: HttpsServer) => void;
    accept?: (socket: WebSocket) => void;
  } = {},
): Promise<Rig> {
  const asked: UpgradeRequest[] = [];
  const ended: string[] = [];
  const failed: string[] = [];
  const broken: string[] = [];
  const accepted = Promise.withResolvers<{ socket: WebSocket; request: IncomingMessage }>();
  let link: SocketLink | undefined;
  const prepare = (server: HttpsServer) => {
    if (options.prepare) return options.prepare(server);
    const sockets = new WebSocketServer({ server, perMessageDeflate: options.deflate ? { threshold: 0 } : false });
    sockets.on('headers', (headers) => headers.push('X-Request-Id: abc', 'Set-Cookie: a=1', 'Set-Cookie: b=2'));
    sockets.on('connection', (socket, request) => {
      socket.on('error', () => undefined);
      options.accept?.(socket);
      accepted.resolve({ socket, request });
    });
  };
  const provider = await startProvider((_request, response) => response.writeHead(404).end('no such path'), { prepare });
  const proxy = await startProxy({
    provider,
    ...(options.requestBytes !== undefined && { requestBytes: options.requestBytes }),
    upgrade: async (request) => {
      asked.push(request);
      return {
        kind: 'inspect',
        socket: {
          start(opened) {
            link = opened;
          },
          refused: (_head, write) => ({ kind: 'transform', transform: { push: write, end: async () => undefined, doubt: () => {} } }),
          failed: (status, message) => {
            failed.push(message);
            return { status, contentType: 'application/json', body: Buffer.from(JSON.stringify({ error: message })) };
          },
          fromClient: async (message) => link!.toProvider(message),
          fromProvider: async (message) => link!.toClient(message),
          providerEnded: async () => undefined,
          broken: (why) => void broken.push(why),
          ended: (how, status) => void ended.push(`${how} ${status}`),
          ...options.inspector,
        },
      };
    },
  });

  return {
    proxy,
    provider,
    asked,
    ended,
    failed,
    broken,
    link: () => link!,
    accepted: accepted.promise,
    async open({ path = '/v1/responses', protocols = [], ...more } = {}) {
      const { socket } = await tunnelClient(proxy);
      // The tunnel's own listener would take what is the WebSocket's.
      socket.removeAllListeners('data');
      const client = new WebSocket(`wss://${PROVIDER}${path}`, protocols, { createConnection: () => socket as TLSSocket, ...more });
      onTestFinished(() => client.terminate());
      client.on('error', () => undefined);
      return client;
    },
  };
}

/** What a refused upgrade was answered with. */
async function refusalOf(client: WebSocket): Promise<{ status: number; headers: IncomingMessage['headers']; body: string }> {
  const [, response] = (await once(client, 'unexpected-response')) as [unknown, IncomingMessage];
  let body = '';
  for await (const chunk of response) body += chunk;
  return { status: response.statusCode ?? 0, headers: response.headers, body };
}

async function closed(socket: WebSocket): Promise<[number, string]> {
  const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
  return [code, reason.toString()];
}

function collected(socket: WebSocket): (string | Buffer)[] {
  const messages: (string | Buffer)[] = [];
  socket.on('message', (data: Buffer, binary) => messages.push(binary ? data : data.toString()));
  return messages;
}

describe('the handshake', () => {
  it('reaches the provider with the client’s own headers, and the client with the provider’s', async () => {
    const { open, accepted, asked } = await rig();
    const client = await open({
      path: '/v1/responses?x=1',
      protocols: ['one', 'two'],
      headers: { 'X-Codex-Turn': 'T', authorization: 'Bearer sk', Cookie: 'c=1', 'Proxy-Authorization': 'Basic eA==' },
    });
    const opened = once(client, 'upgrade') as Promise<[IncomingMessage]>;
    const { request } = await accepted;
    const [response] = await opened;
    expect(request.url).toBe('/v1/responses?x=1');
    expect(request.headers).toMatchObject({ host: PROVIDER, 'x-codex-turn': 'T', authorization: 'Bearer sk', cookie: 'c=1' });
    expect(request.headers).not.toHaveProperty('proxy-authorization');
    const ours = asked[0]!.head.rawHeaders;
    const names = (raw: readonly string[]) =>
      raw.filter((_, i) => i % 2 === 0 && !/^(proxy-authorization|sec-websocket-extensions)$/i.test(raw[i]!));
    expect(names(request.rawHeaders).filter((name) => !/^sec-websocket-extensions$/i.test(name))).toEqual(names(ours));
    expect(request.headers['sec-websocket-key']).not.toBe(asked[0]!.head.rawHeaders[ours.indexOf('Sec-WebSocket-Key') + 1]);
    expect(response.headers).toMatchObject({ 'x-request-id': 'abc', 'set-cookie': ['a=1', 'b=2'] });
    expect(client.protocol).toBe('one');
  });

  it.each([
    [401, 'application/json', '{"error":{"message":"bad key"}}'],
    [404, 'text/plain', 'nothing here'],
    [426, 'text/plain', 'use HTTP'],
    [200, 'text/html', '<html>please log in</html>'],
  ])('that the provider answers with %i is answered so to the client', async (status, type, body) => {
    const { open, ended } = await rig({
      prepare: (server) =>
        server.on('upgrade', (_request, socket) =>
          socket.end(`HTTP/1.1 ${status} So\r\nContent-Type: ${type}\r\nX-Id: 7\r\nContent-Length: ${body.length}\r\n\r\n${body}`),
        ),
    });
    const client = await open();
    const refusal = await refusalOf(client);
    expect(refusal).toMatchObject({ status, body, headers: { 'content-type': type, 'x-id': '7' } });
    await expect.poll(() => ended).toEqual([`complete ${status}`]);
  });

  it('that the provider answers in gzip is passed on as it reads', async () => {
    const { gzipSync } = await import('node:zlib');
    const body = gzipSync('<html>busy</html>');
    const { open } = await rig({
      prepare: (server) =>
        server.on('upgrade', (_request, socket) => {
          socket.write(`HTTP/1.1 503 Busy\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`);
          socket.end(body);
        }),
    });
    expect(await refusalOf(await open())).toMatchObject({ status: 503, body: '<html>busy</html>' });
  });

  it('with a provider that answers it wrongly is refused', async () => {
    const { open, failed } = await rig({
      prepare: (server) =>
        server.on('upgrade', (_request, socket) =>
          socket.write('HTTP/1.1 101 Ok\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: bm90IGl0\r\n\r\n'),
        ),
    });
    const refusal = await refusalOf(await open());
    expect(refusal.status).toBe(502);
    expect(failed[0]).toMatch(/opened no WebSocket/);
  });

  it('with a provider that compresses without having been asked to is refused', async () => {
    const { open, failed } = await rig({
      prepare: (server) =>
        server.on('upgrade', (request, socket) => {
          const accept = createHash('sha1')
            .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
            .digest('base64');
          socket.write(
            `HTTP/1.1 101 Ok\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover\r\n\r\n`,
          );
        }),
    });
    expect(await refusalOf(await open({ perMessageDeflate: false }))).toMatchObject({ status: 502 });
    expect(failed[0]).toMatch(/extension that was not offered/);
  });

  it('with a provider that breaks off is answered with the guard’s own words', async () => {
    const { open, ended } = await rig({ prepare: (server) => server.on('upgrade', (_request, socket) => socket.destroy()) });
    expect(await refusalOf(await open())).toMatchObject({ status: 502, body: expect.stringMatching(/broke off/) });
    expect(ended).toEqual(['upstream-failed 0']);
  });

  it.each([
    ['with a body', 'Content-Length: 5\r\n'],
    ['with two keys', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'],
    ['of another version', 'Sec-WebSocket-Version: 8\r\n'],
  ])('%s is refused before the provider hears of it', async (_what, line) => {
    const { proxy, asked } = await rig();
    const { socket, over, text } = await tunnelClient(proxy);
    socket.write(
      `GET / HTTP/1.1\r\nHost: ${PROVIDER}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n${line}\r\n`,
    );
    await over;
    expect(text()).toMatch(/^HTTP\/1.1 400 /);
    expect(asked).toEqual([]);
    expect(proxy.told.events.at(-1)).toMatchObject({ kind: 'refused' });
  });
});

describe('messages', () => {
  it.each([
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ])(
    'pass whole, both ways, text and binary (deflate asked: %s, deflate spoken by the provider: %s)',
    async (perMessageDeflate, deflate) => {
      const { open, accepted } = await rig({ deflate });
      const client = await open({ perMessageDeflate: perMessageDeflate ? { threshold: 0 } : false });
      const { socket } = await accepted;
      if (client.readyState !== WebSocket.OPEN) await once(client, 'open');
      expect(client.extensions).toBe(perMessageDeflate ? 'permessage-deflate' : '');
      expect(socket.extensions).toBe(perMessageDeflate && deflate ? 'permessage-deflate' : '');
      const up = collected(socket);
      const down = collected(client);
      const texts = ['', 'a', 'wörds 言葉 🎉', 'x'.repeat(300_000)];
      const bytes = Buffer.from([0, 255, 128, 1]);
      for (const text of texts) {
        client.send(text);
        socket.send(text);
      }
      client.send(bytes);
      socket.send(bytes);
      await expect.poll(() => [up.length, down.length]).toEqual([5, 5]);
      expect(up).toEqual([...texts, bytes]);
      expect(down).toEqual([...texts, bytes]);
    },
  );

  it('in fragments are put together, with pings between them', async () => {
    const { open, accepted } = await rig();
    const client = await open();
    const { socket } = await accepted;
    const up = collected(socket);
    await once(client, 'open');
    client.send('one ', { fin: false });
    client.ping('p');
    client.send('two ', { fin: false });
    client.send('three', { fin: true });
    expect((await once(client, 'pong'))[0].toString()).toBe('p');
    await expect.poll(() => up).toEqual(['one two three']);
  });

  it('that the client sends with its handshake are not lost', async () => {
    const up: (string | Buffer)[][] = [];
    const { proxy } = await rig({ accept: (socket) => void up.push(collected(socket)) });
    const { socket } = await tunnelClient(proxy);
    const frame = Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69]);
    socket.write(
      Buffer.concat([
        Buffer.from(
          `GET / HTTP/1.1\r\nHost: ${PROVIDER}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n`,
        ),
        frame,
      ]),
    );
    await expect.poll(() => up).toEqual([['hi']]);
  });

  it('of a fast provider wait for a slow client', async () => {
    let taken = 0;
    const { open, accepted, link } = await rig({
      requestBytes: 8_000_000,
      inspector: {
        fromProvider: async (message) => {
          await link().toClient(message);
          taken += 1;
        },
      },
    });
    const client = await open();
    const { socket } = await accepted;
    await once(client, 'open');
    const down = collected(client);
    client.pause();
    const message = 'm'.repeat(1_000_000);
    let sent = 0;
    const count = () => {
      sent += 1;
    };
    for (let i = 0; i < 100; i += 1) socket.send(message, count);
    // What was taken stands still once every buffer on the way is full.
    let before = -1;
    await expect
      .poll(
        () => {
          const still = taken > 0 && taken === before;
          before = taken;
          return still;
        },
        { interval: 300, timeout: 15_000 },
      )
      .toBe(true);
    expect(taken).toBeLessThan(60);
    expect(sent).toBeLessThan(90);
    client.resume();
    await expect.poll(() => down.length, { timeout: 20_000 }).toBe(100);
  }, 30_000);

  it('that are empty are not read ahead without end while one is held', async () => {
    const frames = Buffer.alloc(64 * 1024, Buffer.from([0x81, 0x00]));
    const { open, accepted } = await rig({ inspector: { fromProvider: () => new Promise(() => {}) } });
    await open();
    const { socket } = await accepted;
    const wire = (socket as unknown as { _socket: Socket })._socket;
    let sent = 0;
    const pump = () => {
      while (sent < 64 * 1024 * 1024) {
        sent += frames.length;
        if (!wire.write(frames)) return void wire.once('drain', pump);
      }
    };
    pump();
    let before = -1;
    await expect
      .poll(
        () => {
          const still = before === sent;
          before = sent;
          return still;
        },
        { interval: 200, timeout: 15_000 },
      )
      .toBe(true);
    expect(sent).toBeLessThan(16 * 1024 * 1024);
  });

  it('that a provider does not read hold nothing once the client has gone', async () => {
    const { open, accepted, ended } = await rig({ requestBytes: 8_000_000 });
    const client = await open({ perMessageDeflate: false });
    const { socket } = await accepted;
    await once(client, 'open');
    socket.pause();
    for (let i = 0; i < 40; i += 1) client.send('m'.repeat(1_000_000));
    await expect.poll(() => client.bufferedAmount).toBeGreaterThan(0);
    client.terminate();
    await expect.poll(() => ended, { timeout: 10_000 }).toEqual(['client-gone 101']);
  }, 20_000);

  it('that the inspector holds keep neither side’s pings waiting', async () => {
    const held = Promise.withResolvers<void>();
    const { open, accepted, link } = await rig({
      inspector: {
        fromProvider: async (message) => {
          await held.promise;
          await link().toClient(message);
        },
      },
    });
    const client = await open();
    const { socket } = await accepted;
    await once(client, 'open');
    const down = collected(client);
    socket.send('held');
    socket.ping('from the provider');
    expect((await once(socket, 'pong'))[0].toString()).toBe('from the provider');
    client.ping('from the client');
    expect((await once(client, 'pong'))[0].toString()).toBe('from the client');
    expect(down).toEqual([]);
    held.resolve();
    await expect.poll(() => down).toEqual(['held']);
  });
});

describe('signs of life', () => {
  it('are passed on, so that the other side and all between see them too', async () => {
    const { open, accepted } = await rig();
    const client = await open();
    const { socket } = await accepted;
    await once(client, 'open');
    client.ping('a');
    expect((await once(socket, 'ping'))[0].toString()).toBe('a');
    socket.ping('b');
    expect((await once(client, 'ping'))[0].toString()).toBe('b');
    client.pong('c');
    expect((await once(socket, 'pong'))[0].toString()).toBe('c');
  });
});

describe('the close', () => {
  it.each([
    [1000, 'done'],
    [1001, ''],
    [3000, 'own'],
    [4999, 'r'.repeat(123)],
  ])('with code %i is passed on, from either side', async (code, reason) => {
    for (const from of ['client', 'provider']) {
      const { open, accepted, ended } = await rig();
      const client = await open();
      const { socket } = await accepted;
      await once(client, 'open');
      const both = Promise.all([closed(client), closed(socket)]);
      (from === 'client' ? client : socket).close(code, reason);
      expect(await both).toEqual([
        [code, reason],
        [code, reason],
      ]);
      await expect.poll(() => ended).toEqual([from === 'client' ? 'client-gone 101' : 'complete 101']);
    }
  });

  it('without a code stays without one', async () => {
    const { open, accepted } = await rig();
    const client = await open();
    const { socket } = await accepted;
    await once(client, 'open');
    client.close();
    expect(await closed(socket)).toEqual([1005, '']);
  });

  it('of a connection that just ends is the same for the other side: 1006', async () => {
    const first = await rig();
    const client = await first.open();
    const { socket } = await first.accepted;
    await once(client, 'open');
    socket.terminate();
    expect(await closed(client)).toEqual([1006, '']);
    await expect.poll(() => first.ended).toEqual(['upstream-failed 101']);

    const second = await rig();
    const leaving = await second.open();
    const left = await second.accepted;
    await once(leaving, 'open');
    leaving.terminate();
    expect(await closed(left.socket)).toEqual([1006, '']);
    await expect.poll(() => second.ended).toEqual(['client-gone 101']);
    expect(second.asked[0]!.signal.aborted).toBe(true);
  });

  it('of the provider comes after the messages before it, and after what is held', async () => {
    const settled = Promise.withResolvers<void>();
    const { open, accepted, link } = await rig({
      accept: (socket) => {
        socket.send('last');
        socket.close(1000, 'bye');
      },
      inspector: {
        providerEnded: async () => {
          await settled.promise;
          await link().toClient({ text: true, data: Buffer.from('settled') });
        },
      },
    });
    const client = await open();
    const down = collected(client);
    await accepted;
    await expect.poll(() => down).toEqual(['last']);
    settled.resolve();
    expect(await closed(client)).toEqual([1000, 'bye']);
    expect(down).toEqual(['last', 'settled']);
  });

  it('aborts what is held as soon as the client asks for it', async () => {
    const { open, accepted, asked } = await rig({ inspector: { fromClient: () => new Promise(() => {}) } });
    const client = await open();
    await accepted;
    await once(client, 'open');
    client.send('blocks');
    client.close(1000);
    await expect.poll(() => asked[0]!.signal.aborted).toBe(true);
  });

  it('by the inspector reaches both sides, after what was sent', async () => {
    const { open, accepted, link } = await rig();
    const client = await open();
    const { socket } = await accepted;
    await once(client, 'open');
    const down = collected(client);
    void link().toClient({ text: true, data: Buffer.from('why') });
    const both = Promise.all([closed(client), closed(socket)]);
    link().close(1008, 'Holdpoint: no.');
    expect(await both).toEqual([
      [1008, 'Holdpoint: no.'],
      [1008, 'Holdpoint: no.'],
    ]);
    expect(down).toEqual(['why']);
  });

  it('of the engine is told to both as going away', async () => {
    const { open, accepted, proxy } = await rig();
    const client = await open();
    const { socket } = await accepted;
    await once(client, 'open');
    const both = Promise.all([closed(client), closed(socket)]);
    await proxy.interception.close();
    expect((await both).map(([code]) => code)).toEqual([1001, 1001]);
  });
});

describe('what breaks the protocol', () => {
  /** Frames as a client writes them by hand, masked with zeros where they are masked. */
  const frames: [string, number[], number][] = [
    ['a reserved bit', [0xa1, 0x80, 0, 0, 0, 0], 1002],
    ['compression that nobody agreed to', [0xc1, 0x80, 0, 0, 0, 0], 1002],
    ['an unknown opcode', [0x83, 0x80, 0, 0, 0, 0], 1002],
    ['no mask', [0x81, 0x01, 0x61], 1002],
    ['a continuation of nothing', [0x80, 0x80, 0, 0, 0, 0], 1002],
    ['a fragmented ping', [0x09, 0x80, 0, 0, 0, 0], 1002],
    ['text that is no UTF-8', [0x81, 0x81, 0, 0, 0, 0, 0xff], 1007],
    ['a close code that may not be sent', [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xed], 1002],
    ['a message announced as 1 GB', [0x82, 0xff, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0], 1009],
  ];

  it.each(frames)('from the client, %s, is refused with the right code', async (_what, frame, code) => {
    const { proxy, open, accepted, broken } = await rig();
    const client = await open({ perMessageDeflate: false });
    const { socket } = await accepted;
    await once(client, 'open');
    const up = collected(socket);
    const both = Promise.all([closed(client), closed(socket)]);
    rawOf(client).write(Buffer.from(frame));
    const [ours, theirs] = await both;
    expect(ours[0]).toBe(code);
    expect(theirs[0]).toBe(1001);
    expect(up).toEqual([]);
    expect(proxy.told.events.at(-1)).toMatchObject({ kind: 'refused', message: expect.stringMatching(/client's message/) });
    expect(broken).toEqual([{ 1002: 'malformed', 1007: 'undecodable', 1009: 'too-long' }[code]]);
  });

  it.each([
    ['a mask', [0x81, 0x81, 0, 0, 0, 0, 0x61]],
    ['a message announced as 1 GB', [0x82, 0x7f, 0, 0, 0, 0, 0x40, 0, 0, 0]],
    ['text that is no UTF-8', [0x81, 0x01, 0xff]],
  ])('from the provider, %s, ends the client’s side in good form', async (_what, frame) => {
    const { proxy, open, accepted, ended, broken } = await rig();
    const client = await open();
    const { socket } = await accepted;
    await once(client, 'open');
    const down = collected(client);
    const gone = closed(client);
    rawOf(socket).write(Buffer.from(frame));
    expect((await gone)[0]).toBe(1011);
    expect(down).toEqual([]);
    expect(proxy.told.events.at(-1)).toMatchObject({ kind: 'refused', message: expect.stringMatching(/provider's message/) });
    expect(broken).toHaveLength(1);
    await expect.poll(() => ended).toEqual(['upstream-failed 101']);
  });

  it('is a message that inflates beyond the bound', async () => {
    const { open, accepted } = await rig({ requestBytes: 100_000 });
    const client = await open({ perMessageDeflate: { threshold: 0 } });
    const { socket } = await accepted;
    await once(client, 'open');
    const up = collected(socket);
    client.send('0'.repeat(90_000));
    await expect.poll(() => up.length).toBe(1);
    const gone = closed(client);
    client.send('0'.repeat(10_000_000));
    expect((await gone)[0]).toBe(1009);
    expect(up.length).toBe(1);
  });

  it('is deflated data that is none', async () => {
    const { open, accepted } = await rig();
    const client = await open({ perMessageDeflate: { threshold: 0 } });
    await accepted;
    await once(client, 'open');
    const gone = closed(client);
    rawOf(client).write(Buffer.from([0xc1, 0x83, 0, 0, 0, 0, 0xff, 0xff, 0xff]));
    expect((await gone)[0]).toBe(1007);
  });
});

/** The connection below a WebSocket. */
function rawOf(socket: WebSocket): TLSSocket {
  return (socket as unknown as { _socket: TLSSocket })._socket;
}
