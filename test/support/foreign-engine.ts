/** A control server of another version: it speaks JSON-RPC on the same socket, and says what the test gives it. */

import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { CONTROL_SOCKET, CONTROL_TOKEN } from '../../main/contract/control.ts';
import { jsonRpcOver } from '../../main/engine/control/transport.ts';

export interface ForeignEngine extends AsyncDisposable {
  /** How often a client has said hello. */
  hellos(): number;
  tell(event: string, data: unknown): void;
  stop(): Promise<void>;
}

/** `methods` are all that it knows besides `hello`. */
export async function startForeignEngine(
  dataDir: string,
  { version, methods }: { readonly version: string; readonly methods: Readonly<Record<string, () => unknown>> },
): Promise<ForeignEngine> {
  const sockets = new Map<Socket, MessageConnection>();
  let hellos = 0;
  const server = createServer((socket) => {
    const { connection } = jsonRpcOver(socket, { accepts: 'requests', maxMessageBytes: 1e6, maxWaitingBytes: 1e6 });
    sockets.set(socket, connection);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
    connection.onError(() => {});
    connection.onRequest('hello', () => {
      hellos++;
      return { version };
    });
    for (const [method, answer] of Object.entries(methods)) connection.onRequest(method, answer);
    connection.listen();
  });
  writeFileSync(join(dataDir, CONTROL_TOKEN), 'a'.repeat(64), { mode: 0o600 });
  server.listen(join(dataDir, CONTROL_SOCKET));
  await once(server, 'listening');
  let stopping: Promise<void> | undefined;
  const stop = () =>
    (stopping ??= (async () => {
      for (const socket of sockets.keys()) socket.destroy();
      server.close();
      await once(server, 'close');
      rmSync(join(dataDir, CONTROL_TOKEN), { force: true });
    })());
  return {
    hellos: () => hellos,
    tell(event, data) {
      for (const connection of sockets.values()) void connection.sendNotification(event, { data }).catch(() => {});
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
