/** Proves that a log is whole, or names the first record that is not. Written from docs/audit-log.md, not from the writer. */

import { createHash, createPublicKey, hash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { zstdDecompressSync } from 'node:zlib';
import { HoldpointError, messageOf } from '../../contract/errors.ts';
import { openCheckpoint, rawPublicKey } from './checkpoint.ts';
import { purgedThrough, type Row, readBody, SELECT_ROWS } from './rows.ts';
import { type Db, openForReading, PUBLIC_KEY_FILE } from './schema.ts';

export interface VerifyResult {
  readonly ok: boolean;
  /** Records that were read. */
  readonly records: number;
  readonly firstBad?: BadRecord;
}

export interface BadRecord {
  readonly seq: number;
  /** Absent where the record is not there. */
  readonly id?: string;
  /** What is wrong with it, for a person. */
  readonly what: string;
}

const PAGE = 1000;
const CHECKPOINT_EVERY = 1000;
const MAX_CONTENT = 256 * 1024 * 1024;

/**
 * Reads the whole log, while an engine may be writing it.
 * @throws HoldpointError where there is no log at `file`, or the file is no log at all.
 */
export async function verifyLog(file: string, options: { onProgress?: (done: number, of: number) => void } = {}): Promise<VerifyResult> {
  const db = openForReading(file);
  let records = 0;
  try {
    // One view of all tables: what is appended or purged meanwhile is not seen.
    db.exec('BEGIN');
    const firstBad = await firstBadRecord(db, file, (done, of) => {
      records = done;
      options.onProgress?.(done, of);
    });
    return firstBad ? { ok: false, records, firstBad } : { ok: true, records };
  } catch (error) {
    if (error instanceof HoldpointError) throw error;
    return {
      ok: false,
      records,
      firstBad: { seq: records + 1, what: `The database file is damaged here or before: ${messageOf(error)}.` },
    };
  } finally {
    db.close();
  }
}

async function firstBadRecord(db: Db, file: string, onProgress: (done: number, of: number) => void): Promise<BadRecord | undefined> {
  const total = db.prepare<[], number>(`SELECT count(*) FROM records`).pluck().get() ?? 0;
  const purged = purgedThrough(db);
  const contentFault = contentFaults(db);
  const nextCheckpoint = checkpointsOf(db);
  const page = db.prepare<[number, number], Row>(`${SELECT_ROWS} WHERE r.seq > ? ORDER BY r.seq LIMIT ?`);
  let previous: Buffer = Buffer.alloc(32);
  let seq = 0;

  for (let rows = page.all(0, PAGE); rows.length > 0; rows = page.all(seq, PAGE)) {
    for (const row of rows) {
      if (row.seq !== seq + 1) return { seq: seq + 1, what: `Record ${seq + 1} is missing.` };
      seq = row.seq;
      const what = linkFault(row, previous) ?? bodyFault(row, purged, contentFault) ?? nextCheckpoint.faultAt(row);
      if (what !== undefined) return { seq, id: row.id, what };
      previous = row.hash;
    }
    onProgress(seq, total);
    await breathe();
  }
  return beyondEnd(db, seq, nextCheckpoint.left()) ?? keyFault(db, file, seq);
}

function linkFault(row: Row, previous: Buffer): string | undefined {
  // RFC 8785: names in order, no blanks. Every value is a string, an integer or null, which JSON.stringify writes canonically.
  const metadata = JSON.stringify({
    action: row.action,
    agent: row.agent,
    at: row.at,
    body: row.body_hash.toString('hex'),
    exchange: row.exchange,
    host: row.host,
    id: row.id,
    kind: row.kind,
    seq: row.seq,
    session: row.session,
    verdict: row.verdict,
  });
  const link = createHash('sha256')
    .update(Buffer.from([1]))
    .update(previous)
    .update(metadata)
    .digest();
  return link.equals(row.hash)
    ? undefined
    : 'Its link does not follow from its columns and the record before it: it was changed, moved or put in.';
}

function bodyFault(row: Row, purged: number, contentFault: (hash: string) => string | undefined): string | undefined {
  if (row.body === null) return row.seq <= purged ? undefined : 'Its body is missing, and retention has not purged it.';
  if (hash('sha256', row.body, 'buffer').compare(row.body_hash) !== 0) return 'Its body was changed.';
  const body = readBody(row.body);
  if (!body) return 'Its body is not one that Holdpoint writes.';
  if (body.capture === 'metadata' || row.seq <= purged) return undefined;
  for (const block of body.blocks) {
    const fault = contentFault(block.hash);
    if (fault !== undefined) return `Its content ${block.hash.slice(0, 12)}… ${fault}`;
  }
  return undefined;
}

/** Answers for every content by its hash; each is read once. */
function contentFaults(db: Db): (hash: string) => string | undefined {
  const find = db.prepare<[Buffer], Buffer>(`SELECT zstd FROM content WHERE hash = ?`).pluck();
  const good = new Set<string>();
  return (wanted) => {
    if (good.has(wanted)) return undefined;
    const packed = find.get(Buffer.from(wanted, 'hex'));
    if (!packed) return 'is missing, and retention has not purged it.';
    if (contentHash(packed) !== wanted) return 'was changed.';
    good.add(wanted);
    return undefined;
  };
}

function contentHash(packed: Buffer): string | undefined {
  try {
    return hash('sha256', zstdDecompressSync(packed, { maxOutputLength: MAX_CONTENT }));
  } catch {
    return undefined;
  }
}

interface Checkpoint {
  readonly seq: number;
  readonly note: string;
}

/** Checkpoints in step with the records that they sign. */
function checkpointsOf(db: Db): { faultAt(row: Row): string | undefined; left(): Checkpoint | undefined } {
  const keys = db.prepare<[], Buffer>(`SELECT key FROM keys`).pluck().all();
  const after = db.prepare<[number], Checkpoint>(`SELECT seq, note FROM checkpoints WHERE seq > ? ORDER BY seq LIMIT 1`);
  let next = after.get(-1);
  return {
    faultAt(row) {
      if (next && next.seq < row.seq) return `There is a checkpoint at ${next.seq} that belongs to no record.`;
      if (next?.seq !== row.seq) return row.seq % CHECKPOINT_EVERY === 0 ? 'Its checkpoint is missing.' : undefined;
      const head = openCheckpoint(next.note, keys);
      next = after.get(next.seq);
      if (!head) return 'The signature of its checkpoint does not hold.';
      return head.seq === row.seq && head.hash.equals(row.hash) ? undefined : 'Its checkpoint signs another record.';
    },
    left: () => next,
  };
}

function beyondEnd(db: Db, last: number, checkpoint: Checkpoint | undefined): BadRecord | undefined {
  if (checkpoint)
    return {
      seq: last + 1,
      what: `The log ends at ${last}, and record ${checkpoint.seq} was signed: the records after ${last} were cut off.`,
    };
  const body = db.prepare<[number], number>(`SELECT seq FROM bodies WHERE seq > ? OR seq < 1 LIMIT 1`).pluck().get(last);
  return body === undefined
    ? undefined
    : { seq: last + 1, what: `The log ends at ${last}, and there is a body of record ${body}: the records after ${last} were cut off.` };
}

/** The key that the log is signed with now is the one beside it, where there is one. */
function keyFault(db: Db, file: string, last: number): BadRecord | undefined {
  const beside = join(dirname(file), PUBLIC_KEY_FILE);
  const note = db.prepare<[], string>(`SELECT note FROM checkpoints ORDER BY seq DESC LIMIT 1`).pluck().get();
  if (note === undefined || !existsSync(beside)) return undefined;
  const key = rawPublicKey(createPublicKey(readFileSync(beside)));
  return openCheckpoint(note, [key]) ? undefined : { seq: last, what: `The newest checkpoint is not signed with the key in ${beside}.` };
}
