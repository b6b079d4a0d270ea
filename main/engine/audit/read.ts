/** Reads the log from its file, for the command line: no engine is needed, and one may be writing. */

import { hostname } from 'node:os';
import { HoldpointError } from '../../contract/errors.ts';
import type { AuditRecord, RecordKind } from '../../contract/record.ts';
import { GENESIS, linkOf, metadataJson, sha256 } from './chain.ts';
import { openCheckpoint } from './checkpoint.ts';
import { fingerprintOf } from './export/format.ts';
import { matchQuery } from './full-text.ts';
import { keptTexts } from './kept-text.ts';
import { ocsfEvent } from './ocsf/event.ts';
import { logsPayload, otlpLog } from './otlp.ts';
import { newestRows, purgedThrough, type Row, recordBefore, recordOf, SELECT_ROWS } from './rows.ts';
import { type Db, openForReading } from './schema.ts';

export interface RecordFilter {
  readonly kind?: RecordKind | undefined;
  readonly session?: string | undefined;
  readonly agent?: string | undefined;
  readonly verdict?: string | undefined;
  /** From this time on, as the records state it. */
  readonly since?: Date | undefined;
  /** 100 where absent. */
  readonly limit?: number | undefined;
}

/** The newest records, oldest first. */
export function tailRecords(file: string, { limit, before }: { limit: number; before?: number }): AuditRecord[] {
  return reading(file, (db) => newestRows(db, limit, before).reverse().map(recordOf));
}

/** Records whose summary, or content that they were the first to say, has every word of `text`; newest first. */
export function searchRecords(file: string, text: string, filter: RecordFilter = {}): AuditRecord[] {
  const query = matchQuery(text);
  if (query === undefined) return [];
  return reading(file, (db) => {
    const { sql, values } = conditions(filter);
    return db
      .prepare<unknown[], Row>(
        `${SELECT_ROWS} WHERE r.seq IN (SELECT rowid FROM search WHERE search MATCH ?) ${sql} ORDER BY r.seq DESC LIMIT ?`,
      )
      .all(query, ...values, filter.limit ?? 100)
      .map(recordOf);
  });
}

export interface ShownRecord {
  readonly record: AuditRecord;
  /** `purged` by retention; `missing` where nothing explains that it is gone. */
  readonly body: 'kept' | 'purged' | 'missing';
  readonly content: readonly ShownBlock[];
  readonly proof: Proof;
}

export interface ShownBlock {
  readonly role: string;
  readonly hash: string;
  /** Null where the capture level kept only the hash, or retention purged it. */
  readonly text: string | null;
}

/** Why the record can be believed. */
export interface Proof {
  /** Link of the record before, hex. */
  readonly previous: string;
  /** What is hashed together with it, after the byte 0x01. */
  readonly metadata: string;
  /** `signed`: the body has its hash, the chain from here to `checkpoint` holds and the signature too. `unsigned`: no checkpoint comes after it yet. */
  readonly state: 'signed' | 'unsigned' | 'broken';
  readonly checkpoint?: { readonly seq: number; readonly note: string };
}

/** @throws HoldpointError `not-found` */
export function showRecord(file: string, idOrSeq: string | number): ShownRecord {
  return reading(file, (db) => {
    const bySeq = typeof idOrSeq === 'number' || /^\d{1,15}$/.test(idOrSeq);
    const row = db
      .prepare<[string | number], Row>(`${SELECT_ROWS} WHERE ${bySeq ? 'r.seq' : 'r.id'} = ?`)
      .get(bySeq ? Number(idOrSeq) : idOrSeq);
    if (!row) throw new HoldpointError('not-found', `There is no record ${idOrSeq} in ${file}. "holdpoint audit tail" lists the newest.`);
    return shownRecord(db, row);
  });
}

export function shownRecord(db: Db, row: Row): ShownRecord {
  const record = recordOf(row);
  const text = keptTexts(db);
  return {
    record,
    body: row.body !== null ? 'kept' : row.seq <= purgedThrough(db) ? 'purged' : 'missing',
    content: record.blocks.map((block) => ({ ...block, text: text(block.hash) })),
    proof: proofOf(db, row),
  };
}

