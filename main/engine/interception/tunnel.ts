/** Connections that are none of our business: bytes both ways, unread, each direction ending by itself. */

import type { Socket } from 'node:net';
import { messageOf } from '../../contract/errors.ts';
import { onTheWire, sentence } from './answers.ts';

/** RFC 9110 §9.3.6. */
export const ESTABLISHED = 'HTTP/1.1 200 Connection Established\r\n\r\n';

/** The target's socket; undefined where the client has gone meanwhile, or was answered 502 because the target cannot be reached. */
export async function openTunnel(options: { client: Socket; dial(): Promise<Socket> }): Promise<Socket | undefined> {
  const { client, dial } = options;
  let server: Socket;
  try {
    server = await dial();
  } catch (error) {
    client.end(onTheWire(sentence(502, messageOf(error))));
    return undefined;
  }
  if (!client.destroyed) return server;
  server.destroy();
  return undefined;
}

export interface Joint {
  /** What the server says reaches the client from now on. */
  toClient(): void;
  /** So does what the client says. */
  both(): void;
  /** The server goes, the client stays. */
  part(): void;
}

/** `pipe` waits for a slow reader and passes on the end of one direction; what it does not pass on is a broken connection. */
export function joined(client: Socket, server: Socket): Joint {
  const clientBroke = () => void server.destroy();
  const serverBroke = () => void client.destroy();
  const serverClosed = () => client.destroySoon();
  client.on('error', clientBroke).once('close', clientBroke);
  server.on('error', serverBroke).once('close', serverClosed);

  let heard = false;
  return {
    toClient,
    both() {
      toClient();
      client.pipe(server);
    },
    part() {
      server.unpipe(client).off('error', serverBroke).off('close', serverClosed);
      client.off('error', clientBroke).off('close', clientBroke);
      server.destroy();
    },
  };

  function toClient(): void {
    if (!heard) server.pipe(client);
    heard = true;
  }
}
