/**
 * What the log can be asked for without reading all of it: sessions, how calls ended and when, what was used, what was found. Working
 * tables beside the proof, made from the records alone and in their transaction; a log of an earlier version catches up with its records.
 */

import type Database from 'better-sqlite3';
import { type Row, readBody, SELECT_ROWS } from './rows.ts';
import { type Tally, tallyOf } from './tally.ts';

/** The session that a record of `records` belongs to; what belongs to none has one for connections and one for the rest. */
export const SESSION_KEY = `coalesce(session, CASE kind WHEN 'connection' THEN 'connections' ELSE 'guard' END)`;

/** A column as what finds records by it has it. No other question is asked so: those are not led away from the indexes made for them. */
export const foundBy = (column: string) => `(${column} || '')`;

/** What is told by time is told by quarters of an hour since 1970: every time zone's hours and days begin with one. */
export const QUARTER_MS = 15 * 60_000;

/** `first`, `last`, `seq` and `asks` are records; `asked` and `ended` are ms since 1970; `cost` is in millionths of a US dollar. */
export const TALLIES = `
  CREATE TABLE IF NOT EXISTS tallied (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS sessions (
    key TEXT PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, agent TEXT, workspace TEXT, model TEXT, asks INTEGER,
    records INTEGER NOT NULL, calls INTEGER NOT NULL, refused INTEGER NOT NULL, released INTEGER NOT NULL,
    uninspected INTEGER NOT NULL, found INTEGER NOT NULL, cost INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS sessions_last ON sessions (last);
  CREATE TABLE IF NOT EXISTS marks (mark TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (mark, seq)) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS session_marks (
    mark TEXT NOT NULL, key TEXT NOT NULL, last INTEGER NOT NULL, records INTEGER NOT NULL, PRIMARY KEY (mark, key)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS quarters (
    quarter INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL,
    allowed INTEGER NOT NULL, released INTEGER NOT NULL, refused INTEGER NOT NULL, uninspected INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS uses (
    quarter INTEGER NOT NULL, model TEXT NOT NULL, exchanges INTEGER NOT NULL, input INTEGER NOT NULL, output INTEGER NOT NULL, cost INTEGER,
    PRIMARY KEY (quarter, model)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS questions (action TEXT PRIMARY KEY, asked INTEGER, ended INTEGER, ending TEXT) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS questions_asked ON questions (asked);
`;

/** What a record can be found by. A finding's label is marked as it is, and each beginning of it up to a dot as a family. */
export const markOf = (what: 'agent' | 'host' | 'kind' | 'end' | 'label' | 'family', value: string) => `${what}:${value}`;

/** The columns of a record that tallies look at. */
export interface TalliedRecord {
  readonly seq: number;
  readonly at: string;
  readonly kind: string;
  readonly session: string | null;
  readonly action: string | null;
  readonly agent: string | null;
  readonly host: string | null;
  readonly verdict: string | null;
  readonly tally: Tally;
}

export interface Tallies {
  /** Takes in records that were just written, in their transaction. While older ones are not taken in yet it leaves them to `catchUp`. */
  follow(records: readonly TalliedRecord[]): void;
  /** Takes in up to `most` older records, in a transaction. Gives whether there may be more. */
  catchUp(most: number): boolean;
  /** Forgets what the bodies of the records up to `through` said; what can be told from columns and sums stays. In the purge's transaction. */
  purge(through: number): void;
}

/** Unread calls whose verdict may still come; it comes right after. */
const REMEMBERED = 1000;

