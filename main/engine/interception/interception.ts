/** The intercepting proxy: what comes on its port is tunnelled unread, decrypted and inspected, or refused. */

import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Process } from '../../contract/action.ts';
import type { CertificateAuthority } from '../certificates/authority.ts';
import { upstreamRoots } from '../certificates/bundle.ts';
import { isLoopbackName } from './addresses.ts';
import { give, onTheWire, sentence } from './answers.ts';
import { PAC_PATH, pacAnswer } from './auto-configuration.ts';
import { type Connection, createConnection } from './connection.ts';
import { createDial } from './dial.ts';
import { createExchanges } from './exchange.ts';
import { beginsWithTls } from './greeting.ts';
import { createHeaderOnly } from './header-only.ts';
import { http1Asking } from './http1.ts';
import { HEADER_BYTES } from './http1-upstream.ts';
import { serveHttp2 } from './http2-server.ts';
import type { Inspector } from './inspection.ts';
import { listen } from './listener.ts';
import type { Log } from './log.ts';
import type { Asking } from './message.ts';
import { createOpenings, type Intercepted } from './opening.ts';
import type { Outgoing } from './outgoing.ts';
import { boundPipeline, MOST_PIPELINED } from './pipelining.ts';
import { createProbe } from './probe.ts';
import { wantsWebSocket } from './refusals.ts';
import { type ClientError, createRefuseBytes, isProtocolError } from './refused-bytes.ts';
import type { RouteSettings } from './routes/route-settings.ts';
import { createRoutes } from './routes/routes.ts';
import { parseAbsoluteForm, parseAuthority, type Target } from './target.ts';
import { createUpstream, type Spoken } from './upstream.ts';
import { createWebSockets } from './websocket.ts';

