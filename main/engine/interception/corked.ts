/** Writes that leave together. */

import type { Writable } from 'node:stream';

/** What is written in one go leaves in one TLS record and one system call: before the next event, not at the next write. */
export function corkedForNow(body: Writable): void {
  body.cork();
  process.nextTick(() => {
    if (body.writableCorked > 0 && !body.writableEnded) body.uncork();
  });
}
