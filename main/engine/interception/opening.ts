/** How a client's connection leads to a target: by CONNECT, or by TLS at once, whose greeting names the server. */

import type { Socket } from 'node:net';
import type { CertificateAuthority } from '../certificates/authority.ts';
import { hostName } from '../certificates/names.ts';
import { isRefusal } from './addresses.ts';
import { onTheWire, sentence } from './answers.ts';
import type { Connection } from './connection.ts';
import { type Greeting, greetingOf } from './greeting.ts';
import { MOST_STREAMS } from './http2-server.ts';
import type { Outgoing } from './outgoing.ts';
import type { Probe } from './probe.ts';
import type { Target } from './target.ts';
import type { TargetAgent } from './target-agent.ts';
import { onceLeftAtOnce, terminateTls } from './tls.ts';
import { ESTABLISHED, joined, openTunnel } from './tunnel.ts';
import { type Spoken, spokenOn, type Upstream } from './upstream.ts';

/** An intercepted connection on which requests come. */
export interface Intercepted {
  readonly connection: Connection;
  readonly target: Target;
  /** Whether a request has come, or what was meant as one. */
  asked: boolean;
  /** Whether what comes on it passes unread: see `OutgoingHeaders`. */
  readonly headerOnly: boolean;
  /** Why nothing that is asked on it is for the target: it is answered with 421 (RFC 9110 §15.5.20). */
  readonly misdirected?: string;
}

export interface Openings {
  /** `head`: what the client sent behind its CONNECT. Rejects where the inspector or `intercepts` does. */
  byConnect(connection: Connection, client: Socket, head: Buffer, to: { host: string; port: number }): Promise<void>;
  /** The client began with TLS. The same. */
  byServerName(connection: Connection, client: Socket): Promise<void>;
}

const MOST_TUNNELS = 256;
/** From the first byte to the end of the handshake; before that, from CONNECT to the first byte where the connection is intercepted. */
const HANDSHAKE_MS = 10_000;
/** How long a client waits in its handshake for what the provider speaks, the first time. */
const CHOICE_MS = 5_000;

