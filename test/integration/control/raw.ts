/** A client that says what it is told to, message by message, and hears what comes back. */

import { createConnection } from 'node:net';
import { encodeFrame, frameReader } from '../../../main/engine/control/frames.ts';

export interface RawAnswer {
  readonly result?: { readonly [key: string]: unknown };
  readonly error?: { readonly code: number; readonly message: string; readonly data?: { readonly code: string } };
}

export interface RawClient extends Disposable {
  /** Rejects where the connection ends before the answer. */
  ask(method: string, params: unknown): Promise<RawAnswer>;
  readonly closed: Promise<void>;
}

export async function rawClient(path: string): Promise<RawClient> {
  const socket = createConnection(path);
  const waiting = new Map<number, (answer: RawAnswer) => void>();
  const closed = new Promise<void>((resolve) => void socket.once('close', () => resolve()));
  const read = frameReader(10_000_000);
  let ids = 0;
  socket.on('error', () => {});
  socket.on('data', (chunk: Buffer) => {
    for (const message of read(chunk)) {
      const { id } = message as { id?: number };
      if (id !== undefined) waiting.get(id)?.(message as RawAnswer);
    }
  });
  await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve));
  return {
    ask: (method, params) => {
      const id = ++ids;
      const answer = new Promise<RawAnswer>((resolve) => waiting.set(id, resolve));
      socket.write(encodeFrame({ jsonrpc: '2.0', id, method, params }));
      return Promise.race([answer, closed.then(() => Promise.reject(new Error('closed')))]);
    },
    closed,
    [Symbol.dispose]: () => void socket.destroy(),
  };
}
