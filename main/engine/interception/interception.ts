/** The intercepting proxy: what comes on its port is tunnelled unread, decrypted and inspected, or refused. */

import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Process } from '../../contract/action.ts';
import type { CertificateAuthority } from '../certificates/authority.ts';
import { give, onTheWire, sentence } from './answers.ts';
import { HEADER_BYTES } from './ask.ts';
import { type Connection, createConnection } from './connection.ts';
import { createDial } from './dial.ts';
import { createExchanges } from './exchange.ts';
import type { Inspector } from './inspection.ts';
import { listen } from './listener.ts';
import type { Log } from './log.ts';
import { wantsWebSocket } from './refusals.ts';
import { parseAbsoluteForm, parseAuthority, type Target } from './target.ts';
import { onceLeftAtOnce, terminateTls } from './tls.ts';
import { ESTABLISHED, openTunnel } from './tunnel.ts';
import { createUpstream } from './upstream.ts';
import { createWebSockets } from './websocket.ts';

/** Path of the revocation list on the proxy's own port. */
export const REVOCATION_LIST_PATH = '/holdpoint.crl';

const MOST_TUNNELS = 256;
/** From CONNECT to the end of the handshake. */
const HANDSHAKE_MS = 10_000;
/** Longer than the longest thinking time that was seen before a first byte. */
const PATIENCE_MS = 600_000;
/** How long exchanges under way may take to end when the proxy closes. */
const GRACE_MS = 3_000;

export interface InterceptionOptions {
  readonly host: '127.0.0.1' | 'localhost';
  /** 0 takes a free port. */
  readonly port: number;
  readonly authority: Pick<CertificateAuthority, 'contextFor' | 'revocationList' | 'certificatePem'>;
  /** Whether connections to this host are decrypted. Asked with hosts as `hostName` spells them. */
  intercepts(host: string, port: number): boolean;
  readonly upstream: {
    /** Host name to ADDRESS:PORT, instead of asking DNS. */
    readonly resolve: Readonly<Record<string, string>>;
    /** Certificates to trust upstream besides the platform's. */
    readonly extraCaPem?: string;
  };
  readonly inspector: Inspector;
  /** The program at the other end of a client's connection. */
  processOf(socket: Socket): Promise<Process | undefined>;
  readonly limits: { readonly requestBytes: number };
  readonly log: Log;
}

export interface Interception {
  readonly proxyUrl: string;
  readonly port: number;
  /** Takes no more connections, lets exchanges end for a few seconds, then closes what is left. */
  close(): Promise<void>;
}

