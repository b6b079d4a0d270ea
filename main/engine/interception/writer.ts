/** Writes of a response's body that wait for the client: this is where backpressure begins. */

import { corkedForNow } from './corked.ts';
import type { Life } from './life.ts';
import type { Answer } from './message.ts';

const TAKEN = Promise.resolve();

/**
 * Resolves when the client's socket can take more, rejects where it no longer can: the client is gone, or its answer is complete.
 * A rejection that nobody awaits (a keep-alive, say) harms nothing.
 */
export function createWriter(answer: Answer, life: Life): (bytes: Uint8Array) => Promise<void> {
  const { body } = answer;
  let waiting: PromiseWithResolvers<void> | undefined;
  body.on('drain', () => {
    waiting?.resolve();
    waiting = undefined;
  });
  life.onceOver(() => waiting?.reject(new Error('The client is gone.')));

  return (bytes) => {
    if (life.over() || body.destroyed || body.writableEnded || !answer.headSent())
      return quietly(Promise.reject(new Error('The client takes no more.')));
    if (bytes.byteLength === 0) return TAKEN;
    if (body.writableCorked === 0) corkedForNow(body);
    if (body.write(bytes)) return TAKEN;
    if (!waiting) {
      waiting = Promise.withResolvers();
      quietly(waiting.promise);
    }
    return waiting.promise;
  };
}

function quietly(promise: Promise<void>): Promise<void> {
  promise.catch(() => undefined);
  return promise;
}
