/** WebSockets (RFC 6455) on intercepted connections: the handshake on both sides, and whole messages through the inspector. */

import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { onTheWire, sentence } from './answers.ts';
import type { Connection } from './connection.ts';
import type { Inspector } from './inspection.ts';
import type { Log } from './log.ts';
import { faultOf } from './refusals.ts';
import type { Target } from './target.ts';

/** A client's wish for a WebSocket, on a connection that is intercepted. */
export interface UpgradeAsked {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  /** What the client sent behind its request. */
  readonly head: Buffer;
  readonly connection: Connection;
  readonly target: Target;
  /** In origin-form. */
  readonly path: string;
}

export interface WebSockets {
  /** Never rejects: what goes wrong ends in a refusal. */
  serve(asked: UpgradeAsked): Promise<void>;
}

export function createWebSockets(options: { inspector: Pick<Inspector, 'upgrade'>; log: Log }): WebSockets {
  const { inspector, log } = options;

  return {
    async serve({ request, socket, connection, target, path }) {
      socket.on('error', () => undefined);
      const fault = faultOf(request, target, path);
      if (fault) {
        connection.report(target, { kind: 'refused', message: fault.message });
        return void socket.end(onTheWire(sentence(fault.status, fault.message)));
      }
      const gone = new AbortController();
      socket.once('close', () => gone.abort());
      const { host, port } = target;
      const head = { method: request.method ?? 'GET', host, port, path, rawHeaders: request.rawHeaders };
      try {
        const outcome = await inspector.upgrade({ id: randomUUID(), client: connection.client, head, signal: gone.signal });
        if (outcome.kind === 'answer') return void socket.end(onTheWire(outcome.answer));
        throw new Error('WebSockets are not relayed yet.');
      } catch (error) {
        log({ kind: 'inspector-failed', error });
        socket.destroy();
      }
    },
  };
}
