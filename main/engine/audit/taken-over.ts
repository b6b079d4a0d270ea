/** Reads what a new engine takes over from the one before it: the exchanges from a time on, and a bypass that was left open. */

import type { AuditRecord } from '../../contract/record.ts';
import { type Row, recordOf, SELECT_ROWS } from './rows.ts';
import { openForReading } from './schema.ts';

/** Newest first, and at most so many: by their times, so that a clock that was set back does not hide any. */
export function* exchangesSince(file: string, since: Date, most = 100_000): Generator<AuditRecord, void, undefined> {
  const db = openForReading(file);
  try {
    // The kind as the index has it, so that only these rows are read, however long the log is.
    const sql = `${SELECT_ROWS} WHERE r.kind = 'exchange' AND r.at >= ? ORDER BY r.at DESC LIMIT ?`;
    for (const row of db.prepare<[string, number], Row>(sql).iterate(since.toISOString(), most)) yield recordOf(row);
  } finally {
    db.close();
  }
}

/** The newest record of a bypass's beginning or end. */
export function lastBypass(file: string): AuditRecord | undefined {
  const db = openForReading(file);
  try {
    const sql = `${SELECT_ROWS} WHERE r.kind = 'policy' AND r.verdict IN ('bypass-begun', 'bypass-ended') ORDER BY r.seq DESC LIMIT 1`;
    const row = db.prepare<[], Row>(sql).get();
    return row && recordOf(row);
  } finally {
    db.close();
  }
}