export function createTallies(db: Database.Database): Tallies {
  const done = db.prepare<[], number>(`SELECT seq FROM tallied`).pluck();
  const setDone = db.prepare<[number]>(`INSERT INTO tallied VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET seq = excluded.seq`);
  const older = db.prepare<[number, number], Row>(`${SELECT_ROWS} WHERE r.seq > ? ORDER BY r.seq LIMIT ?`);
  const addSession = db.prepare<SessionSum>(`INSERT INTO sessions VALUES (
      :key, :first, :last, :agent, :workspace, :model, :asks, :records, :calls, :refused, :released, :uninspected, :found, :cost
    ) ON CONFLICT (key) DO UPDATE SET
      last = excluded.last, agent = coalesce(agent, excluded.agent), workspace = coalesce(excluded.workspace, workspace),
      model = coalesce(excluded.model, model), asks = coalesce(asks, excluded.asks), records = records + excluded.records,
      calls = calls + excluded.calls, refused = refused + excluded.refused, released = released + excluded.released,
      uninspected = uninspected + excluded.uninspected, found = found + excluded.found, cost = ${plus('cost')}`);
  const addSessionMark = db.prepare<[string, string, number, number]>(`INSERT INTO session_marks VALUES (?, ?, ?, ?)
    ON CONFLICT (mark, key) DO UPDATE SET last = excluded.last, records = records + excluded.records`);
  const addMark = db.prepare<[string, number]>(`INSERT OR IGNORE INTO marks VALUES (?, ?)`);
  const addQuarter =
    db.prepare<QuarterSum>(`INSERT INTO quarters VALUES (:quarter, :first, :last, :allowed, :released, :refused, :uninspected)
    ON CONFLICT (quarter) DO UPDATE SET last = excluded.last, allowed = allowed + excluded.allowed, released = released + excluded.released,
      refused = refused + excluded.refused, uninspected = uninspected + excluded.uninspected`);
  const addUse = db.prepare(`INSERT INTO uses VALUES (?, ?, 1, ?, ?, ?) ON CONFLICT (quarter, model) DO UPDATE SET
      exchanges = exchanges + 1, input = input + excluded.input, output = output + excluded.output, cost = ${plus('cost')}`);
  const asked = db.prepare(`INSERT OR IGNORE INTO questions VALUES (?, ?, NULL, NULL)`);
  const ended = db.prepare(`UPDATE questions SET ended = ?, ending = ? WHERE action = ? AND ending IS NULL`);
  const unread = new Set<string>();

  return {
    follow(records) {
      const [first] = records;
      if (!first || (done.get() ?? 0) !== first.seq - 1) return;
      try {
        db.transaction(() => take(records))();
      } catch (error) {
        // A record is kept also where it cannot be tallied; a full disk has ended the whole transaction.
        if (!db.inTransaction) throw error;
      }
    },
    catchUp: (most) =>
      db.transaction(() => {
        const rows = older.all(done.get() ?? 0, most);
        take(rows.map(withTally));
        return rows.length === most;
      })(),
    purge(through) {
      db.prepare(`UPDATE sessions SET workspace = NULL, model = NULL WHERE last <= ? AND coalesce(workspace, model) IS NOT NULL`).run(
        through,
      );
      const next = db.prepare<[string], string>(`SELECT mark FROM marks WHERE mark > ? ORDER BY mark LIMIT 1`).pluck();
      const forget = db.prepare(`DELETE FROM marks WHERE mark = ? AND seq <= ?`);
      const forgetOfSession = db.prepare(`DELETE FROM session_marks WHERE mark = ? AND last <= ?`);
      // From mark to mark: families and labels come after the ends of calls, which columns tell.
      for (let mark = next.get(markOf('family', '')); mark !== undefined; mark = next.get(mark)) {
        forget.run(mark, through);
        forgetOfSession.run(mark, through);
      }
    },
  };

  /** What is alike in some records that come together is written once. */
  function take(records: readonly TalliedRecord[]): void {
    const sessions = new Map<string, SessionSum>();
    const sessionMarks = new Map<string, Map<string, { last: number; records: number }>>();
    const quarters = new Map<number, QuarterSum>();
    for (const record of records) {
      const { seq, tally } = record;
      const key = keyOf(record);
      sessions.set(key, withRecord(sessions.get(key), key, record));
      const marks = sessionMarks.get(key) ?? new Map<string, { last: number; records: number }>();
      sessionMarks.set(key, marks);
      for (const mark of [...columnMarks(record), ...tallyMarks(tally)])
        marks.set(mark, { last: seq, records: (marks.get(mark)?.records ?? 0) + 1 });
      for (const mark of [...tallyMarks(tally), ...tally.labels.map((label) => markOf('label', label))]) addMark.run(mark, seq);
      takeTime(record, quarters);
    }
    for (const sum of sessions.values()) addSession.run(sum);
    for (const [key, marks] of sessionMarks) for (const [mark, { last, records: of }] of marks) addSessionMark.run(mark, key, last, of);
    for (const sum of quarters.values()) addQuarter.run(sum);
    const last = records.at(-1);
    if (last) setDone.run(last.seq);
  }

  function takeTime(record: TalliedRecord, quarters: Map<number, QuarterSum>): void {
    const { seq, kind, action, verdict, tally } = record;
    const time = Date.parse(record.at);
    // A time that is none was put there by somebody else.
    if (!Number.isSafeInteger(time)) return;
    const quarter = Math.floor(time / QUARTER_MS);
    const sum = quarters.get(quarter) ?? { quarter, first: seq, last: seq, allowed: 0, released: 0, refused: 0, uninspected: 0 };
    const end = endOfCall(record);
    quarters.set(quarter, { ...sum, last: seq, ...(end && { [end]: sum[end] + 1 }) });
    if (tally.use) addUse.run(quarter, tally.use.model, tally.use.inputTokens, tally.use.outputTokens, tally.use.cost);
    if (action !== null && kind === 'hold') asked.run(action, time);
    if (action !== null && kind === 'approval') ended.run(time, verdict, action);
  }

  /** What policy allowed to go on without knowing it was not read. */
  function endOfCall({
    action,
    tally: { call, unread: isUnread },
  }: TalliedRecord): 'allowed' | 'released' | 'refused' | 'uninspected' | null {
    if (action !== null && isUnread) remember(action);
    return action !== null && call === 'allowed' && unread.delete(action) ? 'uninspected' : call;
  }

  function remember(action: string): void {
    unread.add(action);
    const [oldest] = unread;
    if (unread.size > REMEMBERED && oldest !== undefined) unread.delete(oldest);
  }
}

