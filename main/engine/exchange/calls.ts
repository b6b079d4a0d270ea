/** A call in an answer, from its decoder to its verdict: where in the conversation it stands, and what is counted and recorded of it. */

import type { ToolCall } from '../../contract/action.ts';
import type { Outcome } from '../../contract/verdict.ts';
import { contentOf, type Guard } from '../guard/guard.ts';
import { UNREAD_TOOL } from '../protocols/line.ts';
import { OPAQUE_ANSWER } from './opaque.ts';
import type { Records, Story } from './records.ts';

/** Judges a call of the answer that `story` is about. `signal` is aborted when the agent goes away. Never rejects. */
export type JudgeCall = (story: Story, signal: AbortSignal, call: ToolCall) => Promise<Outcome>;

export function createJudgeCall({ guard, records }: { guard: Pick<Guard, 'judgeCall'>; records: Records }): JudgeCall {
  return async (story, signal, call) => {
    const { origin, head, read } = story;
    story.calls += 1;
    story.written = (story.written ?? 0) + lengthOf(call.input);
    const what = call.tool === UNREAD_TOOL || call.tool === OPAQUE_ANSWER ? 'answer' : 'call';
    const settle = call.uninspected && records.uninspected(origin, head, call.uninspected, what);
    const after = read?.after;
    const outcome = await guard.judgeCall({
      origin,
      call,
      place: placeOf(story, call),
      signal,
      ...(after !== undefined && { after }),
    });
    settle?.(outcome.kind);
    if (outcome.kind === 'refuse') story.refused += 1;
    return outcome;
  };
}

/** Near enough for what is only estimated where a provider does not tell. */
function lengthOf(input: unknown): number {
  return typeof input === 'string' ? input.length : (JSON.stringify(input) ?? '').length;
}

/** The same call twice in one answer is two actions: a yes is for one of them, and for that one of a retry. */
function placeOf({ origin, read, seen }: Story, call: ToolCall): string {
  const place = read?.place ?? origin.exchange;
  if (call.uninspected) return place;
  const content = contentOf(call);
  const count = (seen.get(content) ?? 0) + 1;
  seen.set(content, count);
  return count === 1 ? place : `${place} ${count}`;
}
