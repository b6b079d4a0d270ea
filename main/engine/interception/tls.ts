/** TLS with the client, in the provider's place: the certificate is for the host that the client asked the proxy for. */

import type { Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';
import { messageOf } from '../../contract/errors.ts';
import { hostName } from '../certificates/names.ts';
import type { Spoken } from './upstream.ts';

/** A client that finishes the handshake and leaves this soon without a word has most likely rejected our certificate. */
const LEFT_AT_ONCE_MS = 2_000;

export type Terminated =
  | { readonly kind: 'secure'; readonly socket: TLSSocket }
  /** The client does not trust us, or cannot speak TLS with us. */
  | { readonly kind: 'untrusting'; readonly message: string }
  /** The client wants another server than the one it named to the proxy. */
  | { readonly kind: 'misdirected'; readonly socket: TLSSocket; readonly message: string };

/**
 * Ends in one of three ways, always: the socket of an `untrusting` client is destroyed. `host` decides, never the server name that the client
 * sends with its greeting (RFC 6066 §3), which must only not contradict it.
 */
export function terminateTls(options: {
  socket: Socket;
  context: SecureContext;
  host: string;
  /** What is spoken with the client, if it knows it. */
  spoken: Spoken;
  deadlineMs: number;
}): Promise<Terminated> {
  const { socket, context, host, spoken, deadlineMs } = options;
  return new Promise((resolve) => {
    const secure = new TLSSocket(socket, { isServer: true, secureContext: context, ALPNProtocols: [spoken] });
    const timer = setTimeout(() => untrusting(`The TLS handshake was not complete after ${deadlineMs / 1000} s.`), deadlineMs);
    const settle = (terminated: Terminated) => {
      clearTimeout(timer);
      if (terminated.kind === 'untrusting') secure.destroy();
      resolve(terminated);
    };
    const untrusting = (message: string) => settle({ kind: 'untrusting', message });
    const left = () =>
      untrusting('The program closed the connection during the TLS handshake, as those do that do not trust the certificate.');

    // For the socket's whole life: an error that nobody listens for would end the engine.
    secure.on('error', (error) => untrusting(`The TLS handshake failed: ${messageOf(error)}.`));
    secure.once('end', left).once('close', left);
    secure.once('secure', () => {
      secure.off('end', left).off('close', left);
      // Node's own TLS server says so of its sockets, and Node's HTTP/2 waits until somebody does.
      Object.assign(secure, { secureConnecting: false });
      const named = servername(secure);
      const message = `The program asked the proxy for ${host}, but its TLS greeting is for another server.`;
      if (named === undefined || hostName(named) === host) settle({ kind: 'secure', socket: secure });
      else settle({ kind: 'misdirected', socket: secure, message });
    });
  });
}

/** Tells of a client that ends the connection right after the handshake: Node and others finish it before they look at the certificate. */
export function onceLeftAtOnce(secure: TLSSocket, hasAsked: () => boolean, tell: (message: string) => void): void {
  const since = performance.now();
  secure.once('close', () => {
    if (performance.now() - since > LEFT_AT_ONCE_MS) return;
    // Node tells of a broken session of HTTP/2 after its socket has closed.
    setImmediate(() => {
      if (!hasAsked())
        tell('The program closed the connection right after the TLS handshake, as those do that do not trust the certificate.');
    });
  });
}

function servername(secure: TLSSocket): string | undefined {
  const name: unknown = 'servername' in secure ? secure.servername : undefined;
  return typeof name === 'string' && name !== '' ? name : undefined;
}
