/** A successful answer to a model call in a form that no decoder reads: judged as one uninspected call, never passed. */

import type { ToolCall } from '../../contract/action.ts';
import { explain } from '../protocols/explain.ts';
import { NOTHING } from '../protocols/line.ts';
import type { Piece, ResponseDecoder } from '../protocols/pieces.ts';

/** The name of the call that stands for it. */
export const OPAQUE_ANSWER = 'unreadable answer';
export function opaqueDecoder(): ResponseDecoder {
  const call: ToolCall = { id: '', tool: OPAQUE_ANSWER, uninspected: 'unknown-shape' };
  let started = false;

  return {
    push(chunk) {
      if (chunk.length === 0) return [];
      const pieces: Piece[] = [];
      if (!started) {
        started = true;
        pieces.push({ kind: 'call', call });
        pieces.push({ kind: 'held', bytes: (refused) => explanation(refused.get(call)) });
      }
      pieces.push({ kind: 'held', bytes: (refused) => (refused.has(call) ? NOTHING : chunk) });
      return pieces;
    },
    end: () => [],
    keepalive: () => NOTHING,
    summary: () => ({ text: '' }),
  };

  function explanation(why: Parameters<typeof explain>[1] | undefined): Uint8Array {
    return why ? Buffer.from(explain(call, why)) : NOTHING;
  }
}
