/** The tables of the tallies, and what they are found by. */

import type Database from 'better-sqlite3';

/** The session that a record of `records` belongs to; what belongs to none has one for connections and one for the rest. */
export const SESSION_KEY = `coalesce(session, CASE kind WHEN 'connection' THEN 'connections' ELSE 'guard' END)`;

/** A column as what finds records by it has it. No other question is asked so: those are not led away from the indexes made for them. */
export const foundBy = (column: string) => `(${column} || '')`;

/** What is told by time is told by quarters of an hour since 1970: every time zone's hours and days begin with one. */
export const QUARTER_MS = 15 * 60_000;

/** What a record can be found by. A finding's label is marked as it is, and each beginning of it up to a dot as a family. */
export const markOf = (what: 'agent' | 'host' | 'kind' | 'end' | 'label' | 'family', value: string) => `${what}:${value}`;

/** Numbers of owners who are no person; those of `owners` come after them. */
export const NOBODY = 0;
export const EVERYBODY = 1;

/**
 * Every sum is of one owner, so that what a person may see is a condition on rows, and all of them together are the whole. `owned` has the
 * records that somebody besides an admin may see, `said` who has said which content. `first`, `last`, `seq` and `asks` are records; `asked` and `ended` are ms since 1970;
 * `cost` is in millionths of a US dollar.
 */
export const TALLIES = `
  CREATE TABLE IF NOT EXISTS summed (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS owners (id INTEGER PRIMARY KEY CHECK (id > ${EVERYBODY}), name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE IF NOT EXISTS owned (owner INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (owner, seq)) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS said (id INTEGER NOT NULL, owner INTEGER NOT NULL, PRIMARY KEY (id, owner)) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS session_sums (
    key TEXT NOT NULL, owner INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, agent TEXT, workspace TEXT, model TEXT,
    asks INTEGER, records INTEGER NOT NULL, calls INTEGER NOT NULL, refused INTEGER NOT NULL, released INTEGER NOT NULL,
    uninspected INTEGER NOT NULL, found INTEGER NOT NULL, cost INTEGER, PRIMARY KEY (key, owner)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS session_sums_last ON session_sums (last);
  CREATE TABLE IF NOT EXISTS marks (mark TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (mark, seq)) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS mark_sums (
    mark TEXT NOT NULL, key TEXT NOT NULL, owner INTEGER NOT NULL, last INTEGER NOT NULL, records INTEGER NOT NULL,
    PRIMARY KEY (mark, key, owner)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS quarter_sums (
    quarter INTEGER NOT NULL, owner INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, allowed INTEGER NOT NULL,
    released INTEGER NOT NULL, refused INTEGER NOT NULL, uninspected INTEGER NOT NULL, PRIMARY KEY (quarter, owner)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS use_sums (
    quarter INTEGER NOT NULL, model TEXT NOT NULL, owner INTEGER NOT NULL, exchanges INTEGER NOT NULL, input INTEGER NOT NULL,
    output INTEGER NOT NULL, cost INTEGER, PRIMARY KEY (quarter, model, owner)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS asked (
    action TEXT PRIMARY KEY, owner INTEGER NOT NULL, asked INTEGER, ended INTEGER, ending TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS asked_at ON asked (asked);
`;

/** Tables of the versions that did not tell whose a record is, and where what they summed up goes. */
const FORMER: readonly (readonly [former: string, table: string, columns: string])[] = [
  ['tallied', 'summed', 'one, seq'],
  [
    'sessions',
    'session_sums',
    `key, ${NOBODY}, first, last, agent, workspace, model, asks, records, calls, refused, released, uninspected, found, cost`,
  ],
  ['session_marks', 'mark_sums', `mark, key, ${NOBODY}, last, records`],
  ['quarters', 'quarter_sums', `quarter, ${NOBODY}, first, last, allowed, released, refused, uninspected`],
  ['uses', 'use_sums', `quarter, model, ${NOBODY}, exchanges, input, output, cost`],
  ['questions', 'asked', `action, ${NOBODY}, asked, ended, ending`],
];

/**
 * Takes over what an earlier version has summed up: it counts as nobody's, which only an admin sees. Summing up anew would lose what bodies
 * told that retention has purged since. A version of before that opens the log again makes its own tables anew, and loses just that.
 */
export function takeOverTallies(db: Database.Database): void {
  const has = db.prepare<[string], number>(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?`).pluck();
  if (!FORMER.some(([former]) => has.get(former))) return;
  db.transaction(() => {
    const isFirst = db.prepare(`SELECT 1 FROM summed`).get() === undefined && FORMER.every(([former]) => has.get(former));
    for (const [former, table, columns] of FORMER) {
      if (isFirst) db.exec(`INSERT INTO ${table} SELECT ${columns} FROM ${former}`);
      db.exec(`DROP TABLE IF EXISTS ${former}`);
    }
  })();
}
