/** The first bytes of a connection, looked at and left in place: whether it is TLS, and with whom. */

import type { Socket } from 'node:net';
import { type ClientHello, createHelloReader, TLS_HANDSHAKE } from './client-hello.ts';

export type Greeting =
  | { readonly kind: 'hello'; readonly hello: ClientHello }
  /** It begins like TLS, and is not, or was not complete in time. */
  | { readonly kind: 'unclear' }
  /** Another protocol, by its first byte. */
  | { readonly kind: 'other'; readonly first: number }
  /** The client ended, or said nothing in time. */
  | { readonly kind: 'none' };

/**
 * What a client greets with. `silenceMs` bounds the wait for its first byte, where it is given; `helloMs` that for the rest of a TLS
 * greeting. Never rejects.
 */
export function greetingOf(socket: Socket, times: { readonly silenceMs?: number; readonly helloMs: number }): Promise<Greeting> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const reader = createHelloReader();
    let timer = times.silenceMs === undefined ? undefined : setTimeout(() => settle({ kind: 'none' }), times.silenceMs);
    const settle = (greeting: Greeting) => {
      clearTimeout(timer);
      socket.off('readable', look).off('end', ended).off('close', ended);
      if (chunks.length > 0 && !socket.readableEnded) socket.unshift(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
      resolve(greeting);
    };
    const ended = () => settle({ kind: chunks.length > 0 ? 'unclear' : 'none' });
    const look = () => {
      const bytes: Buffer | null = socket.read();
      if (bytes === null) return;
      if (chunks.length === 0) {
        clearTimeout(timer);
        timer = setTimeout(() => settle({ kind: 'unclear' }), times.helloMs);
      }
      chunks.push(bytes);
      const first = chunks[0]![0]!;
      if (first !== TLS_HANDSHAKE) return settle({ kind: 'other', first });
      const reading = reader.push(bytes);
      if (reading.kind !== 'more') settle(reading);
    };
    socket.on('readable', look).once('end', ended).once('close', ended);
  });
}

/** Whether a client's first byte is that of TLS; waits for it as long as it takes. Undefined where none comes. Never rejects. */
export function beginsWithTls(socket: Socket): Promise<boolean | undefined> {
  return new Promise((resolve) => {
    const settle = (isTls: boolean | undefined) => {
      socket.off('readable', look).off('end', none).off('close', none);
      resolve(isTls);
    };
    const none = () => settle(undefined);
    const look = () => {
      const bytes: Buffer | null = socket.read();
      if (bytes === null) return;
      socket.unshift(bytes);
      settle(bytes[0] === TLS_HANDSHAKE);
    };
    socket.on('readable', look).once('end', none).once('close', none);
  });
}
