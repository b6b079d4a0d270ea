import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, expect, it } from 'vitest';
import { openAudit } from '../../../main/engine/audit/log.ts';
import { exchangesSince, lastBypass } from '../../../main/engine/audit/taken-over.ts';
import { createRedactor } from '../../../main/engine/detection/redact.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

async function logWith(entries: readonly { readonly kind: 'exchange' | 'policy'; readonly at: string; readonly verdict: string }[]) {
  const dir = mkdtempSync(join(tmpdir(), 'holdpoint-taken-over-'));
  folders.push(dir);
  let at = '2026-05-01T00:00:00.000Z';
  const audit = await openAudit({
    ...{ dir, capture: 'metadata', retainDays: 90, maxBytes: 10_000_000, signingKey: generateKeyPairSync('ed25519').privateKey },
    redactor: createRedactor({ key: Buffer.alloc(32) }),
    now: () => new Date(at),
  });
  for (const { kind, verdict, at: then } of entries) {
    at = then;
    await audit.append({ kind, verdict, summary: verdict, data: { counted: verdict } });
  }
  await audit.close();
  return join(dir, 'audit.db');
}

it('the exchanges of a day are found also where the clock was set back in between, and without reading the whole log', async () => {
  const file = await logWith([
    { kind: 'exchange', verdict: 'old', at: '2026-04-29T10:00:00.000Z' },
    { kind: 'exchange', verdict: 'one', at: '2026-05-01T10:00:00.000Z' },
    { kind: 'policy', verdict: 'in-force', at: '2026-05-01T10:30:00.000Z' },
    { kind: 'exchange', verdict: 'back', at: '2026-04-29T11:00:00.000Z' },
    { kind: 'exchange', verdict: 'two', at: '2026-05-01T11:00:00.000Z' },
  ]);
  const found = [...exchangesSince(file, new Date('2026-04-30T00:00:00.000Z'))];
  expect(found.map(({ data }) => data.counted)).toEqual(['two', 'one']);
  expect([...exchangesSince(file, new Date(0), 1)]).toHaveLength(1);

  const db = new Database(file, { readonly: true });
  const plan = db.prepare(`EXPLAIN QUERY PLAN SELECT * FROM records r WHERE r.kind = 'exchange' AND r.at >= ? ORDER BY r.at DESC`).all('');
  db.close();
  expect(JSON.stringify(plan)).toContain('records_exchanges');
});

it('a bypass that was left open is found', async () => {
  const begun = { kind: 'policy', verdict: 'bypass-begun', at: '2026-05-01T10:00:00.000Z' } as const;
  const ended = { kind: 'policy', verdict: 'bypass-ended', at: '2026-05-01T10:10:00.000Z' } as const;
  const inForce = { kind: 'policy', verdict: 'in-force', at: '2026-05-01T10:20:00.000Z' } as const;
  expect(lastBypass(await logWith([inForce]))).toBeUndefined();
  expect(lastBypass(await logWith([begun, inForce]))?.verdict).toBe('bypass-begun');
  expect(lastBypass(await logWith([begun, ended, inForce]))?.verdict).toBe('bypass-ended');
});
