/** Counts what could not be read, by agent, place and reason. Bounded, whatever agents and providers send. */

import type { Origin } from '../../contract/action.ts';
import { MOST_UNINSPECTED, type UninspectedRow } from '../../contract/uninspected.ts';

export type UnreadThing = Pick<UninspectedRow, 'what' | 'why'> & {
  /** Of the request, as it came. */
  readonly path: string;
};

/** Told of each thing that could not be read. What it gives is called once it is known whether that went on. */
export type NoteUnread = (
  origin: Pick<Origin, 'agent' | 'host' | 'provider'>,
  thing: UnreadThing,
) => (ending: 'release' | 'refuse') => void;

export interface UnreadTally {
  readonly note: NoteUnread;
  /** All since the start, also those of rows that are no longer kept. */
  total(): number;
  /** Newest first, at most `MOST_UNINSPECTED`. */
  newest(): UninspectedRow[];
}

const MOST_ROWS = 100;
const MAX_NAME = 100;
const MAX_PATH = 160;

export function createUnreadTally(options: {
  /** Takes credentials out of a path. */
  readonly redact: (text: string) => string;
  /** It is known what became of one. */
  readonly onSettled: () => void;
  readonly now?: () => number;
}): UnreadTally {
  const { redact, onSettled, now = Date.now } = options;
  /** Least recently seen first. */
  const rows = new Map<string, { -readonly [K in keyof UninspectedRow]: UninspectedRow[K] }>();
  let total = 0;

  return {
    note({ agent, host, provider }, { what, why, path }) {
      const place = [agent.name.slice(0, MAX_NAME), (host || provider).slice(0, MAX_NAME), withoutIds(path)] as const;
      const key = JSON.stringify([...place, what, why]);
      const at = new Date(now()).toISOString();
      const row = rows.get(key) ?? rowFor(place, at, what, why);
      row.count += 1;
      row.last = at;
      total += 1;
      rows.delete(key);
      rows.set(key, row);
      const [oldest] = rows.keys();
      if (rows.size > MOST_ROWS && oldest !== undefined) rows.delete(oldest);
      return (ending) => {
        if (ending === 'release') row.passed += 1;
        else row.refused += 1;
        onSettled();
      };
    },
    total: () => total,
    newest: () =>
      [...rows.values()]
        .slice(-MOST_UNINSPECTED)
        .reverse()
        .map((row) => ({ ...row })),
  };

  function rowFor([agent, host, path]: readonly [string, string, string], at: string, what: UnreadThing['what'], why: UnreadThing['why']) {
    return { agent, host, path: redact(path), what, why, count: 0, passed: 0, refused: 0, first: at, last: at };
  }
}

/** The path without its query, `*` in the place of what looks like a number, a hash or another name that only one thing has. */
export function withoutIds(path: string): string {
  const [plain = ''] = path.slice(0, 4 * MAX_PATH).split('?', 1);
  const shape = plain
    .split('/')
    .map((part) => (isId(part) ? '*' : part))
    .join('/');
  return shape.length > MAX_PATH ? `${shape.slice(0, MAX_PATH - 1)}…` : shape;
}

/** `1234`, `6f1c…`, `msg_01AbC…`, and whatever is long and has a digit in it; not `v1`, `gpt-5.2` or `count_tokens`. */
function isId(part: string): boolean {
  if (!/\d/.test(part)) return part.length > 64;
  return part.length >= 20 || /^(\d+|[\da-f-]{8,}|[a-z]{2,12}[_-][\da-z]{8,})$/i.test(part);
}
