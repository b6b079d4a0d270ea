/**
 * `holdpoint audit` where a machine's service guards for several users: the log's file is not for them to read, so that the engine is asked,
 * which gives each their own records. Root reads the file.
 */

import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { CONTROL_SOCKET } from '../contract/control.ts';
import { HoldpointError } from '../contract/errors.ts';
import type { AuditRecord } from '../contract/record.ts';
import { type ServicePlaces, servicePlaces } from '../contract/service-places.ts';
import type { ShownRecord } from '../engine/audit/read.ts';
import { LOG_FILE } from '../engine/audit/schema.ts';
import { connectControl } from '../engine/control/client.ts';
import { UsageError } from './io.ts';

/** Where the log is read: from its file, from that of the place that the command line and the settings name, or by asking the service. */
export type LogPlace =
  | { readonly kind: 'settings' }
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'service'; readonly runDir: string };

/** `named`: the command line or the environment names a data folder, and so an engine of its own. */
export function logPlace(named: boolean, places: ServicePlaces = servicePlaces()): LogPlace {
  if (named || !existsSync(join(places.runDir, CONTROL_SOCKET))) return { kind: 'settings' };
  const file = join(places.dataDir, LOG_FILE);
  try {
    accessSync(file, constants.R_OK);
    return { kind: 'file', file };
  } catch {
    return { kind: 'service', runDir: places.runDir };
  }
}

export interface OwnLog {
  /** The newest, oldest first. */
  tail(limit: number): Promise<AuditRecord[]>;
  /** Newest first. */
  search(text: string, asked: { readonly limit: number; readonly since: Date | undefined }): Promise<AuditRecord[]>;
  /** Throws HoldpointError `not-found`, also where it is another user's. */
  show(seq: string): Promise<ShownRecord>;
}

/** Asks the service, and leaves. Throws HoldpointError `control-unreachable` where it has gone. */
export async function askingService<Result>(runDir: string, ask: (log: OwnLog) => Promise<Result>): Promise<Result> {
  const client = await connectControl(runDir, { client: 'terminal', attends: false });
  try {
    return await ask({ tail, search, show });
  } finally {
    client.close();
  }

  async function tail(limit: number): Promise<AuditRecord[]> {
    const records: AuditRecord[] = [];
    for (let before: number | undefined; records.length < limit; before = records.at(-1)?.seq) {
      const most = Math.min(limit - records.length, PAGE);
      const page = await client.call('records', { limit: most, ...(before !== undefined && { before }) });
      records.push(...page);
      if (page.length < most) break;
    }
    return records.reverse();
  }

  async function search(text: string, { limit, since }: Parameters<OwnLog['search']>[1]): Promise<AuditRecord[]> {
    const filter = { text, ...(since && { from: since.toISOString() }) };
    const records: AuditRecord[] = [];
    for (let before: number | undefined; records.length < limit; ) {
      const most = Math.min(limit - records.length, SEARCHED);
      const { matches, next } = await client.call('search', { filter, limit: most, ...(before !== undefined && { before }) });
      records.push(...matches.map(({ record }) => record));
      if (next === null) break;
      before = next;
    }
    return records;
  }

  async function show(seq: string): Promise<ShownRecord> {
    if (!/^\d{1,15}$/.test(seq)) throw new UsageError('Name one of your records by its number; holdpoint audit tail shows them.');
    const { record, body, said, previous, metadata, state, checkpoint } = await client.call('recordProof', { seq: Number(seq) });
    const content = said.map(({ role, hash, text, omitted }) => ({ role, hash, text: omitted > 0 ? `${text}\n[${omitted} more]` : text }));
    return { record, body, content, proof: { previous, metadata, state, ...(checkpoint && { checkpoint }) } };
  }
}

/** As many as are given at a time. */
const PAGE = 500;
const SEARCHED = 200;

/** Checks and exports are of the whole log, which is all users'. */
export function forRoot(verb: 'verify' | 'export'): HoldpointError {
  const what =
    verb === 'verify' ? 'To check it, run "sudo holdpoint audit verify"' : 'To export from it, run "sudo holdpoint audit export"';
  return new HoldpointError(
    'control-refused',
    `The audit log of this machine is of all its users, so only root reads the whole of it. ${what}. "holdpoint audit tail" shows your own records.`,
  );
}
