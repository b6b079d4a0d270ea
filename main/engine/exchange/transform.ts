/** A response's bytes on their way through decoder and gate, with as much read ahead as calls behind a held one need. */

import type { ToolCall } from '../../contract/action.ts';
import type { Outcome } from '../../contract/verdict.ts';
import { createGate } from '../guard/gate.ts';
import type { ResponseTransform } from '../interception/inspection.ts';
import type { ResponseDecoder } from '../protocols/pieces.ts';

/** While a call is held the provider is read on this far, so that the calls behind it can be judged at the same time. */
const READ_AHEAD_BYTES = 1024 * 1024;

const DONE = Promise.resolve();

export function createTransform(options: {
  readonly decoder: ResponseDecoder;
  judge(call: ToolCall): Promise<Outcome>;
  write(bytes: Uint8Array): Promise<void>;
}): ResponseTransform {
  const { decoder, judge, write } = options;
  const gate = createGate({ judge, write, keepalive: () => decoder.keepalive() });
  let ahead = 0;
  let broken: { readonly error: unknown } | undefined;
  /** Settles when all that was read so far has left: pieces leave in order. */
  let allLeft = DONE;

  return {
    push(chunk) {
      if (broken) return Promise.reject(broken.error);
      const pieces = decoder.push(chunk);
      if (pieces.length === 0) return gate.kept();
      ahead += chunk.length;
      allLeft = Promise.all(pieces.map((piece) => gate.pass(piece))).then(
        () => {
          ahead -= chunk.length;
        },
        (error: unknown) => {
          broken ??= { error };
        },
      );
      return ahead > READ_AHEAD_BYTES ? allLeft : DONE;
    },
    async end() {
      const last = decoder.end().map((piece) => gate.pass(piece));
      await Promise.all([allLeft, ...last]);
      if (broken) throw broken.error;
    },
    doubt: gate.doubt,
  };
}
