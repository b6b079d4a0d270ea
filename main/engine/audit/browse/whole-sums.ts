/** What a session comes to: the log sums it up for each owner, and whoever asks sees the sums of those that they may see. */

import type { Db } from '../schema.ts';
import type { SessionSum } from '../tallies.ts';

export type WholeSum = Omit<SessionSum, 'owner'>;

/** Undefined where there is no such session, or nothing of it to be seen. */
export function wholeSums(db: Db): (key: string) => WholeSum | undefined {
  const rows = db.prepare<[string], SessionSum>(`SELECT * FROM session_sums WHERE key = ? ORDER BY last`);
  return (key) => rows.all(key).reduce<WholeSum | undefined>((sum, { owner: _, ...row }) => (sum ? together(sum, row) : row), undefined);
}

/** The second has the later record. */
function together(a: WholeSum, b: WholeSum): WholeSum {
  const [earlier, later] = a.first <= b.first ? [a, b] : [b, a];
  return {
    key: a.key,
    first: earlier.first,
    last: b.last,
    agent: earlier.agent ?? later.agent,
    workspace: b.workspace ?? a.workspace,
    model: b.model ?? a.model,
    asks: a.asks === null || b.asks === null ? (a.asks ?? b.asks) : Math.min(a.asks, b.asks),
    records: a.records + b.records,
    calls: a.calls + b.calls,
    refused: a.refused + b.refused,
    released: a.released + b.released,
    uninspected: a.uninspected + b.uninspected,
    found: a.found + b.found,
    cost: a.cost === null || b.cost === null ? (a.cost ?? b.cost) : a.cost + b.cost,
  };
}
