import { constants } from 'node:http2';
import { createServer } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { ask, http2Client, listening, PROVIDER, type Provider, providerIdentity, startProxy, tunnelClient } from './support.ts';

const frame = (type: number, flags: number, stream: number, payload: Buffer): Buffer => {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
};
const word = (text: string): Buffer => Buffer.concat([Buffer.from([text.length]), Buffer.from(text, 'latin1')]);
const block = (fields: readonly string[]): Buffer => {
  const out: Buffer[] = [];
  for (let i = 0; i < fields.length; i += 2) out.push(Buffer.from([0]), word(fields[i]!), word(fields[i + 1]!));
  return Buffer.concat(out);
};
const END_STREAM = 1;
const END_HEADERS = 4;
const headers = (stream: number, fields: readonly string[], end = true) =>
  frame(1, END_HEADERS | (end ? END_STREAM : 0), stream, block(fields));
const data = (stream: number, body: string, end = true) => frame(0, end ? END_STREAM : 0, stream, Buffer.from(body, 'latin1'));
const SETTINGS = frame(4, 0, 0, Buffer.alloc(0));
const SETTINGS_SEEN = frame(4, 1, 0, Buffer.alloc(0));
const reset = (stream: number, code: number) => frame(3, 0, stream, Buffer.from([0, 0, 0, code]));
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/** A provider that answers each request, when its head is there, with these frames. */
async function provider(answer: (stream: number) => Buffer[]): Promise<Provider> {
  const server = createServer({ ...providerIdentity(PROVIDER), ALPNProtocols: ['h2'] }, (socket) => {
    let left = Buffer.alloc(0);
    let begun = false;
    socket.on('error', () => undefined);
    socket.write(SETTINGS);
    socket.on('data', (chunk: Buffer) => {
      left = Buffer.concat([left, chunk]);
      if (!begun) {
        if (left.length < PREFACE.length) return;
        begun = true;
        left = left.subarray(PREFACE.length);
      }
      while (left.length >= 9 && left.length >= 9 + left.readUIntBE(0, 3)) {
        const type = left[3];
        const stream = left.readUInt32BE(5);
        if (type === 4 && left[4] === 0) socket.write(SETTINGS_SEEN);
        if (type === 1) socket.write(Buffer.concat(answer(stream)));
        left = left.subarray(9 + left.readUIntBE(0, 3));
      }
    });
  });
  return listening(server);
}

const OK = [':status', '200', 'content-type', 'text/plain'];
const LONG = 'x'.repeat(16_000);

describe.each(['stream', 'inspect', 'opaque'] as const)('frames of a provider, where the plan is to %s', (plan) => {
  async function asked(answer: (stream: number) => Buffer[], open = true) {
    const proxy = await startProxy({ provider: await provider(answer), plan: () => plan, requestBytes: 100 });
    const one = ask(await http2Client(proxy), { open, body: 'x'.repeat(1_000) });
    return { one, proxy, code: await one.closed };
  }

  it('that end the answer and let go of the rest of the request are a whole answer', async () => {
    const { one, code } = await asked((id) => [
      headers(id, OK, false),
      ...Array(8).fill(data(id, LONG, false)),
      headers(id, ['x-after', '1']),
      reset(id, 0),
    ]);
    expect(code).toBe(constants.NGHTTP2_NO_ERROR);
    expect(one.text()).toHaveLength(8 * LONG.length);
    expect(one.trailers()).toEqual(['x-after', '1']);
  });

  it.each([
    ['no error', constants.NGHTTP2_NO_ERROR, true],
    ['no error', constants.NGHTTP2_NO_ERROR, false],
    ['another', constants.NGHTTP2_CANCEL, true],
    ['another', constants.NGHTTP2_CANCEL, false],
  ])('that reset an answer without its end are no whole answer (%s: %d; request open: %s)', async (_name, why, open) => {
    const { one, code } = await asked((id) => [headers(id, OK, false), data(id, 'part', false), reset(id, why)], open);
    expect(code).not.toBe(constants.NGHTTP2_NO_ERROR);
    expect(one.text()).toBe('part');
  });

  it('that promise another answer end the session, and are a 502', async () => {
    const promise = [':method', 'GET', ':scheme', 'https', ':authority', PROVIDER, ':path', '/pushed'];
    const { one } = await asked((id) => [
      frame(5, END_HEADERS, id, Buffer.concat([Buffer.from([0, 0, 0, 2]), block(promise)])),
      headers(id, OK),
    ]);
    expect(one.status()).toBe(502);
  });

  it('that tell early of what is to come are left out', async () => {
    const { one } = await asked((id) => [headers(id, [':status', '103', 'link', '</x>'], false), headers(id, OK, false), data(id, 'body')]);
    expect([one.status(), one.text()]).toEqual([200, 'body']);
  });

  it('that reset the request as not begun let the client try again', async () => {
    const { code } = await asked((id) => [reset(id, constants.NGHTTP2_REFUSED_STREAM)]);
    expect(code).toBe(constants.NGHTTP2_REFUSED_STREAM);
  });
});

