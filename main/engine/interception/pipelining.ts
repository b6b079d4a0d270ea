/** How far a client may ask ahead of its answers on a connection of HTTP/1.1 (RFC 9112 §9.3.2). */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

type OnRequest = (request: IncomingMessage, response: ServerResponse) => void;

/** As many as HTTP/2 has streams: each is judged when it comes, and its answer is kept until it has its turn. */
export const MOST_PIPELINED = 100;

/** Passes requests on to `onRequest`. The one too many is told to `tooMany` instead, and its connection is over. */
export function boundPipeline(onRequest: OnRequest, tooMany: (socket: Socket) => void): OnRequest {
  const open = new WeakMap<Socket, number>();

  return (request, response) => {
    const { socket } = request;
    // Node reads what it has to its end.
    if (socket.destroyed) return;
    const count = (open.get(socket) ?? 0) + 1;
    if (count > MOST_PIPELINED) {
      tooMany(socket);
      return void socket.destroy();
    }
    open.set(socket, count);
    response.once('close', () => open.set(socket, (open.get(socket) ?? 1) - 1));
    onRequest(request, response);
  };
}
