/**
 * The log as one person may see it. In a connection of its own the names of its tables mean only what is that person's, and what is
 * everybody's: a question cannot forget whom it is for, because there is nothing else to be found. Whoever must see more says `main.`.
 */

import { type Db, openForReading } from '../schema.ts';
import { EVERYBODY } from '../tally-tables.ts';

/**
 * How much of the log is seen: `all`, or one person's part of it, and of that whether it is so `little` that each of its records may be
 * looked at.
 */
export type Part = 'all' | 'much' | 'little';

export interface SeenLog {
  readonly db: Db;
  readonly part: Part;
}

export interface LogReader {
  /** The log of `user`; all of it where that is undefined. Good until it is asked for another. */
  of(user: string | undefined): SeenLog;
  close(): void;
}

/** KiB of pages that are kept at hand: a list's next page is near the one before. */
const CACHE = 64 * 1024;
const LITTLE = 5_000;

/** `little`: so many records are gladly looked at one by one. */
export function createLogReader(file: string, little = LITTLE): LogReader {
  let all: Db | undefined;
  let own: { readonly db: Db; readonly owners: string } | undefined;

  return {
    of(user) {
      if (user === undefined) {
        all ??= opened(file);
        return { db: all, part: 'all' };
      }
      const db = own?.db ?? opened(file);
      const owners = ownersOf(db, user);
      if (own?.owners !== owners) {
        // Where this fails half-way, the connection is not used again.
        own = undefined;
        limit(db, owners);
        own = { db, owners };
      }
      return { db, part: isLittle(db, little) ? 'little' : 'much' };
    },
    close() {
      all?.close();
      own?.db.close();
    },
  };
}

/** Tables of which nothing is shown: working tables of others. */
const HIDDEN = ['content_use', 'cursors', 'said'];
/** Tables that have a record's number. */
const BY_RECORD = ['records', 'bodies', 'marks'];
const BY_OWNER = ['owned', 'session_sums', 'mark_sums', 'quarter_sums', 'use_sums', 'asked'];

function limit(db: Db, owners: string): void {
  // A subquery each, and no join: whatever is asked is led by what it asks for.
  const isOwn = owners
    .split(',')
    .map((owner) => `(SELECT 1 FROM main.owned WHERE owner = ${owner} AND seq = whole.seq)`)
    .join(', ');
  const views = [
    ...HIDDEN.map((table) => [table, 'FALSE'] as const),
    ...BY_RECORD.map((table) => [table, `coalesce(${isOwn}, NULL)`] as const),
    ...BY_OWNER.map((table) => [table, `whole.owner IN (${owners})`] as const),
    ['owners', `whole.id IN (${owners})`] as const,
  ];
  db.transaction(() => {
    for (const [table, condition] of views)
      db.exec(`DROP VIEW IF EXISTS temp.${table}; CREATE TEMP VIEW ${table} AS SELECT * FROM main.${table} AS whole WHERE ${condition}`);
  })();
}

/** Their numbers, with a comma between. Somebody of whom there is no record yet sees what is everybody's. */
function ownersOf(db: Db, user: string): string {
  const id = db.prepare<[string], number>(`SELECT id FROM main.owners WHERE name = ?`).pluck().get(user);
  return [...(id === undefined ? [] : [id]), EVERYBODY].join(',');
}

function isLittle(db: Db, little: number): boolean {
  const count =
    db
      .prepare<[number], number>(`SELECT count(*) FROM (SELECT 1 FROM owned LIMIT ?)`)
      .pluck()
      .get(little + 1) ?? 0;
  return count <= little;
}

function opened(file: string): Db {
  const db = openForReading(file);
  db.pragma('temp_store = MEMORY');
  db.pragma(`cache_size = -${CACHE}`);
  return db;
}