/** A row of `sessions`. */
export interface SessionSum {
  readonly key: string;
  readonly first: number;
  readonly last: number;
  readonly agent: string | null;
  readonly workspace: string | null;
  readonly model: string | null;
  readonly asks: number | null;
  readonly records: number;
  readonly calls: number;
  readonly refused: number;
  readonly released: number;
  readonly uninspected: number;
  readonly found: number;
  readonly cost: number | null;
}

interface QuarterSum {
  readonly quarter: number;
  readonly first: number;
  readonly last: number;
  readonly allowed: number;
  readonly released: number;
  readonly refused: number;
  readonly uninspected: number;
}

function withRecord(sum: SessionSum | undefined, key: string, { seq, kind, agent, tally }: TalliedRecord): SessionSum {
  const has = (end: Tally['ends'][number]) => Number(tally.ends.includes(end));
  const cost = tally.use?.cost ?? null;
  return {
    key,
    first: sum?.first ?? seq,
    last: seq,
    agent: sum?.agent ?? agent,
    workspace: tally.workspace ?? sum?.workspace ?? null,
    model: tally.use?.model ?? sum?.model ?? null,
    asks: sum?.asks ?? (tally.asks ? seq : null),
    records: (sum?.records ?? 0) + 1,
    calls: (sum?.calls ?? 0) + Number(kind === 'action'),
    refused: (sum?.refused ?? 0) + has('refused'),
    released: (sum?.released ?? 0) + has('released'),
    uninspected: (sum?.uninspected ?? 0) + has('uninspected'),
    found: (sum?.found ?? 0) + has('found'),
    cost: cost === null ? (sum?.cost ?? null) : (sum?.cost ?? 0) + cost,
  };
}

/** A sum of what may be unknown. */
function plus(column: string): string {
  return `CASE WHEN excluded.${column} IS NULL THEN ${column} ELSE coalesce(${column}, 0) + excluded.${column} END`;
}

/** As `SESSION_KEY` has it. */
function keyOf({ session, kind }: TalliedRecord): string {
  return session ?? (kind === 'connection' ? 'connections' : 'guard');
}

function withTally(row: Row): TalliedRecord {
  const body = readBody(row.body);
  return { ...row, tally: tallyOf({ kind: row.kind, verdict: row.verdict, data: body?.data ?? {}, blocks: body?.blocks ?? [] }) };
}

/** What columns say, and indexes of `records` find. */
function columnMarks({ agent, host, kind }: TalliedRecord): string[] {
  return [markOf('kind', kind), ...(agent === null ? [] : [markOf('agent', agent)]), ...(host === null ? [] : [markOf('host', host)])];
}

function tallyMarks({ ends, labels }: Tally): string[] {
  const families = new Set(labels.flatMap(familiesOf));
  return [...ends.map((end) => markOf('end', end)), ...[...families].map((family) => markOf('family', family))];
}

/** "secret.github-token" is of "secret", and of itself. */
function familiesOf(label: string): string[] {
  const parts = label.split('.').slice(0, 10);
  return [...parts.slice(0, -1).map((_, at) => parts.slice(0, at + 1).join('.')), label];
}
