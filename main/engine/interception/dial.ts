/** TCP connections to where a target is served: its vetted addresses, or what the settings name instead. */

import { connect, type LookupFunction, type Socket } from 'node:net';
import { HoldpointError, messageOf } from '../../contract/errors.ts';
import { type Address, addressesOf } from './addresses.ts';
import { authorityOf, parseAuthority, type Target } from './target.ts';

/** For TCP, and again for TLS. A provider that takes longer is down, and the agent should hear so while it still waits. */
export const CONNECT_MS = 20_000;

/**
 * A connected socket that leads to the target. With `allowHalfOpen` its directions end one by one.
 * `HoldpointError` `upstream-unreachable` or `upstream-refused`.
 */
export type Dial = (target: Target, allowHalfOpen: boolean) => Promise<Socket>;

export function createDial(options: {
  /** Host name to ADDRESS:PORT, instead of asking DNS. */
  resolve: Readonly<Record<string, string>>;
}): Dial {
  const { resolve } = options;

  /** An idle HTTP connection that the provider has ended must not look alive to its agent, so only tunnels are half open. */
  return async (target, allowHalfOpen) => {
    const options = { noDelay: true, keepAlive: true, allowHalfOpen };
    const named = Object.hasOwn(resolve, target.host) ? parseAuthority(resolve[target.host]!) : undefined;
    if (named) return connected(CONNECT_MS, target, connect({ ...options, host: named.host, port: named.port }));
    const addresses = await addressesOf(target.host);
    return connected(
      CONNECT_MS,
      target,
      connect({ ...options, host: target.host, port: target.port, lookup: answering(addresses), autoSelectFamily: true }),
    );
  };
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
