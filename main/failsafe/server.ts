/** Stands at the engine's port: this machine's other traffic goes on unread as ever, that to providers as the settings say. */

import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FailsafePlan } from '../contract/failsafe.ts';
import { hostName } from '../engine/certificates/names.ts';
import { hostMatches } from '../engine/exchange/patterns.ts';
import { isLoopbackName } from '../engine/interception/addresses.ts';
import { give, onTheWire, sentence } from '../engine/interception/answers.ts';
import { PAC_PATH, pacAnswer } from '../engine/interception/auto-configuration.ts';
import type { Dial } from '../engine/interception/dial.ts';
import { beginsWithTls, type Greeting, greetingOf } from '../engine/interception/greeting.ts';
import { listen } from '../engine/interception/listener.ts';
import { routeSettings } from '../engine/interception/routes/route-settings.ts';
import { parseAbsoluteForm, parseAuthority, type Target } from '../engine/interception/target.ts';
import { ESTABLISHED, joined, openTunnel } from '../engine/interception/tunnel.ts';

export interface Failsafe {
  readonly port: number;
  close(): void;
}

export interface FailsafeOptions {
  readonly plan: Omit<FailsafePlan, 'version'>;
  readonly dial: Dial;
  /** Told of each connection to a provider. */
  note(host: string): void;
}

type To = { readonly host: string; readonly port: number };

const HELLO_MS = 10_000;

/** Throws HoldpointError `port-busy`. */
export async function startFailsafe({ plan, dial, note }: FailsafeOptions): Promise<Failsafe> {
  const { mode, hosts, contact } = plan;
  const routes = routeSettings(plan.upstream, process.env);
  const sockets = new Set<Socket>();
  const http = createServer(onRequest)
    .on('connect', onConnect)
    .on('clientError', (_error, socket) => socket.destroy());
  http.on('upgrade', (_request, socket) => socket.destroy());
  const listener = await listen({ port: plan.port, accept, log: () => {} });

  return {
    port: listener.port,
    close() {
      listener.close();
      for (const socket of sockets) socket.destroy();
    },
  };

  function accept(socket: Socket): void {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    void beginsWithTls(socket).then((isTls) => {
      if (isTls === undefined) socket.destroy();
      else if (isTls) void byServerName(socket);
      else http.emit('connection', socket);
    });
  }

  /** Led here by the system: who is meant stands in the greeting. */
  async function byServerName(client: Socket): Promise<void> {
    const host = nameIn(await greetingOf(client, { helloMs: HELLO_MS }));
    if (host === undefined || isRefused(host)) return void client.destroy();
    const server = await dial({ host, port: 443, secure: false }, true).catch(() => undefined);
    if (!server) return void client.destroy();
    joined(client, server).both();
  }

  function onConnect({ url = '' }: IncomingMessage, client: Socket, head: Buffer): void {
    const to = parseAuthority(url);
    if (!to) return void client.end(onTheWire(sentence(400, 'CONNECT needs a host name or address and a port, as in example.com:443.')));
    if (head.length > 0) client.unshift(head);
    void tunnel(client, to);
  }

  async function tunnel(client: Socket, to: To): Promise<void> {
    if (isRefused(to.host)) return void client.end(onTheWire(sentence(503, refusal(to.host))));
    const server = await openTunnel({ client, dial: () => dial({ ...to, secure: false }, true) });
    if (!server) return;
    client.write(ESTABLISHED);
    const joint = joined(client, server);
    joint.toClient();
    // A provider may be meant although another was named, or an address.
    const named = isProvider(to.host) ? undefined : nameIn(await greetingOf(client, { helloMs: HELLO_MS }));
    if (named !== undefined && isRefused(named)) return void client.destroy();
    joint.both();
  }

  function onRequest(request: IncomingMessage, response: ServerResponse): void {
    const asked = parseAbsoluteForm(request.url ?? '');
    const isOwn = !asked || (asked.target.port === listener.port && isLoopbackName(asked.target.host));
    // Without it programs would go past this port, and providers would be reached unseen.
    if (isOwn && request.method === 'GET' && (asked?.path ?? request.url) === PAC_PATH)
      return void give(response, pacAnswer(request.headers, { port: listener.port, hosts, routes }));
    if (isOwn)
      return void give(
        response,
        sentence(503, 'The guard that serves this port cannot run at the moment. In a terminal, ask: holdpoint status'),
      );
    if (isRefused(asked.target.host)) return void give(response, sentence(503, refusal(asked.target.host)));
    void passOn(request, response, asked);
  }

  /** Without TLS: one request, one connection. */
  async function passOn(request: IncomingMessage, response: ServerResponse, asked: { target: Target; path: string }): Promise<void> {
    const { target, path } = asked;
    const socket = await dial(target, false).catch((thrown: unknown) => {
      give(response, sentence(502, thrown instanceof Error ? thrown.message : String(thrown)));
    });
    if (!socket) return;
    const upstream = httpRequest({
      method: request.method ?? 'GET',
      path,
      headers: passedOn(request.rawHeaders),
      setDefaultHeaders: false,
      createConnection: () => socket,
    });
    upstream.once('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, passedOn(answer.rawHeaders));
      answer.pipe(response);
    });
    upstream.once('error', () => response.destroy());
    response.once('close', () => upstream.destroy());
    request.pipe(upstream);
  }

  /** Counts it as well. */
  function isRefused(host: string): boolean {
    if (!isProvider(host)) return false;
    note(host);
    return mode === 'block';
  }

  function isProvider(host: string): boolean {
    return hosts.some((pattern) => hostMatches(pattern, host));
  }

  function refusal(host: string): string {
    const whom = contact === undefined ? 'whoever looks after this computer' : contact;
    return `${host} is out of reach: the guard of this computer's AI agents cannot run, and nothing may pass unguarded. It is tried again every minute. If this lasts, ask ${whom}, or see in a terminal: holdpoint status`;
  }
}

/** Those of one connection (RFC 9110 §7.6.1) are not the other's. */
function passedOn(raw: readonly string[]): string[] {
  const pairs = Array.from({ length: raw.length / 2 }, (_, at) => [raw[2 * at]!, raw[2 * at + 1]!] as const);
  const named = pairs.filter(([name]) => /^connection$/i.test(name)).flatMap(([, value]) => value.toLowerCase().split(/[\s,]+/));
  const kept = pairs.filter(([name]) => !HOP_BY_HOP.test(name) && !named.includes(name.toLowerCase()));
  return [...kept.flat(), 'Connection', 'close'];
}

const HOP_BY_HOP = /^(connection|keep-alive|proxy-connection|proxy-authorization|te|upgrade)$/i;

function nameIn(greeting: Greeting): string | undefined {
  return greeting.kind === 'hello' && greeting.hello.serverName !== undefined ? hostName(greeting.hello.serverName) : undefined;
}
