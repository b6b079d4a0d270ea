/** A model provider that says what its script says: for the demonstration and for the tests. No model is asked. */

import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { SecureContext } from 'node:tls';

export interface ScriptedProvider {
  readonly port: number;
  /** Every request so far, in order. */
  readonly requests: readonly ProviderRequest[];
  close(): Promise<void>;
}

export interface ProviderRequest {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Uint8Array;
  /** Aborted when the other side has gone away. */
  readonly gone: AbortSignal;
}

export interface ProviderReply {
  readonly status?: number;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Written one after the other, each flushed on its own. */
  readonly chunks: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;
}

const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** Listens on 127.0.0.1, stands in for every host that `contextFor` has a certificate for, and answers each request by `reply`. */
export async function startScriptedProvider(options: {
  readonly contextFor: (host: string) => SecureContext;
  readonly reply: (request: ProviderRequest) => ProviderReply | Promise<ProviderReply>;
}): Promise<ScriptedProvider> {
  const requests: ProviderRequest[] = [];
  const server = createServer({ SNICallback: (host, done) => done(null, options.contextFor(host)) }, (incoming, outgoing) => {
    const gone = new AbortController();
    outgoing.on('close', () => gone.abort());
    outgoing.on('error', () => {});
    answer().catch(() => outgoing.destroy());

    async function answer(): Promise<void> {
      const parts: Buffer[] = [];
      let length = 0;
      for await (const part of incoming as AsyncIterable<Buffer>) {
        length += part.length;
        if (length > MAX_BODY_BYTES) throw new Error('too much');
        parts.push(part);
      }
      const request: ProviderRequest = {
        method: incoming.method ?? '',
        host: incoming.headers.host ?? '',
        path: incoming.url ?? '',
        headers: incoming.headers,
        body: Buffer.concat(parts),
        gone: gone.signal,
      };
      requests.push(request);
      const { status = 200, contentType = 'application/json', headers = {}, chunks } = await options.reply(request);
      outgoing.writeHead(status, { 'content-type': contentType, ...headers });
      outgoing.flushHeaders();
      for await (const chunk of chunks) {
        if (outgoing.destroyed) return;
        if (!outgoing.write(chunk)) await new Promise((resolve) => outgoing.once('drain', resolve).once('close', resolve));
      }
      outgoing.end();
    }
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
