/** Figures for charts, from the log's tallies. */

import type { ControlParams, ControlResult } from '../../../contract/control.ts';
import { HoldpointError } from '../../../contract/errors.ts';
import type { Db } from '../schema.ts';
import { QUARTER_MS } from '../tally-tables.ts';

type Figures = ControlResult<'figures'>;

const STEPS = { hour: 4, day: 96 } as const;
/** A year by the hour. */
const MOST_STEPS = 9_000;
const MOST_MODELS = 100;

/**
 * Of whole steps: from the one that `from` is in to the one before `to`; an offset counts in quarters of an hour. A question belongs to the
 * step in which it was asked. A call that was withdrawn before it was decided was neither released nor refused, and is not counted.
 */
export function figures(db: Db, { from, to, step, offsetMinutes }: ControlParams<'figures'>): Figures {
  const length = STEPS[step];
  const offset = Math.round(offsetMinutes / 15);
  const stepOf = (time: number) => Math.floor((time / QUARTER_MS + offset) / length);
  const first = stepOf(Date.parse(from));
  const end = Date.parse(to) > Date.parse(from) ? stepOf(Date.parse(to) - 1) + 1 : first;
  if (end - first > MOST_STEPS)
    throw new HoldpointError(
      'not-found',
      `Figures of ${end - first} steps are more than ${MOST_STEPS}. Ask for a shorter time, or for days.`,
    );
  const range = [first * length - offset, end * length - offset] as const;
  const calls = callsIn(db, range, length, offset);
  const questions = questionsIn(db, range);
  const asked = Map.groupBy(questions, ({ at }) => stepOf(at));
  const steps = Array.from({ length: end - first }, (_, index) => {
    const own = asked.get(first + index) ?? [];
    const counts = calls.get(first + index) ?? NOTHING;
    const at = new Date(((first + index) * length - offset) * QUARTER_MS).toISOString();
    return { at, ...counts, asked: own.length, waitMs: median(waitsOf(own)) };
  });
  const waits = waitsOf(questions);
  return {
    steps,
    models: modelsIn(db, range),
    waits: {
      asked: questions.length,
      median: median(waits),
      longest: waits.at(-1) ?? null,
      missed: questions.filter(({ ending }) => ending === 'missed').length,
    },
  };
}

/** Quarters. */
type Range = readonly [from: number, before: number];
type Calls = Pick<Figures['steps'][number], 'allowed' | 'released' | 'refused' | 'uninspected'>;

const NOTHING: Calls = { allowed: 0, released: 0, refused: 0, uninspected: 0 };

function callsIn(db: Db, range: Range, length: number, offset: number): Map<number, Calls> {
  const rows = db
    .prepare<[number, number, number, number], Calls & { step: number }>(
      `SELECT CAST((quarter + ?) / ? AS INTEGER) AS step, sum(allowed) AS allowed, sum(released) AS released, sum(refused) AS refused, sum(uninspected) AS uninspected
       FROM quarter_sums WHERE quarter >= ? AND quarter < ? GROUP BY step`,
    )
    .all(offset, length, ...range);
  return new Map(rows.map(({ step, ...calls }) => [step, calls]));
}

function modelsIn(db: Db, range: Range): Figures['models'] {
  return db
    .prepare<[number, number], { model: string; exchanges: number; input: number; output: number; cost: number | null }>(
      `SELECT model, sum(exchanges) AS exchanges, sum(input) AS input, sum(output) AS output, sum(cost) AS cost
       FROM use_sums WHERE quarter >= ? AND quarter < ? GROUP BY model ORDER BY cost DESC NULLS LAST, exchanges DESC LIMIT ${MOST_MODELS}`,
    )
    .all(...range)
    .map(({ model, exchanges, input, output, cost }) => ({
      ...{ model, exchanges, inputTokens: exact(input), outputTokens: exact(output) },
      usd: cost === null ? null : exact(cost) / 1e6,
    }));
}

interface Asked {
  /** ms since 1970. */
  readonly at: number;
  /** ms; null while it is open, where nobody has told its end, and where the clock was set back meanwhile. */
  readonly wait: number | null;
  readonly ending: string | null;
}

/** What was put to a person: neither answered by an earlier answer nor asked where nobody was. */
function questionsIn(db: Db, [from, before]: Range): Asked[] {
  return db
    .prepare<[number, number], Asked>(
      `SELECT asked AS at, CASE WHEN ended >= asked THEN ended - asked END AS wait, ending FROM asked
       WHERE asked >= ? AND asked < ? AND coalesce(ending, '') NOT IN ('remembered', 'unattended')`,
    )
    .all(from * QUARTER_MS, before * QUARTER_MS);
}

/** The shortest first. */
function waitsOf(questions: readonly Asked[]): number[] {
  return questions.flatMap(({ wait }) => wait ?? []).sort((a, b) => a - b);
}

/** Of two in the middle, the one between. */
function median(sorted: readonly number[]): number | null {
  const middle = sorted.length / 2;
  const above = sorted[Math.floor(middle)];
  const below = sorted[Math.ceil(middle) - 1];
  return above === undefined || below === undefined ? null : Math.round((above + below) / 2);
}

function exact(sum: number): number {
  return Math.min(sum, Number.MAX_SAFE_INTEGER);
}
