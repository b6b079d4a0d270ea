/** Records as they are read back from the database. */

import type { AuditRecord } from '../../contract/record.ts';
import { RECORD_KINDS } from '../../contract/record-kinds.ts';
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

/** A body as it is stored; undefined where it is none. By hand: the writer's thread does without a library for schemas. */
export function readBody(text: string | null): Body | undefined {
  if (text === null) return undefined;
  try {
    const { summary, data, blocks, capture } = JSON.parse(text) as { readonly [name in keyof Body]?: unknown };
    if (typeof summary !== 'string' || !isObject(data) || !Array.isArray(blocks) || !blocks.every(isReference)) return undefined;
    if (capture !== 'metadata' && capture !== 'redacted' && capture !== 'full') return undefined;
    return { summary, data: data as Body['data'], blocks: blocks.map(({ role, hash }) => ({ role, hash })), capture };
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isReference(value: unknown): value is Body['blocks'][number] {
  return isObject(value) && typeof value.role === 'string' && typeof value.hash === 'string';
}

export function recordOf(row: Row): AuditRecord {
  const body = readBody(row.body);
  return {
    seq: row.seq,
    id: row.id,
    at: row.at,
    // A kind that nobody writes was put there by somebody else.
    kind: RECORD_KINDS.find((kind) => kind === row.kind) ?? 'tamper',
    session: row.session,
    exchange: row.exchange,
    action: row.action,
    agent: row.agent,
    host: row.host,
    verdict: row.verdict,
    summary: body?.summary ?? (row.body === null ? '(purged)' : '(unreadable)'),
    data: (body?.data ?? {}) as AuditRecord['data'],
    blocks: [...(body?.blocks ?? [])],
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

/** The record before one in the chain; undefined where that is the first. */
export function recordBefore(db: Db, seq: number): AuditRecord | undefined {
  const row = newestRows(db, 1, seq)[0];
  return row && recordOf(row);
}