/** Starts the proxy. `HoldpointError` `port-busy` where its port cannot be had. */
export async function createInterception(options: InterceptionOptions): Promise<Interception> {
  const { authority, intercepts, inspector, processOf, limits, log } = options;
  const { resolve, extraCaPem } = options.upstream;
  const upstream = createUpstream({
    dial: createDial({ resolve }),
    ...(extraCaPem !== undefined && { extraCaPem }),
    ownCaPem: authority.certificatePem,
  });
  const exchanges = createExchanges({ inspector, requestBytes: limits.requestBytes, patienceMs: PATIENCE_MS, log });
  const webSockets = createWebSockets({ inspector, log });
  const sockets = new Map<Socket, Connection>();
  /** What is spoken inside an intercepted tunnel, by the socket that its requests come on. */
  const tunnels = new WeakMap<Duplex, { readonly connection: Connection; readonly target: Target; asked: boolean }>();
  let tunnelCount = 0;

  // Neither server listens: the first gets its sockets from the listener, the second from the tunnels.
  const proxy = httpServer(onProxyRequest);
  const inner = httpServer(onInnerRequest);
  inner.on('upgrade', onUpgrade);
  proxy.on('connect', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    onConnect(request, socket as Socket, head).catch((error: unknown) => {
      log({ kind: 'inspector-failed', error });
      socket.destroy();
    });
  });
  proxy.on('upgrade', (_request: IncomingMessage, socket: Duplex) => {
    socket.end(
      onTheWire(sentence(426, 'A WebSocket through this proxy needs CONNECT, as every client of WebSockets that knows proxies does.')),
    );
  });
  proxy.on('clientError', (error: Error & { code?: string }, socket: Duplex) => {
    const connection = sockets.get(socket as Socket);
    const message = 'This port is a proxy for HTTP. What came is not a request of HTTP/1.1 that can be passed on.';
    if (isProtocolError(error)) log({ kind: 'foreign-bytes', message: `${message} (${error.code})` });
    refuseBytes(socket, error, message, connection, { host: '127.0.0.1', port: listener.port });
  });
  inner.on('clientError', (error: Error & { code?: string }, socket: Duplex) => {
    const tunnel = tunnels.get(socket);
    refuseBytes(socket, error, 'What came is not a request of HTTP/1.1 that can be inspected.', tunnel?.connection, tunnel?.target);
  });

  const listener = await listen({ port: options.port, accept, log });

  return {
    port: listener.port,
    proxyUrl: `http://${options.host}:${listener.port}`,
    async close() {
      listener.close();
      for (const connection of sockets.values()) connection.closeWhenIdle();
      await Promise.race([Promise.all([...sockets.keys()].map(closed)), grace(GRACE_MS)]);
      for (const socket of sockets.keys()) socket.destroy();
    },
  };

  function accept(socket: Socket): void {
    const connection = createConnection({ id: randomUUID(), socket, upstream, inspector, processOf, log });
    sockets.set(socket, connection);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    proxy.emit('connection', socket);
  }

  /** Absolute-form: a proxied request without TLS. Origin-form: somebody speaks to the proxy itself. */
  function onProxyRequest(request: IncomingMessage, response: ServerResponse): void {
    const connection = sockets.get(request.socket);
    const asked = parseAbsoluteForm(request.url ?? '');
    if (connection && asked) {
      const { host, port } = asked.target;
      void exchanges.serve({ request, response, connection, ...asked, intercepted: intercepts(host, port) });
    } else if (request.method === 'GET' && request.url === REVOCATION_LIST_PATH) {
      give(response, { status: 200, contentType: 'application/pkix-crl', body: authority.revocationList() });
    } else {
      give(response, sentence(400, 'This port is a proxy. Set it as HTTPS_PROXY or HTTP_PROXY; it serves no pages of its own.'));
    }
  }

  function onInnerRequest(request: IncomingMessage, response: ServerResponse): void {
    const tunnel = tunnels.get(request.socket);
    if (!tunnel) return void request.destroy();
    tunnel.asked = true;
    void exchanges.serve({
      request,
      response,
      connection: tunnel.connection,
      target: tunnel.target,
      path: request.url ?? '',
      intercepted: true,
    });
  }

  function onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const tunnel = tunnels.get(socket);
    if (!tunnel) return void socket.destroy();
    tunnel.asked = true;
    const { connection, target } = tunnel;
    void webSockets.serve({ request, socket, head, connection, target, path: request.url ?? '' });
  }

  async function onConnect(request: IncomingMessage, client: Socket, head: Buffer): Promise<void> {
    const connection = sockets.get(client);
    const authorityForm = parseAuthority(request.url ?? '');
    if (!connection || !authorityForm) {
      return void client.end(onTheWire(sentence(400, 'CONNECT needs a host name or address and a port, as in example.com:443.')));
    }
    const { host, port } = authorityForm;
    if (tunnelCount >= MOST_TUNNELS) {
      connection.report(authorityForm, { kind: 'refused', message: `${MOST_TUNNELS} connections are open already.` });
      return void client.end(onTheWire(sentence(503, `${MOST_TUNNELS} connections are open already. Close some and try again.`)));
    }
    tunnelCount += 1;
    client.once('close', () => {
      tunnelCount -= 1;
    });
    if (intercepts(host, port)) return intercept(connection, client, head, host, port);
    connection.reportOnce(authorityForm, 'tunnelled');
    await openTunnel({ client, head, target: { host, port, secure: false }, upstream });
  }

  async function intercept(connection: Connection, client: Socket, head: Buffer, host: string, port: number): Promise<void> {
    // Of the two, TLS is likelier by far, and its connection takes the longest.
    const secure: Target = { host, port, secure: true };
    if (port === 443) connection.agentFor(secure).warm();
    client.write(ESTABLISHED);
    if (head.length > 0) client.unshift(head);
    const first = await firstByte(client, HANDSHAKE_MS);
    if (first === undefined) return void client.destroy();
    if (first === TLS_HANDSHAKE) {
      const terminated = await terminateTls({ socket: client, context: authority.contextFor(host), host, deadlineMs: HANDSHAKE_MS });
      if (terminated.kind === 'untrusting') return connection.report(secure, { kind: 'tls-refused', message: terminated.message });
      if (terminated.kind === 'misdirected') return connection.report(secure, { kind: 'refused', message: terminated.message });
      const tunnel = { connection, target: secure, asked: false };
      onceLeftAtOnce(
        terminated.socket,
        () => tunnel.asked,
        (message) => connection.report(secure, { kind: 'tls-refused', message }),
      );
      return speakHttp(terminated.socket, tunnel);
    }
    const isHttp = first >= 0x41 && first <= 0x5a;
    if (isHttp && port !== 443) return speakHttp(client, { connection, target: { host, port, secure: false }, asked: false });
    const message = `What the program sent to ${host}:${port} is ${isHttp ? 'HTTP without TLS' : 'neither TLS nor HTTP'}, which is not passed on.`;
    connection.report(secure, { kind: 'refused', message });
    client.end(onTheWire(sentence(400, message)));
  }

  function speakHttp(socket: Socket, tunnel: { connection: Connection; target: Target; asked: boolean }): void {
    tunnels.set(socket, tunnel);
    inner.emit('connection', socket);
  }
}