/** Path of the revocation list on the proxy's own port. */
export const REVOCATION_LIST_PATH = '/holdpoint.crl';

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
    /** How hosts that `resolve` does not name are reached; directly where absent. */
    readonly routes?: RouteSettings;
  };
  /** Patterns of the hosts that this machine's programs are to bring here; no script for them where absent. */
  broughtHere?(): readonly string[];
  readonly inspector: Inspector;
  /** What requests carry besides, and where else they go. Nothing and nowhere where absent. */
  readonly outgoing?: Outgoing;
  /** The program at the other end of a client's connection. */
  processOf(socket: Socket): Promise<Process | undefined>;
  /** Whose it is, which can be known where the program is not. */
  userOf?(socket: Socket): Promise<string | undefined>;
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
  const { authority, intercepts, inspector, outgoing = {}, processOf, userOf, limits, log } = options;
  const { resolve, extraCaPem, routes: wantedRoutes = { noProxy: [] } } = options.upstream;
  const roots = () => upstreamRoots(extraCaPem ?? '', authority.certificatePem);
  const routes = createRoutes({ ...wantedRoutes, ownPort: () => listener.port, roots, log });
  const upstream = createUpstream({
    dial: createDial({ resolve, routes, roots, ownPort: () => listener.port }),
    ...(extraCaPem !== undefined && { extraCaPem }),
    ownCaPem: authority.certificatePem,
  });
  const exchanges = createExchanges({ inspector, requestBytes: limits.requestBytes, patienceMs: PATIENCE_MS, outgoing, log });
  const webSockets = createWebSockets({ inspector, requestBytes: limits.requestBytes, patienceMs: PATIENCE_MS, outgoing, log });
  const unread = createHeaderOnly({ headers: outgoing.headers, patienceMs: PATIENCE_MS });
  const sockets = new Map<Socket, Connection>();
  /** What is spoken inside an intercepted tunnel, by the socket that its requests come on. */
  const tunnels = new WeakMap<Duplex, Intercepted>();
  const probe = createProbe(authority);
  const openings = createOpenings({ intercepts, upstream, authority, outgoing, serve, own, probe });

  // Neither server listens: the first gets its sockets from the listener, the second from the tunnels.
  const proxy = httpServer(boundPipeline(onProxyRequest, (socket) => tooManyAsked(sockets.get(socket), own())));
  const inner = httpServer(
    boundPipeline(onInnerRequest, (socket) => tooManyAsked(tunnels.get(socket)?.connection, tunnels.get(socket)?.target)),
  );
  const refuseBytes = createRefuseBytes();
  inner.on('upgrade', onUpgrade);
  proxy.on('connect', (request: IncomingMessage, socket: Duplex, head: Buffer) => onConnect(request, socket as Socket, head));
  proxy.on('upgrade', (_request: IncomingMessage, socket: Duplex) => {
    socket.end(
      onTheWire(sentence(426, 'A WebSocket through this proxy needs CONNECT, as every client of WebSockets that knows proxies does.')),
    );
  });
  proxy.on('clientError', (error: ClientError, socket: Duplex) => {
    const connection = sockets.get(socket as Socket);
    const message = 'This port is a proxy for HTTP. What came is not a request of HTTP/1.1 that can be passed on.';
    if (isProtocolError(error)) log({ kind: 'foreign-bytes', message: `${message} (${error.code})` });
    refuseBytes({ socket, error, message, connection, target: own() });
  });
  inner.on('clientError', (error: ClientError, socket: Duplex) => {
    const message = 'What came is not a request of HTTP/1.1 that can be inspected.';
    const tunnel = tunnels.get(socket);
    if (tunnel && isProtocolError(error)) tunnel.asked = true;
    refuseBytes({ socket, error, message, connection: tunnel?.connection, target: tunnel?.target });
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
      routes.close();
    },
  };

  function own(): Pick<Target, 'host' | 'port'> {
    return { host: '127.0.0.1', port: listener.port };
  }

  function accept(socket: Socket): void {
    const connection = createConnection({ id: randomUUID(), socket, upstream, inspector, processOf, ...(userOf && { userOf }), log });
    sockets.set(socket, connection);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    void safely(socket, async () => {
      const isTls = await beginsWithTls(socket);
      if (isTls === undefined) socket.destroy();
      else if (isTls) await openings.byServerName(connection, socket);
      else proxy.emit('connection', socket);
    });
  }

  async function safely(socket: Socket, open: () => Promise<void>): Promise<void> {
    try {
      await open();
    } catch (error) {
      log({ kind: 'inspector-failed', error });
      socket.destroy();
    }
  }

  /**
   * Absolute-form: a proxied request without TLS. Origin-form: somebody speaks to the proxy itself, as does who asks the proxy for its own
   * revocation list, because its proxy is set for all hosts.
   */
  function onProxyRequest(request: IncomingMessage, response: ServerResponse): void {
    const connection = sockets.get(request.socket);
    const asked = parseAbsoluteForm(request.url ?? '');
    const isOwn = asked === undefined || (asked.target.port === listener.port && isLoopbackName(asked.target.host));
    if (request.method === 'GET' && isOwn && (asked?.path ?? request.url) === REVOCATION_LIST_PATH) {
      give(response, { status: 200, contentType: 'application/pkix-crl', body: authority.revocationList() });
    } else if (request.method === 'GET' && isOwn && (asked?.path ?? request.url) === PAC_PATH && options.broughtHere) {
      give(response, pacAnswer(request.headers, { port: listener.port, hosts: options.broughtHere(), routes: wantedRoutes }));
    } else if (asked && probe.isFor(asked.target.host, asked.target.port)) {
      probe.answer(request, response, asked.path);
    } else if (connection && asked) {
      const { host, port } = asked.target;
      if (intercepts(host, port) && outgoing.headers?.reads(host) === false)
        return void serveUnread({ request: http1Asking(request, response), connection, ...asked });
      void exchanges.serve({ request: http1Asking(request, response), connection, ...asked, intercepted: intercepts(host, port) });
    } else {
      give(response, sentence(400, 'This port is a proxy. Set it as HTTPS_PROXY or HTTP_PROXY; it serves no pages of its own.'));
    }
  }

  /** Without TLS no connection was asked about yet. */
  async function serveUnread(asked: { request: Asking; connection: Connection; target: Target; path: string }): Promise<void> {
    const { connection, target, request } = asked;
    const outcome = await connection.mayConnect(target);
    if (outcome.kind === 'release') return unread.serve(asked);
    connection.report(target, { kind: 'refused', message: outcome.message });
    request.answer.give(sentence(403, outcome.message));
  }

  function onInnerRequest(request: IncomingMessage, response: ServerResponse): void {
    const intercepted = tunnels.get(request.socket);
    if (intercepted) onAsked(intercepted, http1Asking(request, response), request.url ?? '');
    else request.destroy();
  }

  function onAsked(intercepted: Intercepted, request: Asking, path: string): void {
    const { connection, target } = intercepted;
    intercepted.asked = true;
    if (intercepted.misdirected !== undefined) return void request.answer.give(sentence(421, intercepted.misdirected));
    if (intercepted.headerOnly) void unread.serve({ request, connection, target, path });
    else void exchanges.serve({ request, connection, target, path, intercepted: true });
  }

  function onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Where the request has a body, Node hands out a stream of its own in the socket's place.
    const tunnel = tunnels.get(request.socket);
    if (!tunnel) return void socket.destroy();
    tunnel.asked = true;
    const { connection, target, misdirected, headerOnly } = tunnel;
    if (misdirected !== undefined) return void socket.end(onTheWire(sentence(421, misdirected)));
    const asked = { request, socket, head, connection, target, path: request.url ?? '' };
    void (headerOnly ? unread.upgrade(asked) : webSockets.serve(asked));
  }

  function onConnect(request: IncomingMessage, client: Socket, head: Buffer): void {
    const connection = sockets.get(client);
    const to = parseAuthority(request.url ?? '');
    if (connection && to) void safely(client, () => openings.byConnect(connection, client, head, to));
    else client.end(onTheWire(sentence(400, 'CONNECT needs a host name or address and a port, as in example.com:443.')));
  }

  function serve(socket: Socket, intercepted: Intercepted, spoken: Spoken): void {
    if (spoken === 'h2') serveStreams(socket, intercepted);
    else {
      tunnels.set(socket, intercepted);
      inner.emit('connection', socket);
    }
  }

  function serveStreams(socket: Socket, intercepted: Intercepted): void {
    const { connection, target } = intercepted;
    const session = serveHttp2({
      socket,
      onAsked: (request, path) => onAsked(intercepted, request, path),
      broken(message) {
        intercepted.asked = true;
        connection.report(target, { kind: 'refused', message });
      },
    });
    connection.onceClosing(session.close);
  }
}

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

function tooManyAsked(connection: Connection | undefined, target: Pick<Target, 'host' | 'port'> | undefined): void {
  if (!connection || !target) return;
  connection.report(target, {
    kind: 'refused',
    message: `The program sent more than ${MOST_PIPELINED} requests on one connection without waiting for their answers.`,
  });
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
