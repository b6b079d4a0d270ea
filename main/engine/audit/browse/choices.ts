/** What a filter can choose from. */

import type { ControlResult } from '../../../contract/control.ts';
import type { Db } from '../schema.ts';
import { markOf } from '../tally-tables.ts';
import type { Part } from './own-part.ts';

const LABEL_MARK = markOf('label', '');
/** The newest records that are counted, and how many of each are given. */
const NEWEST = 20_000;
const MOST = 100;

export function filterChoices(db: Db, part: Part): ControlResult<'filterChoices'> {
  const pairs = newest(db, part);
  return {
    agents: mostFrequent(pairs.map(({ agent, count }) => [agent, count])),
    hosts: mostFrequent(pairs.map(({ host, count }) => [host, count])),
    labels: labels(db),
  };
}

interface Pair {
  readonly agent: string | null;
  readonly host: string | null;
  readonly count: number;
}

/** Of somebody's own part `owned` tells the newest; its other records, which are everybody's, have neither an agent nor a host. */
function newest(db: Db, part: Part): Pair[] {
  const [from, order] =
    part === 'all' ? ['records r', 'r.seq DESC'] : ['owned o CROSS JOIN records r ON r.seq = o.seq', 'o.owner DESC, o.seq DESC'];
  return db
    .prepare<[], Pair>(
      `SELECT agent, host, count(*) AS count FROM (SELECT r.agent, r.host FROM ${from} ORDER BY ${order} LIMIT ${NEWEST}) GROUP BY 1, 2`,
    )
    .all();
}

function mostFrequent(counted: readonly (readonly [name: string | null, count: number])[]): string[] {
  const counts = new Map<string, number>();
  for (const [name, count] of counted) if (name) counts.set(name, (counts.get(name) ?? 0) + count);
  return [...counts]
    .sort(([a, own], [b, other]) => other - own || (a < b ? -1 : 1))
    .slice(0, MOST)
    .map(([name]) => name);
}

/** From mark to mark, which are few, and not over all that has one. */
function labels(db: Db): string[] {
  const next = db
    .prepare<[string], string>(`SELECT mark FROM marks WHERE mark > ? AND mark GLOB '${LABEL_MARK}*' ORDER BY mark LIMIT 1`)
    .pluck();
  const count = db
    .prepare<[string], number>(`SELECT count(*) FROM (SELECT 1 FROM marks WHERE mark = ? ORDER BY seq DESC LIMIT 1000)`)
    .pluck();
  const found: { label: string; count: number }[] = [];
  for (let mark = next.get(LABEL_MARK); mark !== undefined && found.length < 1000; mark = next.get(mark))
    found.push({ label: mark.slice(LABEL_MARK.length), count: count.get(mark) ?? 0 });
  return found
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST)
    .map(({ label }) => label);
}
