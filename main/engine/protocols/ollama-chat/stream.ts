/** Ollama's answers, streamed as lines: calls come whole, and a refused one leaves content in its message ("Chat" in Ollama's API). */

import { explain } from '../explain.ts';
import { asString, isObject } from '../json.ts';
import type { Ending, Line } from '../line.ts';
import { NDJSON } from '../ndjson.ts';
import { createNdjsonDecoder, type LineDialect } from '../ndjson-decoder.ts';
import type { DecoderLimits, ResponseDecoder } from '../pieces.ts';
import { createSummary } from '../summary.ts';
import { OLLAMA_USAGE } from '../usage.ts';
import { callsOf, withoutRefused } from './messages.ts';

/** `isGenerated`: `/api/generate` answers in `response`, and has no message. */
export function ollamaStream(limits: DecoderLimits, isGenerated: boolean): ResponseDecoder {
  return createNdjsonDecoder(limits, (line) => dialect(line, limits, isGenerated));
}

function dialect(line: Line, limits: DecoderLimits, isGenerated: boolean): LineDialect {
  const summary = createSummary();
  let head = { model: 'unknown', created_at: '1970-01-01T00:00:00Z' };
  let said = false;
  let done = false;

  return {
    event(event, frame) {
      const calls = callsOf(event, limits.callBytes);
      if (!calls) return 'unknown-shape';
      const { message, response } = event;
      const words = isObject(message) ? message.content : response;
      head = { model: asString(event.model) ?? head.model, created_at: asString(event.created_at) ?? head.created_at };
      done ||= event.done === true;
      summary.model(event.model);
      summary.text(words);
      summary.stopReason(event.done_reason);
      summary.usage(event, OLLAMA_USAGE);
      const afterText = said;
      said ||= typeof words === 'string' && words !== '';
      if (calls.length === 0) return void line.pass(frame.raw);
      // What is said of one refused call stands before the next.
      said = true;
      for (const call of calls) {
        line.settle(
          line.open(() => call),
          call,
        );
      }
      line.hold(frame.raw, [], (refused) =>
        calls.some((call) => refused.has(call)) ? NDJSON.withData(frame, withoutRefused(frame.data, calls, refused, afterText)) : frame.raw,
      );
    },
    mayBeCall: (broken) => /call|\\u/i.test(broken),
    ending,
    keepalive: () => NDJSON.events([{ data: { ...head, ...saying('', isGenerated), done: false } }]),
    summary: summary.read,
  };

  function ending(): Ending {
    if (done) return () => NDJSON.events([]);
    const last = { ...head };
    const space = said ? '\n\n' : '';
    return (_refused, lost, why) =>
      NDJSON.events([
        { data: { ...last, ...saying(why ? space + explain(lost, why) : '', isGenerated), done: true, done_reason: 'stop' } },
      ]);
  }
}

/** What an answer of either kind says. */
export function saying(content: string, isGenerated: boolean): object {
  return isGenerated ? { response: content } : { message: { role: 'assistant', content } };
}
