/** Remembers evaluations: policies in force do not change, so the same request has the same answer. */

import type { Evaluation } from './installed.ts';
import type { PolicyRequest } from './request.ts';

/** The least recently asked goes first. */
const MAX_ENTRIES = 1_000;
/** A request longer than this, in UTF-16 units of JSON, is not worth its place. */
const MAX_LENGTH = 8_192;

/** Failures are not remembered: what failed once is tried again. */
export function remembering(evaluate: (request: PolicyRequest) => Promise<Evaluation>): (request: PolicyRequest) => Promise<Evaluation> {
  const known = new Map<string, Evaluation>();

  return async (request) => {
    const key = JSON.stringify(request);
    const before = known.get(key);
    if (before) {
      known.delete(key);
      known.set(key, before);
      return before;
    }
    const evaluation = await evaluate(request);
    const failed = evaluation.failure !== undefined || (evaluation.observed?.failures.length ?? 0) > 0;
    if (!failed && key.length <= MAX_LENGTH) {
      known.set(key, evaluation);
      const [oldest] = known.keys();
      if (known.size > MAX_ENTRIES && oldest !== undefined) known.delete(oldest);
    }
    return evaluation;
  };
}
