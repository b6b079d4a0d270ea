/** The newest records that somebody may see, as the tallies tell whose they are: also of those whose bodies retention has purged. */

import { newestRows, type Row, SELECT_ROWS } from './rows.ts';
import type { Db } from './schema.ts';
import { EVERYBODY } from './tally-tables.ts';

/** Newest first; `before` is a `seq`. All of them where `user` is undefined. */
export function newestOwnRows(db: Db, limit: number, before = Number.MAX_SAFE_INTEGER, user: string | undefined): Row[] {
  if (user === undefined) return newestRows(db, limit, before);
  const id = db.prepare<[string], number>(`SELECT id FROM owners WHERE name = ?`).pluck().get(user);
  const newest = db.prepare<[number, number, number], number>(
    `SELECT seq FROM owned WHERE owner = ? AND seq < ? ORDER BY seq DESC LIMIT ?`,
  );
  const seqs = [...(id === undefined ? [] : [id]), EVERYBODY].flatMap((owner) => newest.pluck().all(owner, before, limit));
  const row = db.prepare<[number], Row>(`${SELECT_ROWS} WHERE r.seq = ?`);
  return seqs
    .sort((a, b) => b - a)
    .slice(0, limit)
    .flatMap((seq) => row.get(seq) ?? []);
}
