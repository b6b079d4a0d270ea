/** Logs in temporary folders, for the tests of the audit log. */

import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import type { AuditEntry } from '../../../main/contract/record.ts';
import { type AuditLog, type AuditOptions, openAudit } from '../../../main/engine/audit/log.ts';
import { createRedactor } from '../../../main/engine/detection/redact.ts';

export const { privateKey: KEY } = generateKeyPairSync('ed25519');

export function temporaryFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'holdpoint-audit-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

export function optionsFor(dir: string, changes: Partial<AuditOptions> = {}): AuditOptions {
  return {
    dir,
    capture: 'redacted',
    retainDays: 90,
    maxBytes: 2_000_000_000,
    signingKey: KEY as KeyObject,
    redactor: createRedactor({ key: Buffer.alloc(32, 7) }),
    ...changes,
  };
}

export async function openLog(dir: string, changes: Partial<AuditOptions> = {}): Promise<AuditLog> {
  const log = await openAudit(optionsFor(dir, changes));
  onTestFinished(() => log.close());
  return log;
}

export function entry(n: number, changes: Partial<AuditEntry> = {}): AuditEntry {
  return {
    kind: 'verdict',
    session: 'session-1',
    exchange: `exchange-${n}`,
    action: `action-${n}`,
    agent: 'Claude Code',
    host: 'api.anthropic.com',
    verdict: 'allow',
    summary: `Claude Code: make target-${n}`,
    data: { tool: 'Bash', n },
    blocks: [{ role: 'user', text: `Please build target ${n}, and nothing else.` }],
    ...changes,
  };
}

/** A closed log with `count` records. */
export async function writtenLog(dir: string, count: number, changes: Partial<AuditOptions> = {}): Promise<string> {
  const log = await openAudit(optionsFor(dir, changes));
  await Promise.all(Array.from({ length: count }, (_, i) => log.append(entry(i + 1))));
  await log.close();
  return join(dir, 'audit.db');
}

/** What somebody with write access to the file can do: the triggers are the first thing to go. */
export function tamper(file: string, change: (db: Database.Database) => void): void {
  const db = new Database(file);
  const triggers = db.prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`).pluck().all();
  for (const name of triggers) db.exec(`DROP TRIGGER ${name}`);
  change(db);
  db.close();
}

export async function linesOf(lines: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const line of lines) all.push(line);
  return all;
}
