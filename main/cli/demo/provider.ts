/** A model provider that says what its script says: for the demonstration and for the tests. No model is asked. */

import { type IncomingMessage, ServerResponse } from 'node:http';
import { createSecureServer } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { SecureContext } from 'node:tls';

export interface ScriptedProvider {
  readonly port: number;
  /** Every request so far, in order. */
  readonly requests: readonly ProviderRequest[];
  close(): Promise<void>;
}

export interface ScriptedProviderOptions {
  readonly contextFor: (host: string) => SecureContext;
  readonly reply: (request: ProviderRequest) => ProviderReply | Promise<ProviderReply>;
  readonly upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Where it listens; on 127.0.0.1, on any port, where absent. */
  readonly at?: { readonly host: string; readonly port: number };
}

export interface ProviderRequest {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly httpVersion: string;
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

/**
 * Listens, stands in for every host that `contextFor` has a certificate for, and answers each request by `reply`, over
 * HTTP/2 or HTTP/1.1 as the client likes. `upgrade` has the requests for a WebSocket; without it they are broken off.
 */
export async function startScriptedProvider(options: ScriptedProviderOptions): Promise<ScriptedProvider> {
  const requests: ProviderRequest[] = [];
  const sockets = new Set<Socket>();
  const tls = { SNICallback: (host: string, done: (error: null, context: SecureContext) => void) => done(null, options.contextFor(host)) };
  const server = createSecureServer({ ...tls, allowHTTP1: true }, (incoming, outgoing) => {
    const gone = new AbortController();
    outgoing.on('close', () => gone.abort());
    outgoing.on('error', () => {});
    answer().catch(() => incoming.destroy());

    async function answer(): Promise<void> {
      const parts: Buffer[] = [];
      let length = 0;
      for await (const part of incoming as AsyncIterable<Buffer>) {
        length += part.length;
        if (length > MAX_BODY_BYTES) throw new Error('too much');
        parts.push(part);
      }
      const request: ProviderRequest = {
        method: incoming.method,
        host: incoming.headers[':authority'] ?? incoming.headers.host ?? '',
        path: incoming.url,
        httpVersion: incoming.httpVersion,
        headers: incoming.headers,
        body: Buffer.concat(parts),
        gone: gone.signal,
      };
      requests.push(request);
      const { status = 200, contentType = 'application/json', headers = {}, chunks } = await options.reply(request);
      if (gone.signal.aborted) return;
      outgoing.writeHead(status, { 'content-type': contentType, ...headers });
      // HTTP/2's answers, where this method is missing in the types, send their head by themselves.
      if (outgoing instanceof ServerResponse) outgoing.flushHeaders();
      for await (const chunk of chunks) {
        if (gone.signal.aborted) return;
        if (!outgoing.write(chunk)) await new Promise((resolve) => outgoing.once('drain', resolve).once('close', resolve));
      }
      outgoing.end();
    }
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('sessionError', () => {});
  server.on('upgrade', options.upgrade ?? ((_request, socket: Duplex) => socket.destroy()));
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen({ host: '127.0.0.1', port: 0, ...options.at }, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