const PAGE = 500;

export const EXPORT_FORMATS = ['ndjson', 'otlp', 'ocsf'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/**
 * Lines of text without their line feeds, oldest first: a record each (`ndjson`), OTLP/JSON logs requests of up to 500 records each, or
 * an event of OCSF each.
 */
export async function* exportRecords(
  file: string,
  {
    since,
    session,
    format,
    version = '',
  }: { since?: Date | undefined; session?: string | undefined; format: ExportFormat; version?: string },
): AsyncGenerator<string, void, undefined> {
  const db = openForReading(file);
  try {
    const context = { device: { hostname: hostname(), key: newestKey(db) }, version };
    const { sql, values } = conditions({ since, session });
    const page = db.prepare<unknown[], Row>(`${SELECT_ROWS} WHERE r.seq > ? ${sql} ORDER BY r.seq LIMIT ?`);
    // A page is one read: a long export does not keep the engine's journal from being folded in.
    for (let rows = page.all(0, ...values, PAGE); rows.length > 0; rows = page.all(rows.at(-1)!.seq, ...values, PAGE)) {
      const records = rows.map(recordOf);
      if (format === 'ndjson') for (const record of records) yield JSON.stringify(record);
      else if (format === 'otlp') yield JSON.stringify(logsPayload(records.map((record) => otlpLog(record))));
      else for (const record of records) yield JSON.stringify(ocsfEvent(record, { ...context, previous: recordBefore(db, record.seq) }));
    }
  } finally {
    db.close();
  }
}

function reading<Result>(file: string, read: (db: Db) => Result): Result {
  const db = openForReading(file);
  try {
    return read(db);
  } finally {
    db.close();
  }
}

function conditions({ kind, session, agent, verdict, since }: RecordFilter): { sql: string; values: string[] } {
  const wanted = Object.entries({
    'r.kind =': kind,
    'r.session =': session,
    'r.agent =': agent,
    'r.verdict =': verdict,
    'r.at >=': since?.toISOString(),
  });
  const given = wanted.flatMap(([test, value]) => (value === undefined ? [] : [{ test, value }]));
  return { sql: given.map(({ test }) => `AND ${test} ?`).join(' '), values: given.map(({ value }) => value) };
}

/** Fingerprint of the key that the log is signed with now; empty where it has none yet. */
function newestKey(db: Db): string {
  const key = db.prepare<[], Buffer>(`SELECT key FROM keys ORDER BY id DESC LIMIT 1`).pluck().get();
  return key ? fingerprintOf(key) : '';
}

function linkBefore(db: Db, seq: number): Buffer {
  const link = db.prepare<[number], Buffer>(`SELECT hash FROM main.records WHERE seq = ?`).pluck();
  return link.get(seq - 1) ?? GENESIS;
}

function proofOf(db: Db, row: Row): Proof {
  const previous = linkBefore(db, row.seq);
  const base = { previous: previous.toString('hex'), metadata: metadataJson(row, row.body_hash) };
  if (row.body !== null && sha256(row.body) !== row.body_hash.toString('hex')) return { ...base, state: 'broken' };
  const checkpoint = db
    .prepare<[number], { seq: number; note: string }>(`SELECT seq, note FROM checkpoints WHERE seq >= ? ORDER BY seq LIMIT 1`)
    .get(row.seq);
  const until = checkpoint?.seq ?? row.seq;
  let link = previous;
  // The chain goes through everybody's records, also where what they say is not for whoever asks.
  for (const next of db
    .prepare<[number, number], Omit<Row, 'body'>>(`SELECT * FROM main.records WHERE seq BETWEEN ? AND ? ORDER BY seq`)
    .iterate(row.seq, until)) {
    link = linkOf(link, next, next.body_hash);
    if (!link.equals(next.hash)) return { ...base, state: 'broken' };
  }
  if (!checkpoint) return { ...base, state: 'unsigned' };
  const head = openCheckpoint(checkpoint.note, db.prepare<[], Buffer>(`SELECT key FROM keys`).pluck().all());
  return { ...base, state: head?.seq === until && head.hash.equals(link) ? 'signed' : 'broken', checkpoint };
}
