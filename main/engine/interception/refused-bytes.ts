/** What comes on a connection and is no request of HTTP/1.1 that can be passed on. */

import type { Duplex } from 'node:stream';
import { onTheWire, sentence } from './answers.ts';
import type { Connection } from './connection.ts';
import type { Target } from './target.ts';

/** An error of Node's parser, or of the connection. */
export type ClientError = Error & { readonly code?: string };

/** Answers once, and leaves. `message`: what a head that cannot be read is told. */
export type RefuseBytes = (refused: {
  readonly socket: Duplex;
  readonly error: ClientError;
  readonly message: string;
  readonly connection: Connection | undefined;
  readonly target: Pick<Target, 'host' | 'port'> | undefined;
}) => void;

/** A client that still writes when it is answered would lose the answer with its connection (RFC 9112 §9.6). */
const LINGER_MS = 2_000;

const TOO_LONG = "The request's head is longer than 64 KB or has too many header fields, so it was not read.";

export function createRefuseBytes(): RefuseBytes {
  /** Node's parser stumbles again over each piece of what follows. */
  const left = new WeakSet<Duplex>();

  return ({ socket, error, message, connection, target }) => {
    if (left.has(socket)) return;
    left.add(socket);
    const tooLong = error.code === 'HPE_HEADER_OVERFLOW';
    const said = tooLong ? TOO_LONG : message;
    if (connection && target && isProtocolError(error)) connection.report(target, { kind: 'refused', message: said });
    // In the middle of an answer there is no place for another one.
    const answering = connection?.busy() ?? false;
    if (!isProtocolError(error) || !socket.writable || answering) return void socket.destroy();
    socket.end(onTheWire(sentence(tooLong ? 431 : 400, said)));
    if (socket.readableEnded) return;
    const timer = setTimeout(() => socket.destroy(), LINGER_MS);
    socket.once('end', () => socket.destroy()).once('close', () => clearTimeout(timer));
  };
}

/** llhttp's own codes. Others are of the connection, and there is nobody left to tell. */
export function isProtocolError(error: { readonly code?: string }): boolean {
  return error.code?.startsWith('HPE_') ?? false;
}
