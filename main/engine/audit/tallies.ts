/**
 * What the log can be asked for without reading all of it: sessions, how calls ended and when, what was used, what was found; and whose
 * each record is. Working tables beside the proof, made from the records alone and in their transaction; a log of an earlier version
 * catches up with its records.
 */

import type Database from 'better-sqlite3';
import type { Owner } from '../../contract/own-record.ts';
import { type Row, readBody, SELECT_ROWS } from './rows.ts';
import { type Tally, tallyOf } from './tally.ts';
import { EVERYBODY, markOf, NOBODY, QUARTER_MS } from './tally-tables.ts';

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
  /** Of an owner, in the tables; given to who has none yet. In a transaction. */
  numberOf(owner: Owner): number;
  /** Forgets what the bodies of the records up to `through` said; what can be told from columns and sums stays. In the purge's transaction. */
  purge(through: number): void;
}

/** Unread calls whose verdict may still come; it comes right after. */
const REMEMBERED = 1000;

export function createTallies(db: Database.Database): Tallies {
  const done = db.prepare<[], number>(`SELECT seq FROM summed`).pluck();
  const setDone = db.prepare<[number]>(`INSERT INTO summed VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET seq = excluded.seq`);
  const older = db.prepare<[number, number], Row>(`${SELECT_ROWS} WHERE r.seq > ? ORDER BY r.seq LIMIT ?`);
  const ownerNamed = db.prepare<[string], number>(`SELECT id FROM owners WHERE name = ?`).pluck();
  const addOwner = db.prepare<[string]>(`INSERT INTO owners SELECT coalesce(max(id), ${EVERYBODY}) + 1, ? FROM owners`);
  const own = db.prepare<[number, number]>(`INSERT OR IGNORE INTO owned VALUES (?, ?)`);
  const addSession = db.prepare<SessionSum>(`INSERT INTO session_sums VALUES (
      :key, :owner, :first, :last, :agent, :workspace, :model, :asks, :records, :calls, :refused, :released, :uninspected, :found, :cost
    ) ON CONFLICT (key, owner) DO UPDATE SET
      last = excluded.last, agent = coalesce(agent, excluded.agent), workspace = coalesce(excluded.workspace, workspace),
      model = coalesce(excluded.model, model), asks = coalesce(asks, excluded.asks), records = records + excluded.records,
      calls = calls + excluded.calls, refused = refused + excluded.refused, released = released + excluded.released,
      uninspected = uninspected + excluded.uninspected, found = found + excluded.found, cost = ${plus('cost')}`);
  const addSessionMark = db.prepare<[string, string, number, number, number]>(`INSERT INTO mark_sums VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (mark, key, owner) DO UPDATE SET last = excluded.last, records = records + excluded.records`);
  const addMark = db.prepare<[string, number]>(`INSERT OR IGNORE INTO marks VALUES (?, ?)`);
  const addQuarter = db.prepare<QuarterSum>(
    `INSERT INTO quarter_sums VALUES (:quarter, :owner, :first, :last, :allowed, :released, :refused, :uninspected)
    ON CONFLICT (quarter, owner) DO UPDATE SET last = excluded.last, allowed = allowed + excluded.allowed,
      released = released + excluded.released, refused = refused + excluded.refused, uninspected = uninspected + excluded.uninspected`,
  );
  const addUse = db.prepare(`INSERT INTO use_sums VALUES (?, ?, ?, 1, ?, ?, ?) ON CONFLICT (quarter, model, owner) DO UPDATE SET
      exchanges = exchanges + 1, input = input + excluded.input, output = output + excluded.output, cost = ${plus('cost')}`);
  const asked = db.prepare(`INSERT OR IGNORE INTO asked VALUES (?, ?, ?, NULL, NULL)`);
  const ended = db.prepare(`UPDATE asked SET ended = ?, ending = ? WHERE action = ? AND ending IS NULL`);
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
    numberOf: (owner) => owners()(owner),
    purge(through) {
      db.prepare(`UPDATE session_sums SET workspace = NULL, model = NULL WHERE last <= ? AND coalesce(workspace, model) IS NOT NULL`).run(
        through,
      );
      const next = db.prepare<[string], string>(`SELECT mark FROM marks WHERE mark > ? ORDER BY mark LIMIT 1`).pluck();
      const forget = db.prepare(`DELETE FROM marks WHERE mark = ? AND seq <= ?`);
      const forgetOfSession = db.prepare(`DELETE FROM mark_sums WHERE mark = ? AND last <= ?`);
      // From mark to mark: families and labels come after the ends of calls, which columns tell.
      for (let mark = next.get(markOf('family', '')); mark !== undefined; mark = next.get(mark)) {
        forget.run(mark, through);
        forgetOfSession.run(mark, through);
      }
    },
  };

  /** What is alike in some records that come together is written once. */
  function take(records: readonly TalliedRecord[]): void {
    const ownerIn = owners();
    const sessions = new Map<string, SessionSum>();
    const sessionMarks = new Map<string, Map<string, { last: number; records: number }>>();
    const quarters = new Map<string, QuarterSum>();
    for (const record of records) {
      const { seq, tally } = record;
      const owner = ownerIn(tally.owner);
      if (owner !== NOBODY) own.run(owner, seq);
      const key = keyOf(record);
      const place = `${owner} ${key}`;
      sessions.set(place, withRecord(sessions.get(place), key, owner, record));
      const marks = sessionMarks.get(place) ?? new Map<string, { last: number; records: number }>();
      sessionMarks.set(place, marks);
      for (const mark of [...columnMarks(record), ...tallyMarks(tally)])
        marks.set(mark, { last: seq, records: (marks.get(mark)?.records ?? 0) + 1 });
      for (const mark of [...tallyMarks(tally), ...tally.labels.map((label) => markOf('label', label))]) addMark.run(mark, seq);
      takeTime(record, owner, quarters);
    }
    for (const sum of sessions.values()) addSession.run(sum);
    for (const [place, { key, owner }] of sessions)
      for (const [mark, { last, records: of }] of sessionMarks.get(place) ?? []) addSessionMark.run(mark, key, owner, last, of);
    for (const sum of quarters.values()) addQuarter.run(sum);
    const last = records.at(-1);
    if (last) setDone.run(last.seq);
  }

  /** Looked up anew each time: a number that was given in a transaction that failed may be another's by now. */
  function owners(): (owner: Owner) => number {
    const known = new Map<string, number>();
    return (owner) => {
      if (owner === 'nobody') return NOBODY;
      if (owner === 'everybody') return EVERYBODY;
      const { user } = owner;
      const id = known.get(user) ?? ownerNamed.get(user) ?? addedOwner(user);
      known.set(user, id);
      return id;
    };
  }

  function addedOwner(user: string): number {
    addOwner.run(user);
    return ownerNamed.get(user)!;
  }

  function takeTime(record: TalliedRecord, owner: number, quarters: Map<string, QuarterSum>): void {
    const { seq, kind, action, verdict, tally } = record;
    const time = Date.parse(record.at);
    // A time that is none was put there by somebody else.
    if (!Number.isSafeInteger(time)) return;
    const quarter = Math.floor(time / QUARTER_MS);
    const place = `${owner} ${quarter}`;
    const sum = quarters.get(place) ?? { quarter, owner, first: seq, last: seq, allowed: 0, released: 0, refused: 0, uninspected: 0 };
    const end = endOfCall(record);
    quarters.set(place, { ...sum, last: seq, ...(end && { [end]: sum[end] + 1 }) });
    if (tally.use) addUse.run(quarter, tally.use.model, owner, tally.use.inputTokens, tally.use.outputTokens, tally.use.cost);
    if (action !== null && kind === 'hold') asked.run(action, owner, time);
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

/** A row of `session_sums`: what of a session is one owner's. */
export interface SessionSum {
  readonly key: string;
  readonly owner: number;
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
  readonly owner: number;
  readonly first: number;
  readonly last: number;
  readonly allowed: number;
  readonly released: number;
  readonly refused: number;
  readonly uninspected: number;
}

function withRecord(sum: SessionSum | undefined, key: string, owner: number, { seq, kind, agent, tally }: TalliedRecord): SessionSum {
  const has = (end: Tally['ends'][number]) => Number(tally.ends.includes(end));
  const cost = tally.use?.cost ?? null;
  return {
    key,
    owner,
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
