/** Records as they are read back from the database. */

import { z } from 'zod';
import { type AuditRecord, recordKindSchema } from '../../contract/record.ts';
import type { Metadata } from './chain.ts';
import type { Body, Draft } from './draft.ts';
import type { Db } from './schema.ts';
import type { Link } from './store.ts';

/** A row of `records` with its body; what an outsider changed can be anything. */
export interface Row extends Metadata {
  readonly body_hash: Buffer;
  readonly hash: Buffer;
  /** Null where it was purged. */
  readonly body: string | null;
}

/** Followed by conditions on `r`. */
export const SELECT_ROWS = `SELECT r.*, b.body FROM records r LEFT JOIN bodies b ON b.seq = r.seq`;

const bodySchema = z.object({
  summary: z.string(),
  data: z.record(z.string(), z.json()),
  blocks: z.array(z.object({ role: z.string(), hash: z.string() })),
  capture: z.enum(['metadata', 'redacted', 'full']),
});

/** A body as it is stored; undefined where it is none. */
export function readBody(text: string | null): z.infer<typeof bodySchema> | undefined {
  if (text === null) return undefined;
  try {
    return bodySchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export function recordOf(row: Row): AuditRecord {
  const body = readBody(row.body);
  const kind = recordKindSchema.safeParse(row.kind);
  return {
    seq: row.seq,
    id: row.id,
    at: row.at,
    // A kind that nobody writes was put there by somebody else.
    kind: kind.success ? kind.data : 'tamper',
    session: row.session,
    exchange: row.exchange,
    action: row.action,
    agent: row.agent,
    host: row.host,
    verdict: row.verdict,
    summary: body?.summary ?? (row.body === null ? '(purged)' : '(unreadable)'),
    data: body?.data ?? {},
    blocks: body?.blocks ?? [],
    hash: row.hash.toString('hex'),
  };
}

/** A record that the log has just written, as it would be read back. `said` is what its body says. */
export function keptRecord(draft: Draft, { summary, data, blocks }: Body, { seq, hash }: Link): AuditRecord {
  const { id, at, kind, session, exchange, action, agent, host, verdict } = draft;
  return {
    seq,
    id,
    at,
    kind,
    session,
    exchange,
    action,
    agent,
    host,
    verdict,
    summary,
    data: data as AuditRecord['data'],
    blocks: [...blocks],
    hash,
  };
}

/** The last record whose content retention has purged, as the chain itself says; 0 where nothing was. */
export function purgedThrough(db: Db): number {
  const row = db.prepare<[], Row>(`${SELECT_ROWS} WHERE r.kind = 'engine' AND r.verdict = 'purged' ORDER BY r.seq DESC LIMIT 1`).get();
  const through = row ? readBody(row.body)?.data.through : undefined;
  return typeof through === 'number' && row && through < row.seq ? through : 0;
}

/** Newest first; `before` is a `seq`. */
export function newestRows(db: Db, limit: number, before = Number.MAX_SAFE_INTEGER): Row[] {
  return db.prepare<[number, number], Row>(`${SELECT_ROWS} WHERE r.seq < ? ORDER BY r.seq DESC LIMIT ?`).all(before, limit);
}
