/** Connections to where a target is served: its vetted addresses, what the settings name instead, or a parent proxy's tunnel. */

import { connect, type LookupFunction, type Socket } from 'node:net';
import { HoldpointError, messageOf } from '../../contract/errors.ts';
import { type Address, addressesOf, isLoopbackName, refuseInward } from './addresses.ts';
import { connectThrough, ProxyUnreachable } from './routes/http-connect.ts';
import { proxyName } from './routes/parent-proxy.ts';
import { DIRECT, type Route, type Routes } from './routes/routes.ts';
import { authorityOf, parseAuthority, type Target } from './target.ts';

/** For TCP, and again for TLS. A provider that takes longer is down, and the agent should hear so while it still waits. */
export const CONNECT_MS = 20_000;

/**
 * A connected socket that leads to the target. With `allowHalfOpen` its directions end one by one.
 * `HoldpointError` `upstream-unreachable` or `upstream-refused`.
 */
export type Dial = (target: Target, allowHalfOpen: boolean) => Promise<Socket>;

/** A proxy that could not be reached is tried last for so long: each new connection would wait for it. */
const AVOID_MS = 60_000;

export function createDial(options: {
  /** Host name to ADDRESS:PORT, instead of asking DNS or a proxy. */
  resolve: Readonly<Record<string, string>>;
  /** How all others are reached; directly where absent. */
  routes?: Pick<Routes, 'choose'>;
  /** What a proxy that speaks TLS may be signed by, in PEM. */
  roots?(): readonly string[];
  /** The port that we listen on. */
  ownPort?(): number | undefined;
}): Dial {
  const { resolve, routes, roots = () => [], ownPort = () => undefined } = options;
  /** When each proxy failed, by its name. */
  const failures = new Map<string, number>();

  /** An idle HTTP connection that the provider has ended must not look alive to its agent, so only tunnels are half open. */
  return async (target, allowHalfOpen) => {
    if (target.port === ownPort() && isLoopbackName(target.host)) throw ourselves(target);
    const named = Object.hasOwn(resolve, target.host) ? parseAuthority(resolve[target.host]!) : undefined;
    if (named) {
      const socket = connect({ noDelay: true, keepAlive: true, allowHalfOpen, host: named.host, port: named.port });
      return connected(CONNECT_MS, target, socket);
    }
    refuseInward(target.host);
    const ways = routes ? await routes.choose(target, allowHalfOpen) : [DIRECT];
    let failure: unknown;
    for (const way of [...ways].sort((a, b) => failedLately(a) - failedLately(b))) {
      try {
        return await along(way, target, allowHalfOpen);
      } catch (error) {
        if (!(error instanceof ProxyUnreachable) || way.kind === 'direct') throw error;
        failures.set(proxyName(way.proxy), Date.now());
        failure ??= error;
      }
    }
    throw failure;
  };

  async function along(way: Route, target: Target, allowHalfOpen: boolean): Promise<Socket> {
    if (way.kind === 'proxy') {
      const socket = await connectThrough(way.proxy, target, { allowHalfOpen, ms: CONNECT_MS, roots });
      failures.delete(proxyName(way.proxy));
      return socket;
    }
    const addresses = await addressesOf(target.host);
    const { host, port } = target;
    return connected(
      CONNECT_MS,
      target,
      connect({ noDelay: true, keepAlive: true, allowHalfOpen, host, port, lookup: answering(addresses), autoSelectFamily: true }),
    );
  }

  /** 0 or 1, to sort by. */
  function failedLately(way: Route): number {
    if (way.kind === 'direct') return 0;
    return Date.now() - (failures.get(proxyName(way.proxy)) ?? Number.NEGATIVE_INFINITY) < AVOID_MS ? 1 : 0;
  }
}

/** What came back to us would be our own process's doing, and no longer the program's that asked for it. */
function ourselves(target: Target): HoldpointError {
  return new HoldpointError(
    'upstream-refused',
    `${authorityOf(target)} is Holdpoint's own port, which does not connect to itself. Ask it for the host that is meant.`,
  );
}

/** Resolves when connected, TLS included where it is spoken. Until somebody else listens for its errors, this does. */
export function connected<S extends Socket>(ms: number, target: Target, socket: S): Promise<S> {
  return new Promise((resolve, reject) => {
    const ready = 'encrypted' in socket ? 'secureConnect' : 'connect';
    const timer = setTimeout(() => socket.destroy(new Error(`no answer within ${ms / 1000} s`)), ms);
    const failed = (error?: Error) => {
      clearTimeout(timer);
      const why = error ? messageOf(error) : 'it closed the connection';
      reject(
        new HoldpointError(
          'upstream-unreachable',
          `${authorityOf(target)} could not be reached: ${why}. Check the network and the provider's status.`,
          error,
        ),
      );
    };
    socket.on('error', failed);
    socket.once('close', () => failed());
    socket.once(ready, () => {
      clearTimeout(timer);
      resolve(socket);
    });
  });
}

/** Gives Node the addresses that were vetted. */
function answering(addresses: readonly Address[]): LookupFunction {
  return (_host, options, callback) => {
    if (options.all) callback(null, [...addresses]);
    else callback(null, addresses[0]!.address, addresses[0]!.family);
  };
}
