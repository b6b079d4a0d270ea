/** A real engine whose files somebody lays hands on: seen, recorded, and never a reason to go on without a log. */

import { chmodSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { anthropicTurn } from '../../../main/cli/demo/turns.ts';
import type { AuditRecord } from '../../../main/contract/record.ts';
import { type GuardProcess, startGuardProcess } from '../../support/guard-process.ts';

let guard: GuardProcess;
afterEach(() => guard.stop());

const started = async () => {
  guard = await startGuardProcess({ reply: () => anthropicTurn({ text: 'Hello.', calls: [] }) });
  return guard;
};
const tamperings = async (): Promise<readonly AuditRecord[]> =>
  (await guard.cli('audit', 'export', '--format', 'ndjson')).stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AuditRecord)
    .filter(({ kind }) => kind === 'tamper');
const status = async () => JSON.parse((await guard.cli('status', '--json')).stdout) as { state: string; notes: string[] };

describe('an engine whose files are tampered with', () => {
  it('sees that a key was changed, records it and tells the person', async () => {
    await started();
    const file = join(guard.ready.dataDir, 'identity.json');
    writeFileSync(file, '{}');
    await expect.poll(async () => (await status()).notes.join(' ')).toContain('identity.json was changed by somebody else');
    expect((await status()).state).toBe('attention');
    expect((await tamperings()).map(({ verdict, data }) => [verdict, data.source])).toEqual([['file-changed', file]]);
  });

  it('ends when its log is put away, rather than writing to what nobody will find; and none starts until it is back, whole', async () => {
    await started();
    const log = join(guard.ready.dataDir, 'audit.db');
    renameSync(log, `${log}.hidden`);
    await expect.poll(() => guard.stderr()).toMatch(/audit\.db was removed while the guard wrote to it/);
    await expect.poll(async () => (await guard.cli('status')).code).toBe(3);
    await expect(guard.restart()).rejects.toThrow(/is gone, and its journal .* Put the log back/);
    renameSync(`${log}.hidden`, log);
    await guard.restart();
    expect(await guard.cli('audit', 'verify')).toMatchObject({ code: 0 });
  });

  it('closes what was open to others at the next start, and records it', async () => {
    await started();
    const log = join(guard.ready.dataDir, 'audit.db');
    await guard.end();
    chmodSync(log, 0o644);
    await guard.restart();
    expect(statSync(log).mode & 0o777).toBe(0o600);
    expect((await tamperings()).map(({ verdict, data }) => [verdict, data.source])).toEqual([['file-open', log]]);
  });

  it('opens no debugger to whoever signals it', async () => {
    await started();
    process.kill(guard.ready.pid, 'SIGUSR1');
    expect((await status()).state).toBe('protecting');
    expect(guard.stderr()).not.toMatch(/debugger/i);
  });
});
