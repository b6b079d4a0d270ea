/** The next page towards the present, of a log that is only asked for what comes before a record. */

import type { Reply } from '../../../../main/app/channels.ts';
import type { ControlResult } from '../../../../main/contract/control.ts';

type SessionPage = ControlResult<'session'>;

/** Turns of narrowing and widening; the log has fewer than 2^50 records. */
const MOST_TURNS = 60;

/**
 * The records of a session that come right after `seq`, without a hole. Other sessions' records lie between: how far to look is found by
 * trying. `ask` gives the newest `limit` records before one.
 */
export async function pageAfter(
  seq: number,
  limit: number,
  ask: (before: number, limit: number) => Promise<Reply<SessionPage>>,
): Promise<Reply<SessionPage>> {
  let span = limit;
  /** Known to hold more than a page. */
  let tooFar = Number.POSITIVE_INFINITY;
  for (let turn = 0; ; turn++) {
    const reply = await ask(seq + 1 + span, limit);
    if (!reply.ok || turn >= MOST_TURNS) return reply;
    const { records, summary } = reply.result;
    const newer = records.filter(({ record }) => record.seq > seq);
    const isWhole = newer.length < limit || span <= limit;
    if (!isWhole) {
      tooFar = span;
      span = Math.max(limit, Math.floor(span / 2));
      continue;
    }
    const isEnd = summary === null || seq + span >= summary.last;
    if (newer.length > 0 || isEnd) return { ok: true, result: { ...reply.result, records: newer } };
    const wider = span * 4;
    span = wider < tooFar ? wider : Math.floor((span + tooFar) / 2);
  }
}
