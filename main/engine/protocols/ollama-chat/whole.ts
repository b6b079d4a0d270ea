/** Ollama's answers, not streamed: the tool calls of one message, and the answer without those that are refused. */

import { isObject } from '../json.ts';
import type { DecoderLimits, ResponseDecoder } from '../pieces.ts';
import { createSummary } from '../summary.ts';
import { OLLAMA_USAGE } from '../usage.ts';
import { createWholeDecoder } from '../whole.ts';
import { callsOf, withoutRefused } from './messages.ts';
import { saying } from './stream.ts';

export function ollamaWhole(limits: DecoderLimits, isGenerated: boolean): ResponseDecoder {
  const summary = createSummary();
  return createWholeDecoder(limits, {
    read(answer, text) {
      const calls = callsOf(answer, limits.callBytes);
      if (!calls) return 'unknown-shape';
      const { message, response } = answer;
      summary.model(answer.model);
      summary.text(isObject(message) ? message.content : response);
      summary.stopReason(answer.done_reason);
      summary.usage(answer, OLLAMA_USAGE);
      return { calls, render: (refused) => withoutRefused(text, calls, refused, false) };
    },
    saying: (text) =>
      JSON.stringify({
        model: 'unknown',
        created_at: '1970-01-01T00:00:00Z',
        ...saying(text, isGenerated),
        done: true,
        done_reason: 'stop',
      }),
    summary: summary.read,
  });
}