describe('frames of a client', () => {
  const ASKED = [':method', 'POST', ':scheme', 'https', ':authority', PROVIDER];

  it.each([
    [
      'continue a head without end',
      [frame(1, 0, 1, block([...ASKED, ':path', '/x'])), ...Array<Buffer>(3_000).fill(frame(9, 0, 1, block(['x', '1'])))],
    ],
    [
      'continue it with nothing',
      [frame(1, 0, 1, block([...ASKED, ':path', '/x'])), ...Array<Buffer>(3_000).fill(frame(9, 0, 1, Buffer.alloc(0)))],
    ],
    ['are pings by the thousand', Array<Buffer>(20_000).fill(frame(6, 0, 0, Buffer.alloc(8)))],
    ['are settings by the thousand', Array<Buffer>(20_000).fill(SETTINGS)],
    ['are data without any', [headers(1, [...ASKED, ':path', '/x'], false), ...Array<Buffer>(20_000).fill(data(1, '', false))]],
    ['are longer than was agreed on', [frame(0, 0, 1, Buffer.alloc(100_000))]],
    ['are another protocol', [Buffer.from('GET / HTTP/1.1\r\n\r\n')]],
  ])('that %s end its connection, which is said as that and not as distrust, and the next one serves', async (_name, frames) => {
    const proxy = await startProxy({ provider: await provider((id) => [headers(id, OK, false), data(id, 'served')]) });
    const client = await tunnelClient(proxy, { alpn: ['h2'] });
    client.socket.write(Buffer.concat([PREFACE, SETTINGS, ...frames]));
    await client.over;
    await expect.poll(() => proxy.told.events.map(({ kind }) => kind)).toContain('refused');
    const next = ask(await http2Client(proxy), { body: 'x' });
    await next.closed;
    expect(next.text()).toBe('served');
    expect(proxy.told.events.map(({ kind }) => kind)).not.toContain('tls-refused');
    expect(proxy.told.log).toEqual([]);
  });

  it('that ask for a WebSocket in the way of HTTP/2 (RFC 8441), which was not offered, reach nobody', async () => {
    const proxy = await startProxy({ provider: await provider((id) => [headers(id, OK, false), data(id, 'served')]) });
    const session = await http2Client(proxy);
    const asked = [':method', 'CONNECT', ':protocol', 'websocket', ':scheme', 'https', ':authority', PROVIDER, ':path', '/v1/realtime'];
    const stream = session.request(asked);
    stream.on('error', () => undefined);
    await new Promise((resolve) => stream.once('close', resolve));
    expect(stream.rstCode).toBe(constants.NGHTTP2_PROTOCOL_ERROR);
    expect(proxy.told.requests).toEqual([]);
  });

  it.each([
    ['that waits to be told to continue', [...ASKED, ':path', '/v1/messages', 'expect', '100-continue'], 'inspect'],
    ['that is refused', [...ASKED, ':path', '/x/../y'], 'inspect'],
    ['that passes', [...ASKED, ':path', '/beside'], 'stream'],
  ] as const)('that ask and take it back in one breath, in a request %s, leave the proxy serving', async (_name, fields, plan) => {
    const proxy = await startProxy({
      provider: await provider((id) => [headers(id, OK, false), data(id, 'served')]),
      plan: () => plan,
      request: async () => ({ kind: 'answer', answer: { status: 400, contentType: 'text/plain', body: Buffer.from('no') } }),
    });
    const { socket } = await tunnelClient(proxy, { alpn: ['h2'] });
    const asking = [1, 3, 5, 7].flatMap((id) => [headers(id, fields, id % 4 === 1), reset(id, id % 3 === 0 ? 0 : 8)]);
    socket.write(Buffer.concat([PREFACE, SETTINGS, ...asking]));
    const next = ask(await http2Client(proxy), { path: '/next', body: 'x' });
    expect(await next.closed).toBe(constants.NGHTTP2_NO_ERROR);
    expect(next.text()).toBe(plan === 'stream' ? 'served' : 'no');
    expect(proxy.told.log).toEqual([]);
  });

  it.each(['opaque', 'inspect'] as const)(
    'that reset a request without an error while it is judged leave the proxy serving (%s)',
    async (plan) => {
      const judged: PromiseWithResolvers<void>[] = [];
      const proxy = await startProxy({
        provider: await provider((id) => [headers(id, OK, false), data(id, 'served')]),
        plan: () => plan,
        requestBytes: 10,
        async request() {
          const verdict = Promise.withResolvers<void>();
          judged.push(verdict);
          await verdict.promise;
          return { kind: 'answer', answer: { status: 400, contentType: 'text/plain', body: Buffer.from('no') } };
        },
      });
      const { socket, text } = await tunnelClient(proxy, { alpn: ['h2'] });
      const asking = [headers(1, [...ASKED, ':path', '/v1/messages'], false), data(1, 'x'.repeat(1_000), false)];
      socket.write(Buffer.concat([PREFACE, SETTINGS, ...asking]));
      await expect.poll(() => judged.length).toBe(1);
      const before = text().length;
      // The answer to the ping comes after the reset was read.
      socket.write(Buffer.concat([reset(1, 0), frame(6, 0, 0, Buffer.alloc(8))]));
      await expect.poll(() => text().length).toBeGreaterThan(before);
      judged[0]!.resolve();
      const next = ask(await http2Client(proxy), { path: '/next', body: 'x' });
      await expect.poll(() => judged.length).toBe(2);
      judged[1]!.resolve();
      expect(await next.closed).toBe(constants.NGHTTP2_NO_ERROR);
      expect(next.text()).toBe('no');
      expect(proxy.told.log).toEqual([]);
    },
  );
});
