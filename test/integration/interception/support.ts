/** A provider, a proxy before it, and clients of both, all on loopback. */

import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage, type RequestListener } from 'node:http';
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect as connectHttp2,
  createSecureServer,
  type ServerHttp2Stream,
} from 'node:http2';
import { createServer, type Server as HttpsServer } from 'node:https';
import { type AddressInfo, connect as connectTcp, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import { type CertificateAuthority, openCertificateAuthority } from '../../../main/engine/certificates/authority.ts';
import { openKeystore } from '../../../main/engine/certificates/keystore.ts';
import { authorityCertificate, issuerOf, leafCertificate, pem } from '../../../main/engine/certificates/x509.ts';
import type {
  ConnectionEvent,
  InspectedRequest,
  Inspector,
  PassedExchange,
  ResponseInspector,
} from '../../../main/engine/interception/inspection.ts';
import { createInterception, type Interception, type InterceptionOptions } from '../../../main/engine/interception/interception.ts';
import type { InterceptionEvent } from '../../../main/engine/interception/log.ts';
import type { HttpAnswer } from '../../../main/engine/protocols/pieces.ts';

/** The host that tests intercept. */
export const PROVIDER = 'api.provider.test';

export async function temporaryFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'holdpoint-test-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** The authority behind the provider's certificates: one that no machine trusts. */
const providerAuthority = (() => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const now = new Date();
  const der = authorityCertificate({ commonName: 'Providers of the tests', publicKey, privateKey, days: 30, now });
  const issuer = issuerOf(der, privateKey, new Date(now.getTime() + 30 * 86400_000))!;
  return { certificatePem: pem('CERTIFICATE', der), issuer };
})();

export const providerCaPem = providerAuthority.certificatePem;

export function providerIdentity(host: string): { key: string; cert: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { der } = leafCertificate({
    host,
    publicKey,
    issuer: providerAuthority.issuer,
    crlUrl: 'http://127.0.0.1:1/none.crl',
    days: 20,
    now: new Date(),
  });
  return {
    key: createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' }))
      .export({ type: 'pkcs8', format: 'pem' })
      .toString(),
    cert: pem('CERTIFICATE', der),
  };
}

export interface Provider {
  readonly port: number;
  readonly sockets: ReadonlySet<Socket>;
  /** Nobody reaches it any more, and those that have are cut off. */
  close(): void;
}

/** An HTTPS server with a certificate for `host`. */
export async function startProvider(
  answer: RequestListener,
  options: { host?: string; prepare?: (server: HttpsServer) => void } = {},
): Promise<Provider> {
  const server = createServer({ ...providerIdentity(options.host ?? PROVIDER), keepAliveTimeout: 60_000 }, answer);
  options.prepare?.(server);
  return listening(server);
}

export type OnStream = (stream: ServerHttp2Stream, rawHeaders: readonly string[]) => void;

/** A server of HTTP/2 alone, with a certificate for `host`. */
export async function startHttp2Provider(
  onStream: OnStream,
  options: { host?: string; settings?: object; strictSingleValueFields?: boolean } = {},
): Promise<Provider> {
  const { host = PROVIDER, ...more } = options;
  const server = createSecureServer({ ...providerIdentity(host), ...more });
  server.on('stream', (stream: ServerHttp2Stream, _headers: unknown, _flags: number, rawHeaders: string[]) => {
    stream.on('error', () => undefined);
    onStream(stream, rawHeaders);
  });
  server.on('sessionError', () => undefined);
  return listening(server);
}

export async function listening(server: Server): Promise<Provider> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(close);
  return { port: (server.address() as AddressInfo).port, sockets, close };
}

/** What an inspector was told. */
export interface Told {
  readonly requests: InspectedRequest[];
  readonly passed: PassedExchange[];
  readonly events: ConnectionEvent[];
  readonly ended: string[];
  readonly failed: { status: number; message: string }[];
  readonly log: InterceptionEvent[];
}

/** How a test's inspector takes responses. By default bodies pass through a transform that changes nothing. */
export type Following = Pick<ResponseInspector, 'start'>;