export function createOpenings(options: {
  intercepts(host: string, port: number): boolean;
  upstream: Upstream;
  authority: Pick<CertificateAuthority, 'contextFor'>;
  outgoing?: Outgoing;
  /** Speaks HTTP with the client, in the version that was agreed on. */
  serve(socket: Socket, intercepted: Intercepted, spoken: Spoken): void;
  /** Where the proxy itself is, for connections that name nobody. */
  own(): { readonly host: string; readonly port: number };
  /** A host that is the proxy itself. */
  probe: Pick<Probe, 'isFor' | 'serve'>;
}): Openings {
  const { intercepts, upstream, authority, outgoing = {}, serve, own, probe } = options;
  let tunnelCount = 0;

  return {
    async byConnect(connection, client, head, to) {
      const { host, port } = to;
      if (!isAdmitted(connection, client, to)) {
        return void client.end(onTheWire(sentence(503, `${TOO_MANY} Close some and try again.`)));
      }
      if (head.length > 0) client.unshift(head);
      if (probe.isFor(host, port)) {
        client.write(ESTABLISHED);
        return probe.serve(client);
      }
      const refused = await refusalOf(connection, to);
      if (refused !== undefined) return void client.end(onTheWire(sentence(403, refused)));
      if (intercepts(host, port)) {
        client.write(ESTABLISHED);
        const greeting = await greetingOf(client, { silenceMs: HANDSHAKE_MS, helloMs: HANDSHAKE_MS });
        return intercept(connection, client, to, greeting);
      }
      const server = await openTunnel({ client, dial: () => dialled(connection, to) });
      if (!server) return;
      client.write(ESTABLISHED);
      await tunnel(connection, client, server, to);
    },

    async byServerName(connection, client) {
      const greeting = await greetingOf(client, { helloMs: HANDSHAKE_MS });
      const host = serverNameOf(greeting);
      if (host === undefined) {
        const message = 'What came is TLS, but its greeting names no server, so it is not known for whom it is.';
        connection.report(own(), { kind: 'refused', message });
        return void client.destroy();
      }
      const to = { host, port: 443 };
      if (probe.isFor(host, to.port)) return probe.serve(client);
      if (!isAdmitted(connection, client, to)) return void client.destroy();
      if ((await refusalOf(connection, to)) !== undefined) return void client.destroy();
      if (intercepts(host, to.port)) return intercept(connection, client, to, greeting);
      const server = await dialled(connection, to).catch(() => undefined);
      if (!server) return void client.destroy();
      joined(client, server).both();
    },
  };

  function isAdmitted(connection: Connection, client: Socket, to: { host: string; port: number }): boolean {
    if (tunnelCount >= MOST_TUNNELS) {
      connection.report(to, { kind: 'refused', message: TOO_MANY });
      return false;
    }
    tunnelCount += 1;
    client.once('close', () => {
      tunnelCount -= 1;
    });
    return true;
  }

  /** What policy has against a connection to what is not read; undefined where nothing, or where what is asked on it is judged instead. */
  async function refusalOf(connection: Connection, to: { host: string; port: number }): Promise<string | undefined> {
    if (intercepts(to.host, to.port) && outgoing.headers?.reads(to.host) !== false) return undefined;
    const outcome = await connection.mayConnect(to);
    if (outcome.kind === 'release') return undefined;
    connection.report(to, { kind: 'refused', message: outcome.message });
    return outcome.message;
  }

  /** What is not dialled was not tunnelled, and is recorded as that. The errors of `Upstream`. */
  async function dialled(connection: Connection, to: { host: string; port: number }): Promise<Socket> {
    try {
      const server = await upstream.tunnel({ ...to, secure: false });
      connection.reportOnce(to, 'tunnelled');
      return server;
    } catch (error) {
      if (isRefusal(error)) connection.report(to, { kind: 'refused', message: error.message });
      else connection.reportOnce(to, 'tunnelled');
      throw error;
    }
  }

  /** The server may speak first, and is heard at once; what the client says first may show that this is for a host that is intercepted. */
  async function tunnel(connection: Connection, client: Socket, server: Socket, to: { host: string; port: number }): Promise<void> {
    const joint = joined(client, server);
    joint.toClient();
    const greeting = await greetingOf(client, { helloMs: HANDSHAKE_MS });
    const named = serverNameOf(greeting);
    // nginx takes `api.example.com:443` for the host that it begins with.
    const isOdd = greeting.kind === 'hello' && greeting.hello.serverName !== undefined && named === undefined;
    if (greeting.kind === 'unclear' || isOdd) {
      connection.report(to, {
        kind: 'refused',
        message: `What the program sent to ${to.host}:${to.port} begins like TLS and cannot be read.`,
      });
      return void client.destroy();
    }
    if (named === undefined || !intercepts(named, to.port)) return joint.both();
    joint.part();
    if ((await refusalOf(connection, { host: named, port: to.port })) !== undefined) return void client.destroy();
    await intercept(connection, client, { host: named, port: to.port }, greeting);
  }

  async function intercept(
    connection: Connection,
    client: Socket,
    { host, port }: { host: string; port: number },
    greeting: Greeting,
  ): Promise<void> {
    const secure: Target = { host, port, secure: true };
    const headerOnly = outgoing.headers?.reads(host) === false;
    if (greeting.kind === 'none') return void client.destroy();
    if (greeting.kind === 'other') {
      const isHttp = greeting.first >= 0x41 && greeting.first <= 0x5a;
      if (isHttp && port !== 443)
        return serve(client, { connection, target: { host, port, secure: false }, headerOnly, asked: false }, 'http/1.1');
      const message = `What the program sent to ${host}:${port} is ${isHttp ? 'HTTP without TLS' : 'neither TLS nor HTTP'}, which is not passed on.`;
      connection.report(secure, { kind: 'refused', message });
      return void client.end(onTheWire(sentence(400, message)));
    }
    const offered = greeting.kind === 'hello' ? greeting.hello.alpn : [];
    // Where all goes elsewhere, the provider itself may be out of reach.
    const upstreamTarget = outgoing.ways?.leads(secure) ?? secure;
    const agent = connection.agentFor(upstreamTarget, offered.includes('h2') ? MOST_STREAMS : 1);
    const spoken = await choose(agent, offered, upstreamTarget);
    const terminated = await terminateTls({ socket: client, context: authority.contextFor(host), host, spoken, deadlineMs: HANDSHAKE_MS });
    if (terminated.kind === 'untrusting') return connection.report(secure, { kind: 'tls-refused', message: terminated.message });
    const intercepted: Intercepted = {
      connection,
      target: secure,
      headerOnly,
      asked: false,
      ...(terminated.kind === 'misdirected' && { misdirected: terminated.message }),
    };
    if (terminated.kind === 'misdirected') {
      connection.report(secure, { kind: 'refused', message: terminated.message });
      return serve(terminated.socket, intercepted, spokenOn(terminated.socket));
    }
    onceLeftAtOnce(
      terminated.socket,
      () => intercepted.asked,
      (message) => connection.report(secure, { kind: 'tls-refused', message }),
    );
    serve(terminated.socket, intercepted, spokenOn(terminated.socket));
  }

  /** What the provider speaks, where the client offers it. A provider that cannot be reached must still be told of, so the client gets its way. */
  async function choose(agent: TargetAgent, offered: readonly string[], target: Target): Promise<Spoken> {
    const answer = agent.warm();
    if (!offered.includes('h2')) return 'http/1.1';
    if (!offered.includes('http/1.1')) return 'h2';
    return (upstream.remembered(target) ?? (await within(CHOICE_MS, answer))) === 'h2' ? 'h2' : 'http/1.1';
  }
}

const TOO_MANY = `${MOST_TUNNELS} connections are open already.`;

function serverNameOf(greeting: Greeting): string | undefined {
  return greeting.kind === 'hello' && greeting.hello.serverName !== undefined ? hostName(greeting.hello.serverName) : undefined;
}

/** Undefined where it takes longer. */
function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), ms);
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
