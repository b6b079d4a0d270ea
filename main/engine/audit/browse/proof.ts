/** A record with all that it says, and why it can be believed. */

import type { ControlParams, ControlResult } from '../../../contract/control.ts';
import { HoldpointError } from '../../../contract/errors.ts';
import { shownRecord } from '../read.ts';
import { type Row, SELECT_ROWS } from '../rows.ts';
import type { Db } from '../schema.ts';
import { saidIn } from './said.ts';
import { wholeRecord } from './shown.ts';

export function recordProof(db: Db, { seq }: ControlParams<'recordProof'>): ControlResult<'recordProof'> {
  const row = db.prepare<[number], Row>(`${SELECT_ROWS} WHERE r.seq = ?`).get(seq);
  if (!row) throw new HoldpointError('not-found', `There is no record ${seq} in the audit log.`);
  const { body, content, proof } = shownRecord(db, row);
  const record = wholeRecord(row);
  const texts = new Map(content.map(({ hash, text }) => [hash, text]));
  const { previous, metadata, state, checkpoint = null } = proof;
  return { record, body, said: saidIn(record.blocks, (hash) => texts.get(hash) ?? null, ROOM), previous, metadata, state, checkpoint };
}

/** UTF-16 units. */
const ROOM = { each: 256 * 1024, all: 2 * 1024 * 1024 };
