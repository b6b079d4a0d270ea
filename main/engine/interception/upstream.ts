/** Connections to providers: vetted addresses, the platform's trust and never our own authority's. */

import { Agent, type ClientRequestArgs } from 'node:http';
import { isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, createSecureContext, type TLSSocket } from 'node:tls';
import { HoldpointError } from '../../contract/errors.ts';
import { certificatesIn, platformRoots, sameCertificate } from '../certificates/bundle.ts';
import { CONNECT_MS, connected, type Dial } from './dial.ts';
import { authorityOf, type Target } from './target.ts';

const SESSIONS_KEPT = 100;

export interface Upstream {
  /** For HTTP: a connected socket, with TLS where the target is secure. `HoldpointError` `upstream-unreachable` or `upstream-refused`. */
  connect(target: Target): Promise<Socket>;
  /** For bytes that are not read: TCP whose directions end one by one. The same errors. */
  tunnel(target: Target): Promise<Socket>;
}

export function createUpstream(options: {
  dial: Dial;
  /** Certificates to trust besides the platform's. */
  extraCaPem?: string;
  /** Our own authority. Trusted upstream, it would let anybody who has its key read what we send on. */
  ownCaPem: string;
}): Upstream {
  const { dial, extraCaPem = '', ownCaPem } = options;
  const own = certificatesIn(ownCaPem);
  const roots = [...platformRoots(), ...certificatesIn(extraCaPem)].filter((root) => !own.some((ours) => sameCertificate(root, ours)));
  const secureContext = createSecureContext({ ca: roots });
  /** Resumption saves a round trip and the provider's certificate check. Least recently used first. */
  const sessions = new Map<string, Buffer>();

  return {
    async connect(target) {
      const socket = await dial(target, false);
      return target.secure ? connected(CONNECT_MS, target, tls(target, socket)) : socket;
    },
    tunnel: (target) => dial(target, true),
  };

  function tls(target: Target, socket: Socket): TLSSocket {
    const key = `${target.host}:${target.port}`;
    const session = sessions.get(key);
    const secure = connectTls({
      socket,
      secureContext,
      ALPNProtocols: ['http/1.1'],
      host: target.host,
      ...(isIP(target.host) === 0 ? { servername: target.host } : {}),
      ...(session ? { session } : {}),
    });
    secure.on('session', (fresh) => {
      sessions.delete(key);
      sessions.set(key, fresh);
      if (sessions.size > SESSIONS_KEPT) sessions.delete(sessions.keys().next().value!);
    });
    return secure;
  }
}

/** Connections to one target for one client's connection: kept alive between its requests, shared with nobody else. */
export interface TargetAgent {
  readonly agent: Agent;
  /** Connects ahead of the first request, while the client is still busy with its own handshake. */
  warm(): void;
  close(): void;
}

export function createTargetAgent(upstream: Upstream, target: Target): TargetAgent {
  let ahead: Promise<Socket> | undefined;
  let closed = false;
  // One at a time: HTTP/1.1 answers in order anyway, and a pipelining client cannot open connections without end.
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  agent.createConnection = (_options: ClientRequestArgs, callback?: (error: Error | null, socket: Duplex) => void) => {
    taken().then(
      (socket) => callback?.(null, socket),
      // Node's typing demands a socket beside the error; none is there, and none is read.
      (error: Error) => callback?.(error, undefined as unknown as Duplex),
    );
    return undefined;
  };

  return {
    agent,
    warm() {
      ahead ??= upstream.connect(target);
      // A failure before the first request is nobody's; that request tries again.
      ahead.catch(() => {
        ahead = undefined;
      });
    },
    close() {
      closed = true;
      agent.destroy();
      ahead?.then(
        (socket) => socket.destroy(),
        () => undefined,
      );
    },
  };

  async function taken(): Promise<Socket> {
    const waiting = ahead;
    ahead = undefined;
    const early = await waiting;
    const socket = early && !early.destroyed && early.readable ? early : await upstream.connect(target);
    if (!closed) return socket;
    socket.destroy();
    throw new HoldpointError('upstream-unreachable', `The client left while ${authorityOf(target)} was connected to.`);
  }
}
