/** A session's story: its newest records, oldest first, with what they were the first to say. */

import { SAID_LENGTH } from '../../../contract/activity.ts';
import type { ControlParams, ControlResult } from '../../../contract/control.ts';
import { keptTexts } from '../kept-text.ts';
import { type Row, SELECT_ROWS } from '../rows.ts';
import type { Db } from '../schema.ts';
import { SESSION_KEY } from '../tallies.ts';
import { saidIn } from './said.ts';
import { lengthOf, listedRecord } from './shown.ts';
import { summaryOf } from './summary.ts';

export function session(db: Db, { key, before = Number.MAX_SAFE_INTEGER, limit }: ControlParams<'session'>): ControlResult<'session'> {
  const summary = summaryOf(db, key);
  const textOf = keptTexts(db);
  const records: ControlResult<'session'>['records'] = [];
  let length = 0;
  let next: number | null = null;
  const newest = db.prepare<[string, number, number], Row>(
    `${SELECT_ROWS} WHERE ${SESSION_KEY} = ? AND r.seq < ? ORDER BY r.seq DESC LIMIT ?`,
  );
  for (const row of newest.iterate(key, before, limit + 1)) {
    const last = records.at(-1)?.record.seq;
    if (last !== undefined && (records.length === limit || length + lengthOf(row) > MOST)) {
      next = last;
      break;
    }
    const record = listedRecord(row);
    const said = saidIn(record, textOf, { each: SAID_LENGTH, all: OF_RECORD });
    records.push({ record, said });
    length += lengthOf(row) + said.reduce((sum, { text }) => sum + 200 + (text?.length ?? 0), 0);
  }
  return { summary, records: records.reverse(), next };
}

/** UTF-16 units of an answer, about, and of what one record said: one that begins anew says a whole conversation. */
const MOST = 8 * 1024 * 1024;
const OF_RECORD = 128 * 1024;
