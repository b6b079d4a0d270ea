/** Connections that are none of our business: bytes both ways, unread, each direction ending by itself. */

import type { Socket } from 'node:net';
import { messageOf } from '../../contract/errors.ts';
import { onTheWire, sentence } from './answers.ts';
import type { Target } from './target.ts';
import type { Upstream } from './upstream.ts';

/** RFC 9110 §9.3.6. */
export const ESTABLISHED = 'HTTP/1.1 200 Connection Established\r\n\r\n';

/** Connects and joins the two; answers 502 where the target cannot be reached. Never rejects. */
export async function openTunnel(options: { client: Socket; head: Buffer; target: Target; upstream: Upstream }): Promise<void> {
  const { client, head, target, upstream } = options;
  let server: Socket;
  try {
    server = await upstream.tunnel(target);
  } catch (error) {
    client.end(onTheWire(sentence(502, messageOf(error))));
    return;
  }
  if (client.destroyed) return void server.destroy();
  client.write(ESTABLISHED);
  if (head.length > 0) server.write(head);
  join(client, server);
}

/** `pipe` waits for a slow reader and passes on the end of one direction; what it does not pass on is a broken connection. */
function join(client: Socket, server: Socket): void {
  client.pipe(server);
  server.pipe(client);
  client.on('error', () => server.destroy());
  server.on('error', () => client.destroy());
  client.once('close', () => server.destroy());
  server.once('close', () => client.destroySoon());
}
