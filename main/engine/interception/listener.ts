/** The port that clients are told to use as their proxy: on this machine's loopback addresses only. */

import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { HoldpointError, messageOf } from '../../contract/errors.ts';
import type { Log } from './log.ts';

/** More than any number of agents opens; those beyond it are closed at once. */
const MOST_CONNECTIONS = 1024;

export interface Listener {
  readonly port: number;
  /** Takes no more connections. */
  close(): void;
}

/**
 * Listens on 127.0.0.1, and on ::1 with the same port where that can be had. `port` 0 takes a free one.
 * `HoldpointError` `port-busy` where the port cannot be had.
 */
export async function listen(options: { port: number; accept(socket: Socket): void; log: Log }): Promise<Listener> {
  const { accept, log } = options;
  const first = server(accept);
  const port = await opened(first, '127.0.0.1', options.port).catch((error: unknown) => {
    throw new HoldpointError(
      'port-busy',
      `Port ${options.port} on 127.0.0.1 cannot be used for the proxy (${messageOf(error)}). Stop the program that has it, or set proxy.port to another one, or to 0 for any.`,
      error,
    );
  });
  const second = server(accept);
  await opened(second, '::1', port).catch((error: unknown) => log({ kind: 'address-unavailable', address: '::1', error }));

  return {
    port,
    close() {
      first.close();
      second.close();
    },
  };
}

function server(accept: (socket: Socket) => void): Server {
  const server = createServer({ allowHalfOpen: true, noDelay: true, keepAlive: true }, accept);
  server.maxConnections = MOST_CONNECTIONS;
  return server;
}

function opened(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, ipv6Only: host.includes(':') }, () => {
      server.off('error', reject);
      // An accept that fails, for want of file descriptors say, must not end the engine.
      server.on('error', () => undefined);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
