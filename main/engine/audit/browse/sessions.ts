/** Sessions, the last active first; with a filter, those that have records that match, by the newest of these. */

import type { RecordFilter } from '../../../contract/activity-filter.ts';
import type { ControlParams, ControlResult } from '../../../contract/control.ts';
import type { Db } from '../schema.ts';
import { SESSION_KEY } from '../tally-tables.ts';
import { type Checks, checksOf, matchingOf } from './matching.ts';
import type { Part } from './own-part.ts';
import { summariesOf } from './summary.ts';
import { type WholeSum, wholeSums } from './whole-sums.ts';

type Asked = ControlParams<'sessions'>;

export function sessions(db: Db, { filter = {}, before = Number.MAX_SAFE_INTEGER, limit }: Asked, part: Part): ControlResult<'sessions'> {
  const isFiltered = Object.values(filter).some((wanted) => wanted !== undefined);
  const page = isFiltered ? matchingSessions(db, filter, part, before, limit + 1) : newestSessions(db, before, limit + 1);
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
  readonly row: WholeSum;
  /** The newest record that matches, and how many do. */
  readonly last: number;
  readonly matches: number;
}

/** Of a session with several owners, each of whom has a row, the last. */
function newestSessions(db: Db, before: number, limit: number): Matched[] {
  const sums = wholeSums(db);
  return db
    .prepare<[number, number], string>(
      `SELECT key FROM session_sums s WHERE last < ? AND NOT EXISTS (SELECT 1 FROM session_sums o WHERE o.key = s.key AND o.last > s.last)
       ORDER BY last DESC LIMIT ?`,
    )
    .pluck()
    .all(before, limit)
    .flatMap((key) => {
      const row = sums(key);
      return row ? [{ row, last: row.last, matches: row.records }] : [];
    });
}

function matchingSessions(db: Db, { text, ...filter }: RecordFilter, part: Part, before: number, limit: number): Matched[] {
  if (text !== undefined) return bySearch(db, { text, ...filter }, part, before, limit);
  const checks = checksOf(db, filter);
  if (!checks) return [];
  const [mark] = checks.marks;
  return checks.isMarks && checks.marks.length === 1 ? marked(db, mark!, before, limit) : walked(db, checks, before, limit);
}

/** Looks at every record that matches. */
function bySearch(db: Db, filter: RecordFilter, part: Part, before: number, limit: number): Matched[] {
  const matching = matchingOf(db, filter, Number.MAX_SAFE_INTEGER, part);
  if (!matching) return [];
  const { sql, seq, values } = matching;
  return summed(
    db,
    `SELECT ${SESSION_KEY} AS key, max(${seq}) AS newest, count(*) AS matches ${sql} GROUP BY 1 HAVING newest < ? ORDER BY newest DESC LIMIT ?`,
    [...values, before, limit],
  );
}

/** The log keeps how many records of a session have one mark. */
function marked(db: Db, mark: string, before: number, limit: number): Matched[] {
  return summed(
    db,
    `SELECT key, max(last) AS newest, sum(records) AS matches FROM mark_sums WHERE mark = ?
     GROUP BY key HAVING newest < ? ORDER BY newest DESC LIMIT ?`,
    [mark, before, limit],
  );
}

function summed(db: Db, sql: string, values: readonly (string | number)[]): Matched[] {
  const sums = wholeSums(db);
  return db
    .prepare<unknown[], { key: string; newest: number; matches: number }>(sql)
    .all(...values)
    .flatMap(({ key, newest, matches }) => {
      const row = sums(key);
      return row ? [{ row, last: newest, matches }] : [];
    });
}

/** Looks for the newest match of each session that has all the marks, until no other can have a newer one than those that were found. */
function walked(db: Db, { sql, values, marks, first, last: end }: Checks, before: number, limit: number): Matched[] {
  const own = `FROM records r WHERE ${SESSION_KEY} = ? AND ${sql}`;
  const newest = db.prepare<unknown[], number>(`SELECT r.seq ${own} ORDER BY r.seq DESC LIMIT 1`).pluck();
  const count = db.prepare<unknown[], number>(`SELECT count(*) ${own}`).pluck();
  // A record has one owner: so one whose records of a session match has all the marks there.
  const joins = marks
    .map((_, at) => `JOIN mark_sums m${at} ON m${at}.mark = ? AND m${at}.key = s.key AND m${at}.owner = s.owner`)
    .join(' ');
  const bound = marks.reduce((least, _, at) => `min(${least}, m${at}.last)`, 's.last');
  const candidates = db.prepare<unknown[], { key: string; bound: number }>(
    `SELECT s.key, ${bound} AS bound FROM session_sums s ${joins} WHERE bound >= ? AND s.first <= ? ORDER BY bound DESC`,
  );
  const looked = new Set<string>();
  let found: { readonly key: string; readonly last: number }[] = [];
  for (const { bound: most, key } of candidates.iterate(...marks, first, end)) {
    if ((found[limit - 1]?.last ?? 0) > most) break;
    if (looked.has(key)) continue;
    looked.add(key);
    const last = newest.get(key, ...values);
    if (last !== undefined && last < before) found = [...found, { key, last }].sort((a, b) => b.last - a.last).slice(0, limit);
  }
  const sums = wholeSums(db);
  return found.flatMap(({ key, last }) => {
    const row = sums(key);
    return row ? [{ row, last, matches: count.get(key, ...values) ?? 0 }] : [];
  });
}
