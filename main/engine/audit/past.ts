/** Reads the past from the log's file, oldest first, to judge it anew: an engine may be writing meanwhile. */

import { zstdDecompressSync } from 'node:zlib';
import type { AuditRecord, RecordKind } from '../../contract/record.ts';
import { type Row, recordOf, SELECT_ROWS } from './rows.ts';
import { openForReading } from './schema.ts';

export interface PastRecord {
  readonly record: AuditRecord;
  /** What the record says is gone: retention has purged it, or it cannot be read. */
  readonly gone: boolean;
  /** Text of its first block; null where the log has kept none. */
  readonly text: () => string | null;
}

const PAGE = 500;
const MAX_TEXT = 256 * 1024 * 1024;

/** Records of these kinds from a time on. The last is fixed when the first is read: what is written meanwhile is not among them. */
export function* pastRecords(
  file: string,
  { since, kinds }: { since: Date; kinds: readonly RecordKind[] },
): Generator<PastRecord, void, undefined> {
  const db = openForReading(file);
  try {
    const content = db.prepare<[Buffer], Buffer>(`SELECT zstd FROM content WHERE hash = ?`).pluck();
    const page = db.prepare<unknown[], Row>(
      `${SELECT_ROWS} WHERE r.seq > ? AND r.seq <= ? AND r.at >= ? AND r.kind IN (${kinds.map(() => '?').join(', ')}) ORDER BY r.seq LIMIT ?`,
    );
    const last = db.prepare<[], number>(`SELECT max(seq) FROM records`).pluck().get() ?? 0;
    const from = since.toISOString();
    // A page is one read: a long replay does not keep the engine's journal from being folded in.
    for (let after = 0; ; ) {
      const rows = page.all(after, last, from, ...kinds, PAGE);
      for (const row of rows) {
        const record = recordOf(row);
        yield {
          record,
          gone: row.body === null || record.summary === '(unreadable)',
          text: () => {
            const [block] = record.blocks;
            const packed = block && content.get(Buffer.from(block.hash, 'hex'));
            return packed ? zstdDecompressSync(packed, { maxOutputLength: MAX_TEXT }).toString('utf8') : null;
          },
        };
      }
      const end = rows.at(-1);
      if (!end) return;
      after = end.seq;
    }
  } finally {
    db.close();
  }
}
