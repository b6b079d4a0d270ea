/** A session's records in the order of a story: exchange by exchange, and in each, what belongs to one action together. */

import { type Row, SELECT_ROWS } from '../rows.ts';
import type { Db } from '../schema.ts';

export interface StoryRange {
  readonly session: string;
  /** First and last record that may belong to it. */
  readonly from: number;
  readonly to: number;
}

/** How the calls of a session ended; each is counted once. */
export interface CallEnds {
  readonly calls: number;
  readonly allowed: number;
  /** By a person, when asked or ahead. */
  readonly released: number;
  readonly refused: number;
  readonly abandoned: number;
  /** Held, and not ended yet. */
  readonly open: number;
}

export interface Story {
  /** All of them, in the order of the log. */
  records(): Iterable<Row>;
  readonly count: number;
  readonly ends: CallEnds;
  /** In order; a turn is an exchange, or a record that belongs to none. */
  turns(): Iterable<Turn>;
  /** Steps whose call was held or refused, in order. */
  notable(limit: number): { readonly steps: readonly Step[]; readonly more: number };
}

export interface Turn {
  /** Number of its first record, and when that was written. */
  readonly at: number;
  readonly begun: string;
  exchanges(): readonly Row[];
  steps(): Iterable<Step>;
}

/** Records of one action, or a single one, oldest first. */
export interface Step {
  readonly at: number;
  readonly rows: readonly Row[];
}

/** An action has five records or so. */
const MOST_ROWS = 40;
const MOST_EXCHANGES = 40;

/**
 * Puts the order into a table of numbers that only this connection sees, so that no more of the log is in memory than one step.
 * The connection may be one that only reads.
 */
export function storyIn(db: Db, { session, from, to }: StoryRange): Story {
  db.pragma('temp_store = MEMORY');
  db.exec(`DROP TABLE IF EXISTS temp.story`);
  db.exec(`CREATE TEMP TABLE story (seq INTEGER PRIMARY KEY, kind TEXT, verdict TEXT, turn INTEGER, step INTEGER)`);
  db.prepare(
    `INSERT INTO temp.story SELECT seq, kind, verdict,
       min(seq) OVER (PARTITION BY coalesce(exchange, id)), min(seq) OVER (PARTITION BY coalesce(action, id))
     FROM main.records WHERE session = ? AND seq BETWEEN ? AND ?`,
  ).run(session, from, to);
  db.exec(`CREATE INDEX temp.story_turns ON story (turn, step, seq)`);
  db.exec(`CREATE INDEX temp.story_steps ON story (step, seq)`);
  db.exec(`CREATE TEMP VIEW IF NOT EXISTS calls AS SELECT step,
      max(CASE WHEN kind = 'verdict' THEN verdict END) AS verdict, max(kind = 'hold') AS held,
      max(CASE WHEN kind = 'outcome' THEN verdict END) AS outcome
    FROM temp.story GROUP BY step HAVING max(kind = 'action')`);

  const rowsOf = db.prepare<[number, number], Row>(
    `${SELECT_ROWS} JOIN temp.story s ON s.seq = r.seq WHERE s.step = ? ORDER BY r.seq LIMIT ?`,
  );
  const exchangesOf = db.prepare<[number, number], Row>(
    `${SELECT_ROWS} JOIN temp.story s ON s.seq = r.seq WHERE s.turn = ? AND s.kind = 'exchange' ORDER BY r.seq LIMIT ?`,
  );
  const stepsOf = db
    .prepare<[number], number>(`SELECT step FROM temp.story WHERE turn = ? AND seq = step AND kind <> 'exchange' ORDER BY step`)
    .pluck();
  const stepAt = (at: number): Step => ({ at, rows: rowsOf.all(at, MOST_ROWS) });

  return {
    count: db.prepare<[], number>(`SELECT count(*) FROM temp.story`).pluck().get() ?? 0,
    ends: db.prepare<[], CallEnds>(ENDS).get()!,
    records: () => db.prepare<[], Row>(`${SELECT_ROWS} JOIN temp.story s ON s.seq = r.seq ORDER BY r.seq`).iterate(),
    *turns() {
      const begun = db.prepare<[], { turn: number; at: string }>(TURNS);
      for (const { turn, at } of begun.iterate())
        yield {
          at: turn,
          begun: at,
          exchanges: () => exchangesOf.all(turn, MOST_EXCHANGES),
          steps: () => map(stepsOf.iterate(turn), stepAt),
        };
    },
    notable(limit) {
      const all = db.prepare<[], number>(`SELECT step FROM temp.calls WHERE held OR verdict IS NOT 'allow' ORDER BY step`).pluck().all();
      return { steps: all.slice(0, limit).map(stepAt), more: Math.max(0, all.length - limit) };
    },
  };
}

const TURNS = `SELECT s.turn, r.at FROM temp.story s JOIN main.records r ON r.seq = s.seq WHERE s.seq = s.turn ORDER BY s.turn`;

const ENDS = `SELECT count(*) AS calls,
    coalesce(sum(NOT held AND verdict = 'allow'), 0) AS allowed,
    coalesce(sum(outcome IS 'released'), 0) AS released,
    coalesce(sum(outcome IS 'refused' OR (NOT held AND verdict IN ('deny', 'redact'))), 0) AS refused,
    coalesce(sum(outcome IS 'abandoned'), 0) AS abandoned,
    coalesce(sum(held AND outcome IS NULL), 0) AS open
  FROM temp.calls`;

function* map<From, To>(items: Iterable<From>, change: (item: From) => To): Generator<To, void, undefined> {
  for (const item of items) yield change(item);
}
