/** Sessions, the last active first; with a filter, those that have records that match, by the newest of these. */

import type { RecordFilter } from '../../../contract/activity-filter.ts';
import type { ControlParams, ControlResult } from '../../../contract/control.ts';
import type { Db } from '../schema.ts';
import { SESSION_KEY } from '../tallies.ts';
import { type Matching, matchingOf } from './matching.ts';
import { type SessionRow, summariesOf } from './summary.ts';

type Asked = ControlParams<'sessions'>;

export function sessions(db: Db, { filter = {}, before = Number.MAX_SAFE_INTEGER, limit }: Asked): ControlResult<'sessions'> {
  const isFiltered = Object.values(filter).some((wanted) => wanted !== undefined);
  const page = isFiltered ? matchingSessions(db, filter, before, limit + 1) : newestSessions(db, before, limit + 1);
  const summary = summariesOf(db);
  const shown = page.slice(0, limit);
  return {
    // A key that no version writes could not be asked for.
    sessions: shown
      .filter(({ row }) => row.key !== '' && row.key.length <= MAX_KEY)
      .map(({ row, last, matches }) => summary(row, { last, matches })),
    next: page.length > limit ? (shown.at(-1)?.last ?? null) : null,
  };
}

const MAX_KEY = 200;

interface Matched {
  readonly row: SessionRow;
  /** The newest record that matches, and how many do. */
  readonly last: number;
  readonly matches: number;
}

function newestSessions(db: Db, before: number, limit: number): Matched[] {
  const rows = db
    .prepare<[number, number], SessionRow>(`SELECT * FROM sessions WHERE last < ? ORDER BY last DESC LIMIT ?`)
    .all(before, limit);
  return rows.map((row) => ({ row, last: row.last, matches: row.records }));
}

function matchingSessions(db: Db, filter: RecordFilter, before: number, limit: number): Matched[] {
  const matching = matchingOf(db, filter, Number.MAX_SAFE_INTEGER);
  if (!matching) return [];
  return matching.checks && matching.most > FEW ? walked(db, matching.checks, before, limit) : grouped(db, matching, before, limit);
}

/** So many records are looked through faster than sessions are. */
const FEW = 5_000;

/** Looks at every record that matches. */
function grouped(db: Db, { sql, seq, values }: Matching, before: number, limit: number): Matched[] {
  const row = db.prepare<[string], SessionRow>(`SELECT * FROM sessions WHERE key = ?`);
  return db
    .prepare<unknown[], { key: string; last: number; matches: number }>(
      `SELECT ${SESSION_KEY} AS key, max(${seq}) AS last, count(*) AS matches ${sql} GROUP BY 1 HAVING last < ? ORDER BY last DESC LIMIT ?`,
    )
    .all(...values, before, limit)
    .flatMap(({ key, last, matches }) => {
      const found = row.get(key);
      return found ? [{ row: found, last, matches }] : [];
    });
}

/** Looks for each session's newest match, until no other can have a newer one than those that were found. */
function walked(db: Db, checks: NonNullable<Matching['checks']>, before: number, limit: number): Matched[] {
  const own = `FROM records r INDEXED BY records_sessions WHERE ${SESSION_KEY} = ? AND ${checks.sql}`;
  const newest = db.prepare<unknown[], number>(`SELECT r.seq ${own} ORDER BY r.seq DESC LIMIT 1`).pluck();
  const count = db.prepare<unknown[], number>(`SELECT count(*) ${own}`).pluck();
  let found: { readonly row: SessionRow; readonly last: number }[] = [];
  const all = db.prepare<[number], SessionRow>(`SELECT * FROM sessions WHERE last >= ? ORDER BY last DESC`);
  for (const row of all.iterate(checks.first)) {
    if ((found[limit - 1]?.last ?? 0) > row.last) break;
    const last = newest.get(row.key, ...checks.values);
    if (last === undefined || last >= before) continue;
    found = [...found, { row, last }].sort((a, b) => b.last - a.last).slice(0, limit);
  }
  return found.map(({ row, last }) => ({ row, last, matches: count.get(row.key, ...checks.values) ?? 0 }));
}