export const unchanged: Following = {
  start: (_head, write) => ({ kind: 'transform', transform: { push: write, end: async () => undefined, doubt: () => {} } }),
};

export interface Proxy {
  readonly interception: Interception;
  readonly authority: CertificateAuthority;
  readonly told: Told;
  readonly dir: string;
}

export async function startProxy(
  options: {
    provider?: Provider;
    resolve?: Record<string, string>;
    routes?: NonNullable<InterceptionOptions['upstream']['routes']>;
    intercepts?: InterceptionOptions['intercepts'];
    plan?: Inspector['plan'];
    request?: Inspector['request'];
    connect?: Inspector['connect'];
    upgrade?: Inspector['upgrade'];
    following?: Following;
    requestBytes?: number;
    port?: number;
    outgoing?: NonNullable<InterceptionOptions['outgoing']>;
    broughtHere?: NonNullable<InterceptionOptions['broughtHere']>;
  } = {},
): Promise<Proxy> {
  const dir = await temporaryFolder();
  const told: Told = { requests: [], passed: [], events: [], ended: [], failed: [], log: [] };
  const follow = (): ResponseInspector => ({
    start: (head, write) => (options.following ?? unchanged).start(head, write),
    failed(status, message): HttpAnswer {
      told.failed.push({ status, message });
      return { status, contentType: 'application/json', body: Buffer.from(JSON.stringify({ error: message })) };
    },
    ended: (how) => void told.ended.push(how),
  });
  const inspector: Inspector = {
    plan: options.plan ?? (() => 'inspect'),
    connect: options.connect ?? (async () => ({ kind: 'release' })),
    upgrade:
      options.upgrade ??
      (async () => ({ kind: 'answer', answer: { status: 426, contentType: 'text/plain', body: Buffer.from('no WebSockets here') } })),
    async request(exchange) {
      told.requests.push(exchange);
      return options.request ? options.request(exchange) : { kind: 'forward', response: follow() };
    },
    passed: (exchange) => void told.passed.push(exchange),
    connection: (event) => void told.events.push(event),
  };
  let port = 0;
  const authority = await openCertificateAuthority({
    dir,
    keystore: openKeystore({ dir, system: undefined }),
    crlUrl: () => `http://127.0.0.1:${port}/holdpoint.crl`,
  });
  const interception = await createInterception({
    host: '127.0.0.1',
    port: options.port ?? 0,
    authority,
    intercepts: options.intercepts ?? ((host) => host === PROVIDER),
    upstream: {
      resolve: { ...(options.provider ? { [PROVIDER]: `127.0.0.1:${options.provider.port}` } : {}), ...options.resolve },
      extraCaPem: providerCaPem,
      ...(options.routes && { routes: options.routes }),
    },
    inspector,
    ...(options.outgoing && { outgoing: options.outgoing }),
    ...(options.broughtHere && { broughtHere: options.broughtHere }),
    processOf: async () => undefined,
    limits: { requestBytes: options.requestBytes ?? 1_000_000 },
    log: (event) => void told.log.push(event),
  });
  port = interception.port;
  onTestFinished(() => interception.close());
  return { interception, authority, told, dir };
}

/** A socket to the proxy. What it receives is collected. */
export async function plainClient(port: number, host = '127.0.0.1'): Promise<Wire> {
  const socket = connectTcp({ port, host, allowHalfOpen: true });
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  return wire(socket);
}

/** TLS with `host` through the proxy's CONNECT. */
export async function tunnelClient(
  proxy: Proxy,
  options: { host?: string; port?: number; servername?: string; ca?: string; alpn?: string[] } = {},
): Promise<Wire<TLSSocket> & { readonly raw: Socket }> {
  const { host = PROVIDER, port = 443, servername = host, ca = proxy.authority.certificatePem, alpn } = options;
  const socket = await connected(proxy, `${host}:${port}`);
  const secure = connectTls({
    socket,
    ca,
    ...(alpn && { ALPNProtocols: alpn }),
    ...(/^[\d.:[\]]+$/.test(servername) ? { host: servername.replace(/[[\]]/g, '') } : { servername }),
  });
  await new Promise((resolve, reject) =>
    secure
      .once('secureConnect', resolve)
      .once('error', reject)
      .once('close', () => reject(new Error('closed'))),
  );
  return { ...wire(secure), raw: socket };
}

