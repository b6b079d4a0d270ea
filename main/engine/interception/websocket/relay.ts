/** An open WebSocket between a client and a provider: their messages through the inspector, their pings and their close to each other. */

import type { Duplex } from 'node:stream';
import type { PerMessageDeflate } from 'ws';
import type { SocketInspector } from '../inspection.ts';
import { createPeer, type Leaving, type Peer } from './peer.ts';

/** One side as the handshake left it. */
export interface Side {
  readonly socket: Duplex;
  /** What came behind its handshake. */
  readonly head: Buffer;
  readonly deflate: PerMessageDeflate | undefined;
}

export interface Relay {
  /** Resolves when both sides have ended, with how. Never rejects. */
  readonly over: Promise<'complete' | 'client-gone' | 'upstream-failed'>;
  /** Lets what is held be settled, and closes both sides: the engine stops. */
  stop(): void;
}

const GOING_AWAY = 1001;
const INTERNAL_ERROR = 1011;
const NOTHING = new Uint8Array(0);

export function startRelay(options: {
  readonly client: Side;
  readonly provider: Side;
  readonly inspector: SocketInspector;
  readonly maxPayload: number;
  /** The client is leaving: nobody waits for what is held. */
  clientGone(): void;
  /** A side broke the protocol or a bound, and was refused. */
  refused(message: string): void;
  /** The inspector threw. */
  failed(error: unknown): void;
}): Relay {
  const { inspector, maxPayload, clientGone, refused, failed } = options;
  let how: Awaited<Relay['over']> | undefined;
  /** Pings of the other side that this one still has to answer. */
  const owed = { client: 0, provider: 0 };
  const client: Peer = createPeer({
    ...options.client,
    isServer: true,
    maxPayload,
    events: {
      message: (message) => inspected(() => inspector.fromClient(message)),
      ping: (data) => pinged(client, provider, 'provider', data),
      pong: (data) => ponged(provider, 'client', data),
      leaves: clientGone,
      left: clientLeft,
    },
  });
  const provider: Peer = createPeer({
    ...options.provider,
    isServer: false,
    maxPayload,
    events: {
      message: (message) => inspected(() => inspector.fromProvider(message)),
      ping: (data) => pinged(provider, client, 'client', data),
      pong: (data) => ponged(client, 'provider', data),
      leaves: () => undefined,
      left: (leaving) => void providerLeft(leaving),
    },
  });
  inspector.start({ toClient: client.send, toProvider: provider.send, close: (code, reason) => closeBoth('complete', code, reason) });

  return {
    over: Promise.all([client.over, provider.over]).then(() => how ?? 'complete'),
    stop() {
      if (how !== undefined) return;
      void settled('cut').then(() => closeBoth('complete', GOING_AWAY, 'Holdpoint is stopping.'));
    },
  };

  /** Nothing is told any more once either side has left for good. */
  async function inspected(tell: () => Promise<void>): Promise<void> {
    if (how !== undefined) return;
    try {
      await tell();
    } catch (error) {
      // A side that has left cannot be written to: that is told by its leaving.
      if (how !== undefined || client.hasLeft() || provider.hasLeft()) return;
      failed(error);
      closeBoth('upstream-failed', INTERNAL_ERROR, 'This is a fault in Holdpoint; its log says more.');
    }
  }

  function clientLeft(leaving: Leaving): void {
    if (how !== undefined) return;
    how = 'client-gone';
    if (leaving.kind === 'closed') provider.close(leaving.code, leaving.reason);
    else if (leaving.kind === 'gone') provider.end();
    else {
      refused(`The client's message on a WebSocket was refused: ${leaving.message}.`);
      inspector.broken(leaving.why);
      provider.close(GOING_AWAY, NOTHING);
    }
  }

  async function providerLeft(leaving: Leaving): Promise<void> {
    if (how !== undefined) return;
    await settled(leaving.kind === 'closed' ? 'complete' : 'cut');
    if (how !== undefined) return;
    how = leaving.kind === 'closed' ? 'complete' : 'upstream-failed';
    if (leaving.kind === 'closed') client.close(leaving.code, leaving.reason);
    else if (leaving.kind === 'gone') client.end();
    else {
      refused(`The provider's message on a WebSocket was refused: ${leaving.message}.`);
      inspector.broken(leaving.why);
      client.close(INTERNAL_ERROR, Buffer.from('Holdpoint refused what the provider sent.'));
    }
  }

  async function settled(ending: 'complete' | 'cut'): Promise<void> {
    await inspector.providerEnded(ending).catch((error: unknown) => {
      if (how === undefined) failed(error);
    });
  }

  function closeBoth(as: NonNullable<typeof how>, code: number, reason: string): void {
    how ??= as;
    client.close(code, Buffer.from(reason));
    provider.close(code, Buffer.from(reason));
  }

  /** Answered here, so that a hold keeps nobody waiting; and passed on, so that the other side, and all between, sees life too. */
  function pinged(from: Peer, to: Peer, name: 'client' | 'provider', data: Uint8Array): void {
    from.pong(data);
    owed[name] += 1;
    to.ping(data);
  }

  /** One that nobody asked for is a sign of life of its own (RFC 6455 §5.5.3). */
  function ponged(to: Peer, name: 'client' | 'provider', data: Uint8Array): void {
    if (owed[name] > 0) owed[name] -= 1;
    else to.pong(data);
  }
}
