/** A `fetch` for SDKs that run in the test's own process: HTTP/1.1 through the guard's proxy, trusting its certificate authority. */

import { readFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Readable } from 'node:stream';
import { connect } from 'node:tls';
import type { Ready } from './guard-process.ts';

export async function fetchThrough({ proxyUrl, caFile }: Pick<Ready, 'proxyUrl' | 'caFile'>): Promise<typeof fetch> {
  const ca = await readFile(caFile, 'utf8');
  const proxy = new URL(proxyUrl);

  return async (input, init) => {
    const asked = new Request(input, init);
    const url = new URL(asked.url);
    const port = url.port || '443';
    const tunnel = await new Promise<NonNullable<IncomingMessage['socket']>>((resolve, reject) => {
      const connecting = httpRequest({ host: proxy.hostname, port: proxy.port, method: 'CONNECT', path: `${url.hostname}:${port}` });
      connecting.once('connect', (response, socket) =>
        response.statusCode === 200 ? resolve(socket) : reject(new Error(`CONNECT was answered ${response.statusCode}`)),
      );
      connecting.once('error', reject).end();
    });
    const secure = connect({ socket: tunnel, servername: url.hostname, ca });
    const body = Buffer.from(await asked.arrayBuffer());
    return new Promise<Response>((resolve, reject) => {
      const sent = httpsRequest({
        host: url.hostname,
        path: url.pathname + url.search,
        method: asked.method,
        headers: { ...Object.fromEntries(asked.headers), ...(body.length > 0 && { 'content-length': String(body.length) }) },
        createConnection: () => secure,
        defaultPort: 443,
      });
      sent.once('error', reject);
      sent.once('response', (response) => {
        const headers = new Headers();
        for (const [name, value] of Object.entries(response.headers)) headers.set(name, String(value));
        resolve(new Response(Readable.toWeb(response) as ReadableStream, { status: response.statusCode ?? 500, headers }));
      });
      init?.signal?.addEventListener('abort', () => sent.destroy(new Error('aborted')));
      sent.end(body);
    });
  };
}
