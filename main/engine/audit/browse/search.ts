/** Records that match a filter, newest first, with the words around what was found. */

import type { ControlParams, ControlResult } from '../../../contract/control.ts';
import type { AuditRecord } from '../../../contract/record.ts';
import { wordsOf } from '../full-text.ts';
import { keptTexts } from '../kept-text.ts';
import { type Row, SELECT_ROWS } from '../rows.ts';
import type { Db } from '../schema.ts';
import { foundIn } from './found.ts';
import { type Matching, matchingOf } from './matching.ts';
import type { Part } from './own-part.ts';
import { listedRecord } from './shown.ts';

export function search(
  db: Db,
  { filter, before = Number.MAX_SAFE_INTEGER, limit }: ControlParams<'search'>,
  part: Part,
): ControlResult<'search'> {
  const rows = newestMatching(db, matchingOf(db, filter, before, part), limit + 1);
  const found = finder(db, filter.text);
  const matches: ControlResult<'search'>['matches'] = [];
  let length = 0;
  for (const row of rows.slice(0, limit)) {
    const record = listedRecord(row);
    length += JSON.stringify(record).length;
    if (matches.length > 0 && length > MOST) break;
    matches.push({ record, found: found(record) });
  }
  return { matches, next: matches.length < rows.length ? (matches.at(-1)?.record.seq ?? null) : null };
}

/** UTF-16 units of an answer; a client is sent no more than some tens of megabytes. */
const MOST = 4 * 1024 * 1024;

function newestMatching(db: Db, matching: Matching | undefined, limit: number): Row[] {
  if (!matching) return [];
  const { sql, seq, values } = matching;
  const seqs = db
    .prepare<unknown[], number>(`SELECT ${seq} ${sql} ORDER BY ${seq} DESC LIMIT ?`)
    .pluck()
    .all(...values, limit);
  const row = db.prepare<[number], Row>(`${SELECT_ROWS} WHERE r.seq = ?`);
  return seqs.flatMap((one) => row.get(one) ?? []);
}

function finder(db: Db, text: string | undefined): (record: AuditRecord) => string | null {
  if (text === undefined) return () => null;
  const words = wordsOf(text);
  const textOf = keptTexts(db);
  return ({ summary, blocks }) => foundIn(words, summary, texts(blocks));

  function* texts(blocks: AuditRecord['blocks']) {
    for (const { hash } of blocks) yield textOf(hash) ?? '';
  }
}
