/** Records as they are shown: whatever an outsider made of a row, it breaks no answer and passes for nothing else. */

import type { AuditRecord } from '../../../contract/record.ts';
import { sha256 } from '../chain.ts';
import { type Row, recordOf } from '../rows.ts';

/** For a time that is none. The record is then of kind `tamper`: no version writes such a time. */
export const NO_TIME = '1970-01-01T00:00:00.000Z';

/** What a list has of a record: long members of its data are left out, which `recordProof` has. */
export function listedRecord(row: Row): AuditRecord {
  const record = wholeRecord(row);
  return row.body === null || row.body.length <= LONG_BODY ? record : { ...record, data: shortMembers(record.data) };
}

export function wholeRecord(row: Row): AuditRecord {
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

/** UTF-16 units of a record's answer, about. */
export function lengthOf(row: Row): number {
  return 500 + Math.min(row.body?.length ?? 0, LONG_BODY * 2);
}

/** UTF-16 units. */
const LONG_BODY = 64 * 1024;
const LONG_MEMBER = 4 * 1024;
/** No record of ours comes near it; what checks answers goes one call deeper for each. */
const MOST_LEVELS = 64;

function shortMembers(data: AuditRecord['data']): AuditRecord['data'] {
  return Object.fromEntries(Object.entries(data).filter(([name, value]) => name.length + JSON.stringify(value).length <= LONG_MEMBER));
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1));
}
