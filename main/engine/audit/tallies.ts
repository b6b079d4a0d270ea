/**
 * What the log can be asked for without reading all of it: sessions, how calls ended and when, what was used, what was found. Working
 * tables beside the proof, made from the records alone and in their transaction; a log of an earlier version catches up with its records.
 */

import type Database from 'better-sqlite3';
import { type Row, readBody, SELECT_ROWS } from './rows.ts';
import { type Tally, tallyOf } from './tally.ts';

/** The session that a record of `records` belongs to; what belongs to none has one for connections and one for the rest. */
export const SESSION_KEY = `coalesce(session, CASE kind WHEN 'connection' THEN 'connections' ELSE 'guard' END)`;

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

/** A finding's label is marked as it is, and each beginning of it up to a dot as a family. */
export const endMark = (end: string) => `end:${end}`;
export const LABEL_MARK = 'label:';
export const familyMark = (label: string) => `family:${label}`;

/** The columns of a record that tallies look at. */
export interface TalliedRecord {
  readonly seq: number;
  readonly at: string;
  readonly kind: string;
  readonly session: string | null;
  readonly action: string | null;
  readonly agent: string | null;
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
  const next = db.prepare<[number, number], Row>(`${SELECT_ROWS} WHERE r.seq > ? ORDER BY r.seq LIMIT ?`);
  const addSession = db.prepare(`INSERT INTO sessions VALUES (
      :key, :seq, :seq, :agent, :workspace, :model, :asks, 1, :calls, :refused, :released, :uninspected, :found, :cost
    ) ON CONFLICT (key) DO UPDATE SET
      last = excluded.last, agent = coalesce(agent, excluded.agent), workspace = coalesce(excluded.workspace, workspace),
      model = coalesce(excluded.model, model), asks = coalesce(asks, excluded.asks), records = records + 1, calls = calls + excluded.calls,
      refused = refused + excluded.refused, released = released + excluded.released, uninspected = uninspected + excluded.uninspected,
      found = found + excluded.found, cost = CASE WHEN excluded.cost IS NULL THEN cost ELSE coalesce(cost, 0) + excluded.cost END`);
  const addMark = db.prepare(`INSERT OR IGNORE INTO marks VALUES (?, ?)`);
  const addQuarter = db.prepare(`INSERT INTO quarters VALUES (:quarter, :seq, :seq, :allowed, :released, :refused, :uninspected)
    ON CONFLICT (quarter) DO UPDATE SET last = excluded.last, allowed = allowed + excluded.allowed, released = released + excluded.released,
      refused = refused + excluded.refused, uninspected = uninspected + excluded.uninspected`);
  const addUse = db.prepare(`INSERT INTO uses VALUES (?, ?, 1, ?, ?, ?)
    ON CONFLICT (quarter, model) DO UPDATE SET exchanges = exchanges + 1, input = input + excluded.input, output = output + excluded.output,
      cost = CASE WHEN excluded.cost IS NULL THEN cost ELSE coalesce(cost, 0) + excluded.cost END`);
  const asked = db.prepare(`INSERT OR IGNORE INTO questions VALUES (?, ?, NULL, NULL)`);
  const ended = db.prepare(`UPDATE questions SET ended = ?, ending = ? WHERE action = ? AND ending IS NULL`);
  const unread = new Set<string>();

  return {
    follow(records) {
      const [first] = records;
      if (!first || (done.get() ?? 0) !== first.seq - 1) return;
      try {
        db.transaction(() => {
          for (const record of records) take(record);
          setDone.run(records.at(-1)!.seq);
        })();
      } catch (error) {
        // A record is kept also where it cannot be tallied; a full disk has ended the whole transaction.
        if (!db.inTransaction) throw error;
      }
    },
    catchUp: (most) =>
      db.transaction(() => {
        const rows = next.all(done.get() ?? 0, most);
        for (const row of rows) {
          const body = readBody(row.body);
          take({ ...row, tally: tallyOf({ kind: row.kind, verdict: row.verdict, data: body?.data ?? {}, blocks: body?.blocks ?? [] }) });
        }
        const last = rows.at(-1);
        if (last) setDone.run(last.seq);
        return rows.length === most;
      })(),
    purge(through) {
      db.prepare(`UPDATE sessions SET workspace = NULL, model = NULL WHERE last <= ?`).run(through);
      const marks = db
        .prepare<[string], string>(`SELECT mark FROM marks WHERE mark > ? AND mark NOT LIKE 'end:%' ORDER BY mark LIMIT 1`)
        .pluck();
      const forget = db.prepare(`DELETE FROM marks WHERE mark = ? AND seq <= ?`);
      for (let mark = marks.get(''); mark !== undefined; mark = marks.get(mark)) forget.run(mark, through);
    },
  };

  function take(record: TalliedRecord): void {
    const { seq, tally } = record;
    session(record);
    for (const end of tally.ends) addMark.run(endMark(end), seq);
    for (const label of tally.labels) {
      addMark.run(`${LABEL_MARK}${label}`, seq);
      for (const family of familiesOf(label)) addMark.run(familyMark(family), seq);
    }
    const time = Date.parse(record.at);
    // A time that is none was put there by somebody else.
    if (!Number.isSafeInteger(time)) return;
    const quarter = Math.floor(time / QUARTER_MS);
    addQuarter.run({ quarter, seq, ...callCounts(record) });
    if (tally.use) addUse.run(quarter, tally.use.model, tally.use.inputTokens, tally.use.outputTokens, tally.use.cost);
    if (record.action === null) return;
    if (record.kind === 'hold') asked.run(record.action, time);
    else if (record.kind === 'approval') ended.run(time, record.verdict, record.action);
  }

  function session({ seq, kind, session: id, agent, tally }: TalliedRecord): void {
    const has = (end: Tally['ends'][number]) => Number(tally.ends.includes(end));
    addSession.run({
      key: id ?? (kind === 'connection' ? 'connections' : 'guard'),
      seq,
      agent,
      workspace: tally.workspace,
      model: tally.use?.model ?? null,
      asks: tally.asks ? seq : null,
      calls: Number(kind === 'action'),
      refused: has('refused'),
      released: has('released'),
      uninspected: has('uninspected'),
      found: has('found'),
      cost: tally.use?.cost ?? null,
    });
  }

  /** What policy allowed to go on without knowing it was not read. */
  function callCounts({ action, tally: { call, unread: isUnread } }: TalliedRecord) {
    if (action !== null && isUnread) remember(action);
    const wasUnread = action !== null && call === 'allowed' && unread.delete(action);
    return {
      allowed: Number(call === 'allowed' && !wasUnread),
      released: Number(call === 'released'),
      refused: Number(call === 'refused'),
      uninspected: Number(wasUnread),
    };
  }

  function remember(action: string): void {
    unread.add(action);
    const [oldest] = unread;
    if (unread.size > REMEMBERED && oldest !== undefined) unread.delete(oldest);
  }
}

/** "secret.github-token" is of "secret", and of itself. */
function familiesOf(label: string): string[] {
  const parts = label.split('.').slice(0, 10);
  return [...parts.slice(0, -1).map((_, at) => parts.slice(0, at + 1).join('.')), label];
}
