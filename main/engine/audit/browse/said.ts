/** Texts of a record, cut to what an answer has room for. */

import type { Said } from '../../../contract/activity.ts';
import type { AuditRecord } from '../../../contract/record.ts';

/** UTF-16 units of one text, and of all of a record. */
export interface Room {
  readonly each: number;
  readonly all: number;
}

export function saidIn(blocks: AuditRecord['blocks'], textOf: (hash: string) => string | null, room: Room): Said[] {
  let left = room.all;
  return blocks.map(({ role, hash }) => {
    const text = textOf(hash);
    if (text === null) return { role, hash, text, omitted: 0 };
    const kept = beginning(text, Math.min(room.each, left));
    left -= kept.length;
    return { role, hash, text: kept, omitted: text.length - kept.length };
  });
}

/** At most so many UTF-16 units, and no half of a character. */
export function beginning(text: string, length: number): string {
  if (text.length <= length) return text;
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}
