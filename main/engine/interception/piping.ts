/** Bodies that pass as they come: from one side to the other, with their trailers. */

import type { Writable } from 'node:stream';
import type { Incoming, Sending } from './message.ts';

/** The rest of a request's body, and its trailers. Never rejects. */
export async function sendRest(from: Incoming, to: Sending): Promise<void> {
  try {
    if (await piped(from, to.body)) return to.end(from.trailers());
  } catch {
    // Node takes the trailers for malformed.
  }
  to.abort();
}

/** Resolves when a body has ended: true where it was whole. Leaves the destination open, for trailers. */
export function piped({ stream, whole }: Incoming, to: Writable): Promise<boolean> {
  return new Promise((resolve) => {
    if (stream.readableEnded) return resolve(whole());
    if (stream.destroyed) return resolve(false);
    stream.once('end', () => resolve(whole()));
    stream.once('error', () => resolve(false));
    stream.once('close', () => resolve(false));
    stream.pipe(to, { end: false });
  });
}
