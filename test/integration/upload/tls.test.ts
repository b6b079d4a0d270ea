import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { openCertificateAuthority } from '../../../main/engine/certificates/authority.ts';
import { openKeystore } from '../../../main/engine/certificates/keystore.ts';
import { parseParentProxy } from '../../../main/engine/interception/routes/parent-proxy.ts';
import { proxyFor } from '../../../main/engine/upload/proxy.ts';
import { startOtlpReceiver } from '../../support/otlp-receiver.ts';
import { openLog, temporaryFolder } from '../audit/support.ts';
import { appended, seqsOf, uploading } from './support.ts';

async function scene() {
  const dir = temporaryFolder();
  const keys = temporaryFolder();
  const authority = await openCertificateAuthority({
    dir: keys,
    keystore: openKeystore({ dir: keys, system: undefined }),
    crlUrl: () => 'http://127.0.0.1:9/none.crl',
  });
  const collector = await startOtlpReceiver({ contextFor: authority.contextFor });
  onTestFinished(() => collector.close());
  const log = await openLog(dir);
  await appended(log, 2);
  return { dir, log, collector, roots: [authority.certificatePem] };
}

it('reaches a collector whose authority is trusted, and no other', async () => {
  const { dir, log, collector, roots } = await scene();
  const stranger = uploading({ dir, log, url: collector.url });
  await stranger.run();
  expect(collector.requests).toEqual([]);
  expect(stranger.problem()).toMatch(/The certificate of the collector at localhost:\d+ is not trusted \([A-Z_]+\).*upstream\.extraCaFile/);
  const upload = uploading({ dir, log, url: collector.url, roots });
  await upload.run();
  expect(seqsOf(collector.kept)).toEqual([1, 2]);
});

it('goes through the proxy that leads to providers', async () => {
  const { dir, log, collector, roots } = await scene();
  const asked: string[] = [];
  const proxy = createServer();
  proxy.on('connect', ({ url = '', headers }, client) => {
    asked.push(`${url} ${headers['proxy-authorization'] ?? ''}`);
    const server = connect(Number(new URL(collector.url).port), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      client.pipe(server).pipe(client);
    });
    for (const end of [client, server]) end.on('error', () => [client, server].forEach((socket) => void socket.destroy()));
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  const { port } = proxy.address() as AddressInfo;
  const parentProxy = parseParentProxy(`http://user:pass%20word@127.0.0.1:${port}`, 'upstream.parentProxy')!;
  const url = 'https://collector.test/v1/logs';
  const upload = uploading({ dir, log, url, roots, proxy: proxyFor(url, { parentProxy, noProxy: [] }, 1)! });
  await upload.run();
  expect(upload.problem()).toBeNull();
  expect(seqsOf(collector.kept)).toEqual([1, 2]);
  expect(asked).toEqual([`collector.test:443 Basic ${Buffer.from('user:pass word').toString('base64')}`]);
});

it('reaches a collector on this machine, and one that is excepted, without it; and never takes Holdpoint itself for it', () => {
  const parentProxy = parseParentProxy('http://127.0.0.1:8080', 'HTTPS_PROXY')!;
  const through = (url: string, noProxy: string[] = [], ownPort = 1) => proxyFor(url, { parentProxy, noProxy }, ownPort);
  expect(through('https://collector.test/v1/logs')).toBe('http://127.0.0.1:8080');
  expect(through('http://127.0.0.1:4318/v1/logs')).toBeUndefined();
  expect(through('http://[::1]:4318/v1/logs')).toBeUndefined();
  expect(through('https://collector.test/v1/logs', ['.test'])).toBeUndefined();
  expect(through('https://collector.test/v1/logs', [], 8080)).toBeUndefined();
  expect(proxyFor('https://collector.test/v1/logs', { noProxy: [] }, 1)).toBeUndefined();
});
