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

type Told = ControlResult<'session'>['records'][number];

export function session(db: Db, { key, before = Number.MAX_SAFE_INTEGER, limit }: ControlParams<'session'>): ControlResult<'session'> {
  const summary = summaryOf(db, key);
  const read = newest(db, key, before, limit + 1);
  const told = withSaid(db, key, read.slice(0, limit));
  const shown = told.slice(-fitting(told.toReversed()));
  const oldest = shown[0]?.record.seq;
  return { summary, records: shown, next: oldest !== undefined && shown.length < read.length ? oldest : null };
}

/** UTF-16 units of an answer; a client is sent no more than some tens of megabytes. */
const MOST = 4 * 1024 * 1024;
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

/** Oldest first. */
function withSaid(db: Db, key: string, records: readonly AuditRecord[]): Told[] {
  const textOf = keptTexts(db);
  const saidBefore = createSaidBefore();
  const oldest = records.at(-1);
  const speaks = records.some(({ kind, blocks }) => kind === 'exchange' && blocks.length > 1);
  const earlier = oldest && speaks ? newest(db, key, oldest.seq, LOOKED_BACK) : [];
  for (const { kind, blocks } of earlier.reverse()) if (kind === 'exchange') saidBefore.fresh(blocks);
  return records.toReversed().map((record) => {
    const blocks = record.kind === 'exchange' ? saidBefore.fresh(record.blocks) : record.blocks;
    return { record, said: saidIn(blocks, textOf, { each: SAID_LENGTH, all: OF_RECORD }) };
  });
}

/** How many of them an answer has room for: one at least. */
function fitting(told: readonly Told[]): number {
  let length = 0;
  const tooMany = told.findIndex((one) => {
    length += JSON.stringify(one).length;
    return length > MOST;
  });
  return tooMany < 0 ? Math.max(1, told.length) : Math.max(1, tooMany);
}
