import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { writeTrustBundle } from '../../../main/engine/certificates/bundle.ts';
import { PROVIDER, providerCaPem, startHttp2Provider, startProvider, startProxy } from './support.ts';

const run = promisify(execFile);
/** Nothing of the machine's own proxy and trust settings. */
const env = (more: Record<string, string>) => ({ PATH: process.env.PATH ?? '', ...more });

const NODE = `
const response = await fetch(process.argv[1], { method: 'POST', body: 'hello' });
console.log(response.status, await response.text());
`;

/** Python checks authority key identifiers and the like only when it is told to, until 3.13. */
const PYTHON = `
import http.client, ssl, sys
context = ssl.create_default_context(cafile=sys.argv[2])
context.verify_flags |= ssl.VERIFY_X509_STRICT
connection = http.client.HTTPSConnection('127.0.0.1', int(sys.argv[3]), context=context)
connection.set_tunnel(sys.argv[1], 443)
connection.request('POST', '/v1', body='hello')
response = connection.getresponse()
print(response.status, response.read().decode())
`;

describe('real clients behind the proxy', () => {
  async function started() {
    const provider = await startProvider(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      response.setHeader('content-type', 'text/event-stream');
      response.end(`${request.method} ${body}`);
    });
    return startProxy({ provider });
  }

  it('curl, with our authority as its only trust', async () => {
    const proxy = await started();
    const args = ['-sS', '--cacert', proxy.authority.caFile, '-d', 'hello', `https://${PROVIDER}/v1`];
    const { stdout } = await run('curl', args, { env: env({ HTTPS_PROXY: proxy.interception.proxyUrl }) });
    expect(stdout).toBe('POST hello');
  });

  it('curl with HTTP/2, of a provider that has it', async () => {
    const provider = await startHttp2Provider(async (stream) => {
      let body = '';
      for await (const chunk of stream) body += chunk;
      stream.respond({ ':status': 200 });
      stream.end(`got ${body}`);
    });
    const proxy = await startProxy({ provider });
    const args = [
      '-sS',
      '--http2',
      '-w',
      ' over %{http_version}',
      '--cacert',
      proxy.authority.caFile,
      '-d',
      'hello',
      `https://${PROVIDER}/v1`,
    ];
    const { stdout } = await run('curl', args, { env: env({ HTTPS_PROXY: proxy.interception.proxyUrl }) });
    expect(stdout).toBe('got hello over 2');
  });

  it('curl that does not trust us, which is reported', async () => {
    const proxy = await started();
    const file = join(proxy.dir, 'other.pem');
    await writeFile(file, providerCaPem);
    const failed = run('curl', ['-sS', '--cacert', file, `https://${PROVIDER}/v1`], {
      env: env({ HTTPS_PROXY: proxy.interception.proxyUrl }),
    });
    await expect(failed).rejects.toMatchObject({ code: 60 });
    await expect.poll(() => proxy.told.events).toMatchObject([{ kind: 'tls-refused', host: PROVIDER }]);
  });

  it('curl, with the bundle that takes the place of its store', async () => {
    const proxy = await started();
    const bundle = await writeTrustBundle({ dir: proxy.dir, certificatePem: proxy.authority.certificatePem });
    const { stdout } = await run('curl', ['-sS', '-d', 'hello', `https://${PROVIDER}/v1`], {
      env: env({ https_proxy: proxy.interception.proxyUrl, SSL_CERT_FILE: bundle, CURL_CA_BUNDLE: bundle }),
    });
    expect(stdout).toBe('POST hello');
  });

  it('Node, with our authority as an extra one', async () => {
    const proxy = await started();
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', NODE, `https://${PROVIDER}/v1`], {
      env: env({ HTTPS_PROXY: proxy.interception.proxyUrl, NODE_USE_ENV_PROXY: '1', NODE_EXTRA_CA_CERTS: proxy.authority.caFile }),
    });
    expect(stdout).toBe('200 POST hello\n');
    expect(proxy.told.requests).toHaveLength(1);
  });

  it('Python, checking strictly', async () => {
    const proxy = await started();
    const { stdout } = await run('python3', ['-c', PYTHON, PROVIDER, proxy.authority.caFile, String(proxy.interception.port)], {
      env: env({}),
    });
    expect(stdout).toBe('200 POST hello\n');
  });
});
