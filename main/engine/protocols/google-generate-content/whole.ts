/** Gemini's answers in one document: an answer, or (streamed without `alt=sse`) an array of chunks, which is kept until its end. */

import type { Uninspected } from '../../../contract/action.ts';
import { isObject, locate, source } from '../json.ts';
import type { DecoderLimits, ResponseDecoder } from '../pieces.ts';
import { createWholeDecoder, type WholeAnswer } from '../whole.ts';
import { answerSaying } from './stream.ts';
import { type Chunk, createTurn, type Turn } from './turn.ts';

/** How the agent expects its answer, as far as the request's path tells. */
export interface Expected {
  /** As Code Assist wraps it: `{"response": …}`. */
  readonly isWrapped: boolean;
  readonly isList: boolean;
}

export function googleWhole(limits: DecoderLimits, { isWrapped, isList }: Expected): ResponseDecoder {
  const turn = createTurn(limits.callBytes, isWrapped);
  return createWholeDecoder(limits, {
    read(answer, text) {
      const chunk = turn.read(answer, text);
      return typeof chunk === 'string' ? chunk : { calls: chunk.calls, render: (refused) => chunk.render(refused) ?? text };
    },
    other: (value, text) => (Array.isArray(value) ? readChunks(turn, value, text) : 'unknown-shape'),
    saying(text) {
      const answer = answerSaying(text, isWrapped);
      return JSON.stringify(isList ? [answer] : answer);
    },
    summary: turn.summary,
  });
}

function readChunks(turn: Turn, answers: readonly unknown[], text: string): WholeAnswer | Uninspected {
  const nodes = locate(text).items;
  const chunks: Chunk[] = [];
  for (const [at, answer] of answers.entries()) {
    const chunk = isObject(answer) ? turn.read(answer, source(text, nodes[at]!)) : 'unknown-shape';
    if (typeof chunk === 'string') return chunk;
    chunks.push(chunk);
  }
  return {
    calls: chunks.flatMap(({ calls }) => calls),
    render(refused) {
      let end = 0;
      const parts = chunks.flatMap((chunk, at) => {
        const node = nodes[at]!;
        const between = text.slice(end, node.start);
        end = node.end;
        return [between, chunk.render(refused) ?? source(text, node)];
      });
      return parts.join('') + text.slice(end);
    },
  };
}
