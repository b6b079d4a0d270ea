/** A session's story: its newest records, oldest first, with what they were the first to say. */

import { SAID_LENGTH } from '../../../contract/activity.ts';
import type { ControlParams, ControlResult } from '../../../contract/control.ts';
import type { AuditRecord } from '../../../contract/record.ts';
import { keptTexts } from '../kept-text.ts';
import { type Row, SELECT_ROWS } from '../rows.ts';
import type { Db } from '../schema.ts';
import { SESSION_KEY } from '../tally-tables.ts';
import type { Part } from './own-part.ts';
import { saidIn } from './said.ts';
import { createSaidBefore } from './said-before.ts';
import { listedRecord } from './shown.ts';
import { summaryOf } from './summary.ts';

export function session(
  db: Db,
  { key, before = Number.MAX_SAFE_INTEGER, limit }: ControlParams<'session'>,
  part: Part,
): ControlResult<'session'> {
  const summary = summaryOf(db, key);
  const older: Older = (than, most) => newest(db, { key, part, before: than }, most);
  const read = older(before, limit + 1);
  const records = withSaid(db, read.slice(0, limit), older);
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

/** Of the session, newest first. */
type Older = (than: number, most: number) => AuditRecord[];

function newest(db: Db, { key, part, before }: { key: string; part: Part; before: number }, limit: number): AuditRecord[] {
  const records: AuditRecord[] = [];
  const rows = part === 'little' ? amongFew(db, key, before, limit) : inSession(db, key, before, limit);
  // One by one: a page of the largest records would not fit into memory.
  for (const row of rows) records.push(listedRecord(row));
  return records;
}

function inSession(db: Db, key: string, before: number, limit: number): Iterable<Row> {
  return db
    .prepare<[string, number, number], Row>(`${SELECT_ROWS} WHERE ${SESSION_KEY} = ? AND r.seq < ? ORDER BY r.seq DESC LIMIT ?`)
    .iterate(key, before, limit);
}

/** The connections of all users are one session: who has few records finds theirs without looking at the others'. */
function* amongFew(db: Db, key: string, before: number, limit: number): Iterable<Row> {
  const seqs = db
    .prepare<[string, number, number], number>(
      `SELECT o.seq FROM owned o CROSS JOIN records r ON r.seq = o.seq WHERE ${SESSION_KEY} = ? AND o.seq < ? ORDER BY o.seq DESC LIMIT ?`,
    )
    .pluck();
  const row = db.prepare<[number], Row>(`${SELECT_ROWS} WHERE r.seq = ?`);
  for (const seq of seqs.all(key, before, limit)) {
    const found = row.get(seq);
    if (found) yield found;
  }
}

/** Takes them newest first, and gives them oldest first: as many as an answer has room for, but one at least. */
function withSaid(db: Db, records: readonly AuditRecord[], older: Older): ControlResult<'session'>['records'] {
  const textOf = keptTexts(db);
  const fresh = freshBlocks(records, older);
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
function freshBlocks(records: readonly AuditRecord[], older: Older): Map<number, AuditRecord['blocks']> {
  const saidBefore = createSaidBefore();
  const oldest = records.at(-1);
  const speaks = records.some(({ kind, blocks }) => kind === 'exchange' && blocks.length > 1);
  const earlier = oldest && speaks ? older(oldest.seq, LOOKED_BACK) : [];
  for (const { kind, blocks } of earlier.reverse()) if (kind === 'exchange') saidBefore.fresh(blocks);
  return new Map(records.toReversed().map(({ seq, kind, blocks }) => [seq, kind === 'exchange' ? saidBefore.fresh(blocks) : blocks]));
}