/** A session of HTTP/2 with `PROVIDER` through the proxy's CONNECT. */
export async function http2Client(proxy: Proxy, options: { alpn?: string[] } = {}): Promise<ClientHttp2Session> {
  const socket = await connected(proxy, `${PROVIDER}:443`);
  const { alpn = ['h2', 'http/1.1'] } = options;
  const secure = connectTls({ socket, ca: proxy.authority.certificatePem, servername: PROVIDER, ALPNProtocols: alpn });
  await new Promise((resolve, reject) => secure.once('secureConnect', resolve).once('error', reject));
  if (secure.alpnProtocol !== 'h2') throw new Error(`${secure.alpnProtocol} was agreed on`);
  const session = connectHttp2(`https://${PROVIDER}`, { createConnection: () => secure, maxSendHeaderBlockLength: 1024 * 1024 });
  session.on('error', () => undefined);
  onTestFinished(() => session.destroy());
  return session;
}

/** One stream: what was asked, and what came of it. */
export interface Asked {
  readonly stream: ClientHttp2Stream;
  status(): number;
  headers(): readonly string[];
  text(): string;
  trailers(): readonly string[];
  /** The code with which the stream closed. */
  readonly closed: Promise<number>;
}

export function ask(
  session: ClientHttp2Session,
  options: {
    method?: string;
    path?: string;
    headers?: readonly string[];
    body?: string | Buffer;
    open?: boolean;
    authority?: string;
    scheme?: string;
  },
): Asked {
  const { method = 'POST', path = '/v1/messages', headers = [], body, open = false, authority = PROVIDER, scheme = 'https' } = options;
  const stream = session.request([':method', method, ':authority', authority, ':scheme', scheme, ':path', path, ...headers], {
    endStream: body === undefined && !open,
  });
  let head: readonly string[] = [];
  let trailers: readonly string[] = [];
  const chunks: Buffer[] = [];
  stream.on('error', () => undefined);
  stream.once('response', (_headers: unknown, _flags: unknown, raw: string[]) => {
    head = raw;
  });
  stream.once('trailers', (_headers: unknown, _flags: unknown, raw?: string[]) => {
    trailers = raw ?? [];
  });
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  if (body !== undefined) open ? stream.write(body) : stream.end(body);
  return {
    stream,
    status: () => Number(head[head.indexOf(':status') + 1] ?? 0),
    headers: () => head,
    text: () => Buffer.concat(chunks).toString('latin1'),
    trailers: () => trailers,
    closed: new Promise((resolve) => stream.once('close', () => resolve(stream.rstCode))),
  };
}

/** After a CONNECT that was granted. */
export async function connected(proxy: Proxy, authority: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ port: proxy.interception.port, host: '127.0.0.1', method: 'CONNECT', path: authority });
    request.once('connect', (response: IncomingMessage, socket: Socket) =>
      response.statusCode === 200 ? resolve(socket) : reject(new Error(String(response.statusCode))),
    );
    request.once('error', reject);
    request.end();
  });
}

export interface Wire<S extends Socket = Socket> {
  readonly socket: S;
  /** All that came so far. */
  text(): string;
  /** Resolves when the other side has ended or broken the connection. */
  readonly over: Promise<void>;
}

function wire<S extends Socket>(socket: S): Wire<S> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  const over = new Promise<void>((resolve) => void socket.once('end', () => resolve()).once('close', () => resolve()));
  return { socket, over, text: () => Buffer.concat(chunks).toString('latin1') };
}

/** A body in one HTTP/1.1 message, chunked coding undone. */
export function bodyOf(message: string): string {
  const [head = '', ...rest] = message.split('\r\n\r\n');
  const body = rest.join('\r\n\r\n');
  if (!/transfer-encoding: chunked/i.test(head)) return body;
  let left = body;
  let out = '';
  for (;;) {
    const size = Number.parseInt(left, 16);
    if (!(size > 0)) return out;
    const start = left.indexOf('\r\n') + 2;
    out += left.slice(start, start + size);
    left = left.slice(start + size + 2);
  }
}
