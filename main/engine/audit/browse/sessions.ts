/** Sessions, the last active first; with a filter, those that have records that match, by the newest of these. */

import type { RecordFilter } from '../../../contract/activity-filter.ts';
import type { ControlParams, ControlResult } from '../../../contract/control.ts';
import type { Db } from '../schema.ts';
import { SESSION_KEY, type SessionSum } from '../tallies.ts';
import { type Checks, checksOf, matchingOf } from './matching.ts';
import { summariesOf } from './summary.ts';

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
  readonly row: SessionSum;
  /** The newest record that matches, and how many do. */
  readonly last: number;
  readonly matches: number;
}

function newestSessions(db: Db, before: number, limit: number): Matched[] {
  const rows = db
    .prepare<[number, number], SessionSum>(`SELECT * FROM sessions WHERE last < ? ORDER BY last DESC LIMIT ?`)
    .all(before, limit);
  return rows.map((row) => ({ row, last: row.last, matches: row.records }));
}

function matchingSessions(db: Db, { text, ...filter }: RecordFilter, before: number, limit: number): Matched[] {
  if (text !== undefined) return bySearch(db, { text, ...filter }, before, limit);
  const checks = checksOf(db, filter);
  if (!checks) return [];
  const [mark] = checks.marks;
  return checks.isMarks && checks.marks.length === 1 ? marked(db, mark!, before, limit) : walked(db, checks, before, limit);
}

/** Looks at every record that matches. */
function bySearch(db: Db, filter: RecordFilter, before: number, limit: number): Matched[] {
  const matching = matchingOf(db, filter, Number.MAX_SAFE_INTEGER);
  if (!matching) return [];
  const { sql, seq, values } = matching;
  const row = db.prepare<[string], SessionSum>(`SELECT * FROM sessions WHERE key = ?`);
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

/** The log keeps how many records of a session have one mark. */
function marked(db: Db, mark: string, before: number, limit: number): Matched[] {
  return db
    .prepare<[string, number, number], SessionSum & { newest: number; matches: number }>(
      `SELECT s.*, m.last AS newest, m.records AS matches FROM
         (SELECT * FROM session_marks WHERE mark = ? AND last < ? ORDER BY last DESC LIMIT ?) m CROSS JOIN sessions s ON s.key = m.key
       ORDER BY newest DESC`,
    )
    .all(mark, before, limit)
    .map(({ newest, matches, ...row }) => ({ row, last: newest, matches }));
}

/** Looks for the newest match of each session that has all the marks, until no other can have a newer one than those that were found. */
function walked(db: Db, { sql, values, marks, first, last: end }: Checks, before: number, limit: number): Matched[] {
  const own = `FROM records r INDEXED BY records_sessions WHERE ${SESSION_KEY} = ? AND ${sql}`;
  const newest = db.prepare<unknown[], number>(`SELECT r.seq ${own} ORDER BY r.seq DESC LIMIT 1`).pluck();
  const count = db.prepare<unknown[], number>(`SELECT count(*) ${own}`).pluck();
  const joins = marks.map((_, at) => `JOIN session_marks m${at} ON m${at}.mark = ? AND m${at}.key = s.key`).join(' ');
  const bound = marks.reduce((least, _, at) => `min(${least}, m${at}.last)`, 's.last');
  const candidates = db.prepare<unknown[], SessionSum & { bound: number }>(
    `SELECT s.*, ${bound} AS bound FROM sessions s ${joins} WHERE bound >= ? AND s.first <= ? ORDER BY bound DESC`,
  );
  let found: { readonly row: SessionSum; readonly last: number }[] = [];
  for (const { bound: most, ...row } of candidates.iterate(...marks, first, end)) {
    if ((found[limit - 1]?.last ?? 0) > most) break;
    const last = newest.get(row.key, ...values);
    if (last !== undefined && last < before) found = [...found, { row, last }].sort((a, b) => b.last - a.last).slice(0, limit);
  }
  return found.map(({ row, last }) => ({ row, last, matches: count.get(row.key, ...values) ?? 0 }));
}