/** RFC 8446 §5.1: the record type that a TLS client begins with. */
const TLS_HANDSHAKE = 0x16;

function httpServer(onRequest: (request: IncomingMessage, response: ServerResponse) => void): Server {
  // No time-out for idle connections: when to close is the client's to say, and ours would race with its next request.
  const server = createServer(
    {
      maxHeaderSize: HEADER_BYTES,
      keepAliveTimeout: 0,
      requestTimeout: 0,
      headersTimeout: 0,
      // Other offers to upgrade (`h2c`) may be ignored, and are (RFC 9110 §7.8).
      shouldUpgradeCallback: (request: IncomingMessage) => wantsWebSocket(request),
    },
    onRequest,
  );
  // A client that has said all it has to say still gets its answer. Node knows this switch, its types do not.
  return Object.assign(server, { httpAllowHalfOpen: true });
}

/** The first byte that a client sends, left in place; undefined where none comes in time. */
function firstByte(socket: Socket, deadlineMs: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => settle(undefined), deadlineMs);
    const settle = (byte: number | undefined) => {
      clearTimeout(timer);
      socket.off('readable', look).off('end', none).off('close', none);
      resolve(byte);
    };
    const none = () => settle(undefined);
    const look = () => {
      const bytes: Buffer | null = socket.read();
      if (bytes === null) return;
      socket.unshift(bytes);
      settle(bytes[0]);
    };
    socket.on('readable', look).once('end', none).once('close', none);
  });
}

/** llhttp's own codes. Others are of the connection, and there is nobody left to tell. */
function isProtocolError(error: { readonly code?: string }): boolean {
  return error.code?.startsWith('HPE_') ?? false;
}

function refuseBytes(
  socket: Duplex,
  error: { readonly code?: string },
  message: string,
  connection: Connection | undefined,
  target: Pick<Target, 'host' | 'port'> | undefined,
): void {
  if (connection && target && isProtocolError(error)) connection.report(target, { kind: 'refused', message });
  // In the middle of an answer there is no place for another one.
  const answering = connection?.busy() ?? false;
  if (!isProtocolError(error) || !socket.writable || answering) return void socket.destroy();
  socket.end(onTheWire(sentence(400, message)), () => socket.destroy());
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
  });
}

function grace(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
