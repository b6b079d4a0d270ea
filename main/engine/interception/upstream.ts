/** Connections to providers: vetted addresses, the platform's trust and never our own authority's. */

import { isIP, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext, type TLSSocket } from 'node:tls';
import { upstreamRoots } from '../certificates/bundle.ts';
import { CONNECT_MS, connected, type Dial } from './dial.ts';
import type { Target } from './target.ts';

/** What is spoken on a connection, as TLS names it (RFC 7301). */
export type Spoken = 'h2' | 'http/1.1';

const SESSIONS_KEPT = 100;
const TARGETS_REMEMBERED = 1_000;
const HTTP1: readonly Spoken[] = ['http/1.1'];

export interface Upstream {
  /**
   * For HTTP: a connected socket, with TLS where the target is secure, which then chooses from `offers` (by default HTTP/1.1 alone): see
   * `spokenOn`. `HoldpointError` `upstream-unreachable` or `upstream-refused`.
   */
  connect(target: Target, offers?: readonly Spoken[]): Promise<Socket>;
  /** What a target chose last of both; undefined where it was not asked yet. */
  remembered(target: Target): Spoken | undefined;
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
  const secureContext = createSecureContext({ ca: upstreamRoots(extraCaPem, ownCaPem) });
  /** Resumption saves a round trip and the provider's certificate check. Least recently used first. */
  const sessions = new Map<string, Buffer>();
  /** Least recently learned first. */
  const chosen = new Map<string, Spoken>();

  return {
    async connect(target, offers = HTTP1) {
      const socket = await dial(target, false);
      if (!target.secure) return socket;
      const secure = await connected(CONNECT_MS, target, tls(target, socket, offers));
      if (offers.length > 1) keep(chosen, keyOf(target), spokenOn(secure), TARGETS_REMEMBERED);
      return secure;
    },
    remembered: (target) => chosen.get(keyOf(target)),
    tunnel: (target) => dial(target, true),
  };

  function tls(target: Target, socket: Socket, offers: readonly Spoken[]): TLSSocket {
    const key = `${keyOf(target)} ${offers.join()}`;
    const session = sessions.get(key);
    const secure = connectTls({
      socket,
      secureContext,
      ALPNProtocols: [...offers],
      host: target.host,
      ...(isIP(target.host) === 0 ? { servername: target.host } : {}),
      ...(session ? { session } : {}),
    });
    secure.on('session', (fresh) => keep(sessions, key, fresh, SESSIONS_KEPT));
    return secure;
  }
}

/** What is spoken on a connected socket. A server that chooses nothing speaks HTTP/1.1. */
export function spokenOn(socket: Socket): Spoken {
  return 'alpnProtocol' in socket && socket.alpnProtocol === 'h2' ? 'h2' : 'http/1.1';
}

function keyOf({ host, port }: Target): string {
  return `${host}:${port}`;
}

/** Sets a key as the newest one, and forgets the oldest of too many. */
function keep<V>(map: Map<string, V>, key: string, value: V, most: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > most) map.delete(map.keys().next().value!);
}
