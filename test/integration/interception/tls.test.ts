import { createServer } from 'node:https';
import { connect } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { openCertificateAuthority } from '../../../main/engine/certificates/authority.ts';
import { openKeystore } from '../../../main/engine/certificates/keystore.ts';
import { createDial } from '../../../main/engine/interception/dial.ts';
import { createUpstream } from '../../../main/engine/interception/upstream.ts';
import { connected, listening, PROVIDER, providerCaPem, startProvider, startProxy, temporaryFolder, tunnelClient } from './support.ts';

describe('TLS with the client', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::1', '[::1]'],
    ['a_b.provider.test', 'a_b.provider.test'],
    [`${'long-label.'.repeat(8)}test`, `${'long-label.'.repeat(8)}test`],
  ])('shows a certificate for %s that a client accepts', async (host, authority) => {
    const provider = await startProvider((_request, response) => void response.end('reached'), { host });
    const proxy = await startProxy({ intercepts: (asked) => asked === host, resolve: { [host]: `127.0.0.1:${provider.port}` } });
    const client = await tunnelClient(proxy, { host: authority });
    expect(client.socket.authorized).toBe(true);
    client.socket.write(`GET / HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
    await expect.poll(() => client.text()).toContain('reached');
    expect(proxy.told.requests[0]?.head.host).toBe(host);
  });

  it('is answered with 421 where the greeting names another server than CONNECT did', async () => {
    let reached = 0;
    const provider = await startProvider((_request, response) => {
      reached += 1;
      response.end();
    });
    const proxy = await startProxy({ provider });
    const socket = await connected(proxy, `${PROVIDER}:443`);
    const secure = connect({ socket, rejectUnauthorized: false, servername: 'other.test' });
    secure.on('error', () => undefined);
    let text = '';
    secure.on('data', (chunk) => (text += chunk));
    secure.write(`GET / HTTP/1.1\r\nHost: ${PROVIDER}\r\n\r\n`);
    await expect.poll(() => text).toMatch(/^HTTP\/1.1 421 .*another server/s);
    await expect
      .poll(() => proxy.told.events)
      .toMatchObject([{ kind: 'refused', host: PROVIDER, message: expect.stringContaining('another server') }]);
    expect(reached).toBe(0);
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('that a program refuses because it does not trust us is reported (%s)', async (version) => {
    const proxy = await startProxy();
    const socket = await connected(proxy, `${PROVIDER}:443`);
    const secure = connect({ socket, ca: providerCaPem, servername: PROVIDER, minVersion: version, maxVersion: version });
    const failed = new Promise((resolve) => secure.once('error', resolve));
    expect(await failed).toMatchObject({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
    await expect
      .poll(() => proxy.told.events)
      .toMatchObject([{ kind: 'tls-refused', host: PROVIDER, port: 443, message: expect.stringContaining('trust') }]);
  });

  it('with a version that is too old is reported', async () => {
    const proxy = await startProxy();
    const socket = await connected(proxy, `${PROVIDER}:443`);
    socket.write(Buffer.from(`160301002f0100002b0301${'00'.repeat(32)}000004002f00ff0100`, 'hex'));
    await new Promise((resolve) => socket.on('error', resolve).once('close', resolve).resume());
    await expect
      .poll(() => proxy.told.events)
      .toMatchObject([{ kind: 'tls-refused', message: expect.stringContaining('handshake failed') }]);
  });

  it.each([
    ['HTTP', `GET / HTTP/1.1\r\nHost: ${PROVIDER}\r\n\r\n`, 'HTTP without TLS'],
    ['something else', '\x00\x01\x02', 'neither TLS nor HTTP'],
  ])('that is %s instead is refused with a reason', async (_name, bytes, reason) => {
    const proxy = await startProxy();
    const socket = await connected(proxy, `${PROVIDER}:443`);
    let text = '';
    socket.on('data', (chunk) => (text += chunk));
    socket.write(bytes);
    await new Promise((resolve) => socket.once('end', resolve));
    expect(text).toMatch(new RegExp(`^HTTP/1.1 400 .*${reason}`, 's'));
    expect(proxy.told.events).toMatchObject([{ kind: 'refused', host: PROVIDER, message: expect.stringContaining(reason) }]);
  });

  it('that cannot be decided on is closed, and nothing passes', async () => {
    const proxy = await startProxy({
      intercepts: () => {
        throw new Error('bug');
      },
    });
    await expect(connected(proxy, `${PROVIDER}:443`)).rejects.toThrow();
    expect(proxy.told.log).toMatchObject([{ kind: 'inspector-failed' }]);
  });

  it('that is HTTP on another port is inspected as HTTP', async () => {
    const { createServer: createHttpServer } = await import('node:http');
    const server = await listening(createHttpServer((_request, response) => void response.end('plain')));
    const proxy = await startProxy({ resolve: { [PROVIDER]: `127.0.0.1:${server.port}` } });
    const socket = await connected(proxy, `${PROVIDER}:8080`);
    let text = '';
    socket.on('data', (chunk) => (text += chunk));
    socket.write(`GET / HTTP/1.1\r\nHost: ${PROVIDER}:8080\r\n\r\n`);
    await expect.poll(() => text).toContain('plain');
    expect(proxy.told.requests[0]?.head).toMatchObject({ host: PROVIDER, port: 8080 });
    socket.destroy();
  });
});

describe('TLS with the provider', () => {
  it('never trusts our own authority, even where it is among the extra ones', async () => {
    const dir = await temporaryFolder();
    const authority = await openCertificateAuthority({
      dir,
      keystore: openKeystore({ dir, system: undefined }),
      crlUrl: () => 'http://127.0.0.1:1/x.crl',
    });
    const impostor = createServer({ SNICallback: (_name, done) => done(null, authority.contextFor(PROVIDER)) });
    const { port } = await listening(impostor);
    const target = { host: PROVIDER, port: 443, secure: true };
    const resolve = { [PROVIDER]: `127.0.0.1:${port}` };
    const broken = createUpstream({ dial: createDial({ resolve }), extraCaPem: authority.certificatePem, ownCaPem: '' });
    (await broken.connect(target)).destroy();
    const ours = createUpstream({
      dial: createDial({ resolve }),
      extraCaPem: authority.certificatePem.replaceAll('\n', '\r\n'),
      ownCaPem: authority.certificatePem,
    });
    await expect(ours.connect(target)).rejects.toMatchObject({ code: 'upstream-unreachable' });
  });
});
