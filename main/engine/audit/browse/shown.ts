/** Records as they are shown: whatever an outsider made of a row, it breaks no answer and passes for nothing else. */

import type { AuditRecord } from '../../../contract/record.ts';
import { sha256 } from '../chain.ts';
import { type Row, recordOf } from '../rows.ts';

/** For a time that is none. The record is then of kind `tamper`: no version writes such a time. */
export const NO_TIME = '1970-01-01T00:00:00.000Z';

/** What a list has of a record: of a long one the short members of its data, and the newest of its blocks. */
export function listedRecord(row: Row): AuditRecord {
  const record = readRecord(row);
  const isLong = row.body !== null && row.body.length > LONG_BODY;
  return isLong ? { ...record, data: shortMembers(record.data, LONG_MEMBER), blocks: record.blocks.slice(-MOST_BLOCKS) } : record;
}

/** The whole of a record, but for what no answer has room for. */
export function wholeRecord(row: Row): AuditRecord {
  const record = readRecord(row);
  const isHuge = row.body !== null && row.body.length > HUGE_BODY;
  return isHuge ? { ...record, data: shortMembers(record.data, LONG_BODY), blocks: record.blocks.slice(-MOST_BLOCKS) } : record;
}

function readRecord(row: Row): AuditRecord {
  const record = recordOf(row);
  const sound = isTime(record.at) ? record : { ...record, at: NO_TIME, kind: 'tamper' as const };
  if (row.body !== null && sha256(row.body) !== row.body_hash.toString('hex'))
    return { ...sound, summary: '(changed after it was written)', data: {}, blocks: [] };
  return isDeeper(sound.data, MOST_LEVELS) ? { ...sound, summary: '(unreadable)', data: {}, blocks: [] } : sound;
}

/** As the log writes them. */
export function isTime(at: string): boolean {
  const time = Date.parse(at);
  return Number.isFinite(time) && new Date(time).toISOString() === at && at.length === NO_TIME.length;
}

/** UTF-16 units. */
const LONG_BODY = 64 * 1024;
const LONG_MEMBER = 4 * 1024;
const HUGE_BODY = 4 * 1024 * 1024;
const MOST_BLOCKS = 1000;
/** No record of ours comes near it; what checks answers goes one call deeper for each. */
const MOST_LEVELS = 64;

function shortMembers(data: AuditRecord['data'], length: number): AuditRecord['data'] {
  return Object.fromEntries(Object.entries(data).filter(([name, value]) => name.length + JSON.stringify(value).length <= length));
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1));
}
