/** Gemini's answers, streamed as events: calls come whole, and a refused one leaves text in its part's place. */

import { explain } from '../explain.ts';
import { isObject } from '../json.ts';
import type { Ending, Line } from '../line.ts';
import type { DecoderLimits, ResponseDecoder } from '../pieces.ts';
import { SSE } from '../sse.ts';
import { createSseDecoder, type Dialect } from '../sse-decoder.ts';
import { hasStrayCalls } from './parts.ts';
import { createTurn } from './turn.ts';

/** `isWrapped`: see `Turn`. */
export function googleStream(limits: DecoderLimits, isWrapped: boolean): ResponseDecoder {
  return createSseDecoder(limits, (line) => dialect(line, limits, isWrapped));
}

function dialect(line: Line, limits: DecoderLimits, isWrapped: boolean): Dialect {
  const turn = createTurn(limits.callBytes, isWrapped);

  return {
    event(event, frame) {
      const chunk = turn.read(event, frame.data);
      if (typeof chunk === 'string') return chunk;
      if (!chunk.hasCalls) return void line.pass(frame.raw);
      for (const call of chunk.calls)
        line.settle(
          line.open(() => call),
          call,
        );
      line.hold(frame.raw, [], (refused) => {
        const text = chunk.render(refused);
        return text === undefined ? frame.raw : SSE.withData(frame, text);
      });
    },
    done: (frame) => line.pass(frame.raw),
    // A stream that fails midway ends in an error as another answer would have it.
    isBareError: (document) => isObject(document.error) && Object.keys(document).length === 1 && !hasStrayCalls(document, []),
    mayBeCall: (broken) => /call|\\u/i.test(broken),
    ending,
    // Gemini CLI breaks on comments. A chunk without a part makes Google's client drop the turn from its history; empty text is what
    // Gemini itself sends.
    keepalive: () => SSE.events([{ data: chunkOf(turn.isWrapped, candidate(0, '')) }]),
    summary: turn.summary,
  };

  function ending(): Ending {
    const { isWrapped } = turn;
    const left = turn.unfinished().map(({ index, said }) => ({ index, said }));
    return (_refused, lost, why) => {
      const candidates = left.map(({ index, said }, at) =>
        candidate(index, why && at === 0 ? (said ? '\n\n' : '') + explain(lost, why) : '', 'STOP'),
      );
      return SSE.events(candidates.length > 0 ? [{ data: chunkOf(isWrapped, ...candidates) }] : []);
    };
  }
}

/** An answer that says `text` and nothing else. */
export function answerSaying(text: string, isWrapped: boolean): object {
  return chunkOf(isWrapped, candidate(0, text, 'STOP'));
}

function chunkOf(isWrapped: boolean, ...candidates: readonly object[]): object {
  return isWrapped ? { response: { candidates } } : { candidates };
}

function candidate(index: number, text: string, finishReason?: 'STOP'): object {
  return { content: { role: 'model', parts: [{ text }] }, ...(finishReason && { finishReason }), index };
}
