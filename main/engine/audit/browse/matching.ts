/** Which records a filter means, as SQL: found by what the fewest of them have, and checked for the rest. */

import type { RecordFilter } from '../../../contract/activity-filter.ts';
import { matchQuery } from '../full-text.ts';
import type { Db } from '../schema.ts';
import { foundBy, markOf, QUARTER_MS } from '../tally-tables.ts';
import type { Part } from './own-part.ts';

/** Records `r` that match. To be followed by further conditions. */
export interface Matching {
  /** "FROM … WHERE …", in the order of `seq` as far as an index gives it. */
  readonly sql: string;
  /** `r.seq`, as the index that is read has it. */
  readonly seq: string;
  readonly values: readonly (string | number)[];
}

/** The conditions of a filter without text, for records `r` that are found in another way. */
export interface Checks {
  readonly sql: string;
  readonly values: readonly (string | number)[];
  /** What of it the log keeps for each session. */
  readonly marks: readonly string[];
  /** The records between which those that match are. */
  readonly first: number;
  readonly last: number;
  /** The marks are all of it. */
  readonly isMarks: boolean;
}

/** Undefined where nothing can match. */
export function matchingOf(db: Db, filter: RecordFilter, before: number, part: Part): Matching | undefined {
  const { text } = filter;
  const query = text === undefined ? undefined : matchQuery(text);
  if (text !== undefined && query === undefined) return undefined;
  const range = rangeOf(db, filter, before);
  if (!range) return undefined;
  const tests = [...testsOf(filter, query), ...(part === 'little' ? [OWN] : [])];
  // The others would have to be looked through for what somebody who has little has of them.
  const leads = part === 'little' ? tests.filter(({ seq }) => seq !== 'm.seq' && seq !== 'r.seq') : tests;
  const best = leads
    .map((test) => ({ test, count: counted(db, test, range) }))
    .reduce<{ test: Test; count: number } | undefined>((least, one) => (least && least.count <= one.count ? least : one), undefined);
  const rest = tests.filter((test) => test !== best?.test);
  const driver = best?.test ?? ALL;
  const { times, values: timeValues } = timesOf(filter);
  return {
    sql: [`FROM ${driver.from} WHERE ${driver.where}`, `${driver.seq} BETWEEN ? AND ?`, ...rest.map(({ check }) => check), ...times].join(
      ' AND ',
    ),
    seq: driver.seq,
    values: [...driver.values, range.first, range.last, ...rest.flatMap(({ values }) => values), ...timeValues],
  };
}

/** Undefined where nothing can match. */
export function checksOf(db: Db, filter: Omit<RecordFilter, 'text'>): Checks | undefined {
  const range = rangeOf(db, filter, Number.MAX_SAFE_INTEGER);
  if (!range) return undefined;
  const tests = testsOf(filter, undefined);
  const { times, values } = timesOf(filter);
  const marks = (['agent', 'host', 'kind', 'end'] as const).flatMap((what) => {
    const value = filter[what];
    return value === undefined ? [] : [markOf(what, value)];
  });
  return {
    sql: ['r.seq BETWEEN ? AND ?', ...tests.map(({ check }) => check), ...times].join(' AND '),
    values: [range.first, range.last, ...tests.flatMap((test) => test.values), ...values],
    marks: [...marks, ...(filter.label === undefined ? [] : [markOf('family', filter.label)])],
    ...range,
    isMarks: times.length === 0,
  };
}

/** One thing that a record must have: how records that have it are found, and how one is checked for it. */
interface Test {
  readonly from: string;
  readonly where: string;
  readonly seq: string;
  readonly check: string;
  readonly values: readonly string[];
}

const ALL: Test = { from: 'records r', where: 'TRUE', seq: 'r.seq', check: 'TRUE', values: [] };
/** Fewer are all looked at gladly. */
const COUNTED = 5_000;

/** Where there are many of all, the first is used. */
function testsOf({ label, end, agent, host, kind }: RecordFilter, query: string | undefined): Test[] {
  return [
    ...(query === undefined ? [] : [TEXT(query)]),
    ...(label === undefined ? [] : [mark(markOf('family', label))]),
    ...(end === undefined ? [] : [mark(markOf('end', end))]),
    ...(host === undefined ? [] : [column('host', host)]),
    ...(agent === undefined ? [] : [column('agent', agent)]),
    ...(kind === undefined ? [] : [column('kind', kind)]),
  ];
}

const TEXT = (query: string): Test => ({
  from: 'search CROSS JOIN records r ON r.seq = search.rowid',
  where: 'search MATCH ?',
  seq: 'search.rowid',
  check: 'EXISTS (SELECT 1 FROM search WHERE search MATCH ? AND rowid = r.seq)',
  values: [query],
});

const mark = (value: string): Test => ({
  from: 'marks m CROSS JOIN records r ON r.seq = m.seq',
  where: 'm.mark = ?',
  seq: 'm.seq',
  check: 'EXISTS (SELECT 1 FROM marks WHERE mark = ? AND seq = r.seq)',
  values: [value],
});

/** Of somebody who has few, all are looked at; each connection sees its own. */
const OWN: Test = { from: 'owned o CROSS JOIN records r ON r.seq = o.seq', where: 'TRUE', seq: 'o.seq', check: 'TRUE', values: [] };

/** The plus keeps SQLite from another index than the one that was chosen. */
const column = (name: string, value: string): Test => ({
  from: 'records r',
  where: `${foundBy(`r.${name}`)} = ?`,
  seq: 'r.seq',
  check: `+r.${name} = ?`,
  values: [value],
});

function counted(db: Db, { from, where, seq, values }: Test, { first, last }: Range): number {
  // Of everybody's: nothing of it is told, and to look for one person's would take longer than to answer.
  const whole = `${seq === OWN.seq ? 'temp' : 'main'}.${from.replace(/ CROSS JOIN .*/, '')}`;
  const sql = `SELECT count(*) FROM (SELECT 1 FROM ${whole} WHERE ${where} AND ${seq} BETWEEN ? AND ? LIMIT ${COUNTED + 1})`;
  const count =
    db
      .prepare<unknown[], number>(sql)
      .pluck()
      .get(...values, first, last) ?? 0;
  return count > COUNTED ? Number.POSITIVE_INFINITY : count;
}

interface Range {
  readonly first: number;
  readonly last: number;
}

/** The records between which all of a stretch of time are, however clocks were set. Undefined where nothing happened then. */
function rangeOf(db: Db, { from, to }: RecordFilter, before: number): Range | undefined {
  if (from === undefined && to === undefined) return { first: 0, last: before - 1 };
  const range = db
    .prepare<[number, number], { first: number | null; last: number | null }>(
      `SELECT min(first) AS first, max(last) AS last FROM quarter_sums WHERE quarter BETWEEN ? AND ?`,
    )
    .get(quarterOf(from, -1e9), quarterOf(to, 1e9));
  if (!range || range.first === null || range.last === null) return undefined;
  return { first: range.first, last: Math.min(range.last, before - 1) };
}

function quarterOf(time: string | undefined, otherwise: number): number {
  return time === undefined ? otherwise : Math.floor(Date.parse(time) / QUARTER_MS);
}

/** From `from` on, and before `to`. */
function timesOf({ from, to }: RecordFilter): { readonly times: string[]; readonly values: string[] } {
  return {
    times: [...(from === undefined ? [] : ['r.at >= ?']), ...(to === undefined ? [] : ['r.at < ?'])],
    values: [from, to].flatMap((time) => (time === undefined ? [] : new Date(time).toISOString())),
  };
}
