/** What has been used, by day; and what is being used by requests that have no end yet. */

/** Who has used it, of which model. */
export interface User {
  readonly user: string;
  readonly agent: string;
  readonly model: string;
}

export interface Sum {
  readonly requests: number;
  readonly tokens: number;
  /** Millionths of a US dollar. */
  readonly cost: number;
  /** Requests of models without a price, which are not in `cost`. */
  readonly unpriced: number;
}

export interface Row extends User, Sum {}

export interface Ledger {
  rows(day: string): readonly Row[];
  /** What is in flight: it counts for the day on which it ends. */
  reserved(): readonly Row[];
  add(day: string, who: User, sum: Sum): void;
  /** A request leaves, and may come to this much. */
  reserve(exchange: string, who: User, sum: Sum): void;
  /** It has ended, or never left. */
  free(exchange: string): void;
}

/** By local time: "2026-05-01". */
export function dayOf(time: number): string {
  const date = new Date(time);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

export const NOTHING: Sum = { requests: 0, tokens: 0, cost: 0, unpriced: 0 };

export function plus(a: Sum, b: Sum): Sum {
  return { requests: a.requests + b.requests, tokens: a.tokens + b.tokens, cost: a.cost + b.cost, unpriced: a.unpriced + b.unpriced };
}

/** A model's name is the agent's word. Beyond so many of a day they are one. */
const MOST_ROWS = 1_000;
export const OTHERS = '(others)';
/** Days of which sums are kept: whichever way a clock is set within them, each date has one budget. */
const MOST_DAYS = 400;
/** Of requests whose end nobody has told. */
const MOST_RESERVED = 10_000;

export function createLedger(): Ledger {
  const days = new Map<string, Map<string, Row>>();
  const reserved = new Map<string, Row>();

  return {
    rows: (day) => [...(days.get(day)?.values() ?? [])],
    reserved: () => [...reserved.values()],
    add(day, who, sum) {
      const rows = days.get(day) ?? new Map<string, Row>();
      days.set(day, rows);
      const named = rows.size < MOST_ROWS || rows.has(keyOf(who)) ? who : { ...who, model: OTHERS };
      rows.set(keyOf(named), { ...named, ...plus(rows.get(keyOf(named)) ?? NOTHING, sum) });
      for (const oldest of [...days.keys()].sort()) {
        if (days.size <= MOST_DAYS) break;
        if (oldest !== day) days.delete(oldest);
      }
    },
    reserve(exchange, who, sum) {
      reserved.set(exchange, { ...who, ...sum });
      const [oldest] = reserved.keys();
      if (reserved.size > MOST_RESERVED && oldest !== undefined) reserved.delete(oldest);
    },
    free: (exchange) => void reserved.delete(exchange),
  };
}

function keyOf({ user, agent, model }: User): string {
  return JSON.stringify([user, agent, model]);
}
