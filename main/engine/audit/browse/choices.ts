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
  // Of somebody's own part the newest are told by `owned`, whose other records, everybody's, have neither an agent nor a host.
  const newest =
    part === 'all'
      ? `SELECT * FROM records ORDER BY seq DESC LIMIT ${NEWEST}`
      : `SELECT r.* FROM owned o CROSS JOIN records r ON r.seq = o.seq ORDER BY o.owner DESC, o.seq DESC LIMIT ${NEWEST}`;
  const frequent = (column: 'agent' | 'host') =>
    db
      .prepare<[], string>(
        `SELECT ${column} FROM (${newest})
         WHERE ${column} <> '' GROUP BY ${column} ORDER BY count(*) DESC, ${column} LIMIT ${MOST}`,
      )
      .pluck()
      .all();
  return { agents: frequent('agent'), hosts: frequent('host'), labels: labels(db) };
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
