/** How far others have read the log: kept in its own database, so that log and cursor are lost, restored or copied together. */

import type { Db } from './schema.ts';

export interface Cursor {
  /** Who reads. */
  readonly name: string;
  /** The last record that the reader is done with; 0 where there is none. */
  readonly seq: number;
  /** What else the reader wants to remember. Only it knows what it means. */
  readonly state: string;
}

/** Beside the proof, not a part of it: a log of an earlier version gets the table when it is next opened for writing. */
export const CURSORS = `CREATE TABLE IF NOT EXISTS cursors (name TEXT PRIMARY KEY, seq INTEGER NOT NULL, state TEXT NOT NULL) STRICT;`;

/** Undefined where the reader has kept none; also in a log that no engine of this version has written yet. */
export function readCursor(db: Db, name: string): Cursor | undefined {
  const exists = db.prepare<[], number>(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'cursors'`).pluck().get();
  return exists === undefined ? undefined : db.prepare<[string], Cursor>(`SELECT name, seq, state FROM cursors WHERE name = ?`).get(name);
}

/** Durable when it returns. */
export function writeCursor(db: Db, { name, seq, state }: Cursor): void {
  db.prepare(`INSERT OR REPLACE INTO cursors VALUES (?, ?, ?)`).run(name, seq, state);
}
