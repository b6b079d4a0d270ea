/** Reads what is to be uploaded from the log's file, as far as it may leave. */

import { zstdDecompressSync } from 'node:zlib';
import { BLOCK_CAP } from '../audit/content.ts';
import { type Cursor, readCursor } from '../audit/cursors.ts';
import type { BlockText } from '../audit/gen-ai.ts';
import { type OtlpLog, otlpLog } from '../audit/otlp.ts';
import { purgedThrough, type Row, recordOf, SELECT_ROWS } from '../audit/rows.ts';
import { openForReading } from '../audit/schema.ts';
import { gapLog, type ToldGap } from './events.ts';
import { type Level, leaving } from './levels.ts';

/** One log of a request. */
export type Item =
  | { readonly kind: 'record'; readonly seq: number; readonly hash: string; readonly log: OtlpLog }
  /** Said of the records that follow it, and sent whenever they are. */
  | { readonly kind: 'told'; readonly log: OtlpLog };

export interface Source {
  cursor(name: string): Cursor | undefined;
  /** The last record; 0 where there is none. */
  head(): number;
  /** Link of a record, hex; empty where it is gone. */
  hashOf(seq: number): string;
  /** The newest of those after record `after` and up to `to`. */
  checkpoint(after: number, to: number): Checkpoint | undefined;
  /** The records after `after`, up to `most` or about `bytes` of them, but at least one where there is one. */
  page(after: number, limits: { readonly most: number; readonly bytes: number }): Item[];
  close(): void;
}

export interface Checkpoint {
  readonly seq: number;
  readonly note: string;
  /** ISO 8601. */
  readonly at: string;
}

/** UTF-16 units of one record's texts. What goes beyond is left out and said to be. */
const MAX_TEXTS = 8 * 1024 * 1024;
const MAX_TEXT_BYTES = 256 * 1024 * 1024;

export function openSource(file: string, level: Level): Source {
  const db = openForReading(file);
  const rows = db.prepare<[number, number], Row>(`${SELECT_ROWS} WHERE r.seq > ? ORDER BY r.seq LIMIT ?`);
  const content = db.prepare<[Buffer], Buffer>(`SELECT zstd FROM content WHERE hash = ?`).pluck();
  const last = db.prepare<[], number | null>(`SELECT max(seq) FROM records`).pluck();
  const link = db.prepare<[number], Buffer>(`SELECT hash FROM records WHERE seq = ?`).pluck();
  const checkpoints = db.prepare<[number, number], { seq: number; note: string }>(
    `SELECT seq, note FROM checkpoints WHERE seq > ? AND seq <= ? ORDER BY seq DESC LIMIT 1`,
  );

  return {
    cursor: (name) => readCursor(db, name),
    head: () => last.get() ?? 0,
    hashOf: (seq) => link.get(seq)?.toString('hex') ?? '',
    checkpoint(after, to) {
      const found = checkpoints.get(after, to);
      return found && { ...found, at: found.note.split('\n')[3] ?? '' };
    },
    page(after, { most, bytes }) {
      const read: { row: Row; log: OtlpLog }[] = [];
      let size = 0;
      // One by one: a page of the largest records would not fit into memory.
      for (const row of rows.iterate(after, most)) {
        const log = logOf(row);
        size += sizeOf(log);
        if (read.length > 0 && size > bytes) break;
        read.push({ row, log });
      }
      return withPurged(read);
    },
    close: () => void db.close(),
  };

  function logOf(row: Row): OtlpLog {
    const record = recordOf(row);
    const log = otlpLog(leaving(record, level), level === 'metadata' ? [] : texts(record.blocks));
    return row.body === null ? { ...log, attributes: { ...log.attributes, 'holdpoint.body': 'purged' } } : log;
  }

  function texts(blocks: readonly { readonly role: string; readonly hash: string }[]): BlockText[] {
    const cap = level === 'redacted' ? BLOCK_CAP : MAX_TEXTS;
    const found: BlockText[] = [];
    let room = MAX_TEXTS;
    for (const { role, hash } of blocks) {
      const text = textOf(hash);
      if (text === undefined) continue;
      const most = Math.min(cap, room);
      // The log's own mark of a cut text is longer than the cap it was cut at.
      const told = text.length <= most + 100 ? text : `${text.slice(0, most).toWellFormed()}\n[cut: ${text.length} characters in all]`;
      room = Math.max(0, room - told.length);
      found.push({ role, text: told });
    }
    return found;
  }

  /** Undefined where the log has not kept it, or it cannot be read: the record's hash still says what it was. */
  function textOf(hash: string): string | undefined {
    try {
      const packed = content.get(Buffer.from(hash, 'hex'));
      return packed && zstdDecompressSync(packed, { maxOutputLength: MAX_TEXT_BYTES }).toString('utf8');
    } catch {
      return undefined;
    }
  }

  /** A stretch of records that are told without what they said is announced before the first of them. */
  function withPurged(read: readonly { readonly row: Row; readonly log: OtlpLog }[]): Item[] {
    const through = read.some(({ row }) => row.body === null) ? purgedThrough(db) : 0;
    const items: Item[] = [];
    let open: { reason: ToldGap['reason']; at: number; first: Row; last: Row } | undefined;
    for (const { row, log } of read) {
      const reason = row.body !== null ? undefined : row.seq <= through ? 'purged' : 'missing';
      if (open && open.reason !== reason) announce();
      if (reason !== undefined) open = { reason, at: open?.at ?? items.length, first: open?.first ?? row, last: row };
      items.push({ kind: 'record', seq: row.seq, hash: row.hash.toString('hex'), log });
    }
    announce();
    return items;

    function announce(): void {
      if (!open) return;
      const { reason, first, last: end } = open;
      const gap = { from: first.seq, to: end.seq, count: end.seq - first.seq + 1, message: '', hash: end.hash.toString('hex'), at: end.at };
      items.splice(open.at, 0, { kind: 'told', log: gapLog({ ...gap, reason }) });
      open = undefined;
    }
  }
}

/** About as many bytes as it has on the wire. */
function sizeOf({ body, attributes }: OtlpLog): number {
  const values = Object.entries(attributes).map(
    ([name, value]) =>
      name.length + 16 + (typeof value === 'string' ? Buffer.byteLength(value) : Array.isArray(value) ? value.join('').length : 8),
  );
  return values.reduce((sum, bytes) => sum + bytes, 64 + Buffer.byteLength(body));
}
