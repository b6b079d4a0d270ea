import type { Socket } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  connected,
  PROVIDER,
  plainClient,
  startProvider,
  startProxy,
  tunnelClient,
  type Wire,
} from '../integration/interception/support.ts';
import { runs } from './runs.ts';

/** Pieces of proxy requests, right and wrong, and bytes of no meaning. */
const fragment = fc.oneof(
  fc.constantFrom(
    'GET ',
    'POST ',
    'CONNECT ',
    'TRACE ',
    'PRI * HTTP/2.0',
    ' HTTP/1.1\r\n',
    ' HTTP/1.0\r\n',
    ' HTTP/9.9\r\n',
    '\r\n',
    '\r\n\r\n',
    '\n',
    '\0',
  ),
  fc.constantFrom(
    '/',
    '*',
    '/holdpoint.crl',
    `http://${PROVIDER}/`,
    'http://[::1',
    'http://%00/',
    `${PROVIDER}:443`,
    ':443',
    'a:99999',
    '127.0.0.1:0',
  ),
  fc.constantFrom(
    `Host: ${PROVIDER}\r\n`,
    'Host:\r\n',
    'Host: a\r\nHost: b\r\n',
    'Content-Length: 5\r\n',
    'Content-Length: -1\r\n',
    'Transfer-Encoding: chunked\r\n',
    'Transfer-Encoding: x\r\n',
  ),
  fc.constantFrom(
    'Connection: upgrade\r\nUpgrade: websocket\r\n',
    'Expect: 100-continue\r\n',
    'Expect: magic\r\n',
    '5\r\nhello\r\n',
    '0\r\n\r\n',
    'fffffffffffffffff\r\n',
    '\x16\x03\x01\x00\x05',
    '\x05\x01\x00',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
);
const message = fc.array(fragment, { maxLength: 12 }).map((parts) => Buffer.from(parts.join(''), 'latin1'));

/** The client says all of it and ends; the other side must then end too, whatever it made of it. */
async function ends(client: Wire<Socket>, bytes: Buffer): Promise<void> {
  client.socket.end(bytes);
  await client.over;
  client.socket.destroy();
  const text = client.text();
  expect(text === '' || text.startsWith('HTTP/1.1 ')).toBe(true);
}

async function stillServes(proxy: Awaited<ReturnType<typeof startProxy>>): Promise<void> {
  const client = await tunnelClient(proxy);
  client.socket.write(`GET / HTTP/1.1\r\nHost: ${PROVIDER}\r\n\r\n`);
  await expect.poll(() => client.text()).toContain('still here');
}

describe('whatever is sent to the proxy, it answers or closes, and serves the next client', () => {
  it('on its port', async () => {
    const proxy = await startProxy({ provider: await startProvider((_request, response) => void response.end('still here')) });
    await fc.assert(
      fc.asyncProperty(message, async (bytes) => ends(await plainClient(proxy.interception.port), bytes)),
      { numRuns: runs(150) },
    );
    await stillServes(proxy);
  });

  it('as the target of CONNECT', async () => {
    const proxy = await startProxy({
      provider: await startProvider((_request, response) => void response.end('still here')),
      resolve: { 'down.test': '127.0.0.1:1' },
    });
    const target = fc.oneof(
      fc.string({ maxLength: 30 }),
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc
        .tuple(
          fc.constantFrom('down.test', PROVIDER, '[::]', '0.0.0.0', '169.254.169.254', 'a'.repeat(300), 'xn--'),
          fc.oneof(fc.nat(70_000).map(String), fc.string({ maxLength: 4 })),
        )
        .map((parts) => parts.join(':')),
    );
    // Plain characters are left to names that have no address here, so that no look-up leaves this machine.
    const local = target.filter(
      (text) => !/^[a-z0-9.-]+:\d+$/i.test(text) || /^(down\.test|api\.provider\.test|0\.0\.0\.0|169\.254\.169\.254):/.test(text),
    );
    await fc.assert(
      fc.asyncProperty(local, async (text) =>
        ends(await plainClient(proxy.interception.port), Buffer.from(`CONNECT ${text} HTTP/1.1\r\nHost: x\r\n\r\n`, 'latin1')),
      ),
      { numRuns: runs(150) },
    );
    await stillServes(proxy);
  });

  it('in an intercepted tunnel, before and after the handshake', async () => {
    const proxy = await startProxy({ provider: await startProvider((_request, response) => void response.end('still here')) });
    await fc.assert(
      fc.asyncProperty(message, fc.boolean(), async (bytes, secure) => {
        if (secure) return ends(await tunnelClient(proxy), bytes);
        const socket = await connected(proxy, `${PROVIDER}:443`);
        const over = new Promise((resolve) => socket.on('error', resolve).once('close', resolve));
        socket.resume().end(bytes);
        await over;
      }),
      { numRuns: runs(80) },
    );
    await stillServes(proxy);
  });
});
