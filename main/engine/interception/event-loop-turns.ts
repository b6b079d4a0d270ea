/** A stream's bytes, as much at a time as one turn of the event loop brings. */

import { finished, type Readable } from 'node:stream';

/** In one turn. What comes beyond it stays in the stream, so that its sender is slowed down. */
const MOST_BYTES = 256 * 1024;

/**
 * A provider's tokens come in many small pieces, often several in one turn of the event loop: one by one, each would be decoded, framed
 * and written by itself. What is there already comes at once; what comes later waits for the rest of its turn, and no longer.
 * As when a stream is iterated over, its error is thrown, and a reader who breaks off destroys it.
 */
export async function* inTurns(from: Readable): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = [];
  let length = 0;
  let wanted = false;
  let ended: { readonly error: Error | undefined } | undefined;
  let wake = () => {};
  // Taken at once: a stream that is destroyed before the turn ends would take with it what it still has.
  const take = () => {
    const piece = from.destroyed || length >= MOST_BYTES ? null : (from.read() as Buffer | null);
    if (piece === null) return;
    pieces.push(piece);
    length += piece.length;
    wake();
  };
  const onReadable = () => wanted && take();
  from.on('readable', onReadable);
  // Its listener stays: what is destroyed may still say that it failed, and somebody has to hear that.
  finished(from, { writable: false }, (error) => {
    ended = { error: error ?? undefined };
    wake();
  });
  try {
    for (;;) {
      take();
      if (length === 0 && !ended) {
        wanted = true;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        if (length > 0) await new Promise((resolve) => setImmediate(resolve));
        wanted = false;
      }
      if (length === 0) break;
      const [only] = pieces;
      const chunk = only?.length === length ? only : Buffer.concat(pieces, length);
      pieces = [];
      length = 0;
      yield chunk;
    }
    if (ended?.error) throw ended.error;
  } finally {
    from.off('readable', onReadable);
    if (!ended || ended.error) from.destroy();
  }
}
