/** A session's story: its newest records, oldest first, with what they were the first to say. */

import { SAID_LENGTH } from '../../../contract/activity.ts';
import type { ControlParams, ControlResult } from '../../../contract/control.ts';
import type { AuditRecord } from '../../../contract/record.ts';
import { keptTexts } from '../kept-text.ts';
import { type Row, SELECT_ROWS } from '../rows.ts';
import type { Db } from '../schema.ts';
import { SESSION_KEY } from '../tallies.ts';
import { saidIn } from './said.ts';
import { createSaidBefore } from './said-before.ts';
import { listedRecord } from './shown.ts';
import { summaryOf } from './summary.ts';

export function session(db: Db, { key, before = Number.MAX_SAFE_INTEGER, limit }: ControlParams<'session'>): ControlResult<'session'> {
  const summary = summaryOf(db, key);
  const read = newest(db, key, before, limit + 1);
  const records = withSaid(db, key, read.slice(0, limit));
  const oldest = records[0]?.record.seq;
  return { summary, records, next: oldest !== undefined && records.length < read.length ? oldest : null };
}

/** UTF-16 units of an answer; a client is sent no more than some tens of megabytes. */
const MOST = 4 * 1024 * 1024;
/** UTF-16 units that are read for an answer. */
const MOST_READ = 32 * 1024 * 1024;
/** UTF-16 units of what one record said: one that begins anew says a whole conversation. */
const OF_RECORD = 128 * 1024;
/** Older records in which is looked what was said before. */
const LOOKED_BACK = 1000;

/** Newest first. */
function newest(db: Db, key: string, before: number, limit: number): AuditRecord[] {
  const rows = db.prepare<[string, number, number], Row>(
    `${SELECT_ROWS} WHERE ${SESSION_KEY} = ? AND r.seq < ? ORDER BY r.seq DESC LIMIT ?`,
  );
  const records: AuditRecord[] = [];
  // One by one: a page of the largest records would not fit into memory.
  for (const row of rows.iterate(key, before, limit)) records.push(listedRecord(row));
  return records;
}

/** Takes them newest first, and gives them oldest first: as many as an answer has room for, but one at least. */
function withSaid(db: Db, key: string, records: readonly AuditRecord[]): ControlResult<'session'>['records'] {
  const textOf = keptTexts(db);
  const fresh = freshBlocks(db, key, records);
  const told: ControlResult<'session'>['records'] = [];
  let length = 0;
  let read = 0;
  for (const record of records) {
    const said = saidIn(fresh.get(record.seq) ?? [], textOf, { each: SAID_LENGTH, all: OF_RECORD });
    length += JSON.stringify({ record, said }).length;
    read += said.reduce((sum, { text, omitted }) => sum + (text?.length ?? 0) + omitted, 0);
    if (told.length > 0 && (length > MOST || read > MOST_READ)) break;
    told.push({ record, said });
  }
  return told.reverse();
}

/** By record. */
function freshBlocks(db: Db, key: string, records: readonly AuditRecord[]): Map<number, AuditRecord['blocks']> {
  const saidBefore = createSaidBefore();
  const oldest = records.at(-1);
  const speaks = records.some(({ kind, blocks }) => kind === 'exchange' && blocks.length > 1);
  const earlier = oldest && speaks ? newest(db, key, oldest.seq, LOOKED_BACK) : [];
  for (const { kind, blocks } of earlier.reverse()) if (kind === 'exchange') saidBefore.fresh(blocks);
  return new Map(records.toReversed().map(({ seq, kind, blocks }) => [seq, kind === 'exchange' ? saidBefore.fresh(blocks) : blocks]));
}
