import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openAudit } from '../../../main/engine/audit/log.ts';
import { tailRecords } from '../../../main/engine/audit/read.ts';
import { verifyLog } from '../../../main/engine/audit/verify.ts';
import { entry, KEY, openLog, optionsFor, temporaryFolder } from './support.ts';

const CHILD = fileURLToPath(new URL('./child-writer.ts', import.meta.url));
const key = KEY.export({ format: 'der', type: 'pkcs8' }).toString('base64');

function writer(dir: string, count: number, size: number, fileBlocks?: number): ChildProcess {
  const args = [CHILD, dir, key, String(count), String(size)];
  // RLIMIT_FSIZE, in units of 512 or 1024 bytes as the shell has it: beyond it a write fails as on a full disk.
  const child =
    fileBlocks === undefined
      ? spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
      : spawn('bash', ['-c', `ulimit -f ${fileBlocks}; exec "$0" "$@"`, process.execPath, ...args], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

describe('faults', () => {
  it('loses nothing that it has acknowledged when it is killed, fifteen times over', { timeout: 60_000 }, async () => {
    const dir = temporaryFolder();
    const acknowledged = new Map<number, string>();
    for (let round = 0; round < 15; round++) {
      const child = writer(dir, 1e9, 200);
      let left = 20 + ((round * 37) % 90);
      for await (const line of createInterface({ input: child.stdout! })) {
        const [, seq, id] = /^kept (\d+) (\S+)$/.exec(line) ?? [];
        if (id) acknowledged.set(Number(seq), id);
        if (--left === 0) child.kill('SIGKILL');
      }
    }
    expect(acknowledged.size).toBeGreaterThan(15 * 20);
    expect(await verifyLog(`${dir}/audit.db`)).toMatchObject({ ok: true });
    const kept = new Map(tailRecords(`${dir}/audit.db`, { limit: 1_000_000 }).map(({ seq, id }) => [seq, id]));
    expect([...acknowledged].filter(([seq, id]) => kept.get(seq) !== id)).toEqual([]);
  });

  it('rejects what a full disk does not take, and keeps all that it has acknowledged', { timeout: 60_000 }, async () => {
    const dir = temporaryFolder();
    const child = writer(dir, 60, 100_000, 3000);
    const exit = once(child, 'exit');
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout! })) lines.push(line);
    await exit;
    const kept = lines.filter((line) => line.startsWith('kept '));
    const lost = lines.filter((line) => line === 'lost audit-unwritable');
    expect(kept.length).toBeGreaterThan(5);
    expect(lost.length).toBeGreaterThan(5);
    expect(kept.length + lost.length).toBe(60);
    expect(await verifyLog(`${dir}/audit.db`)).toMatchObject({ ok: true });
    const stored = tailRecords(`${dir}/audit.db`, { limit: 1000 });
    expect(kept.filter((line) => !stored.some(({ seq, id }) => line === `kept ${seq} ${id}`))).toEqual([]);

    // With room again the log goes on from where it was.
    const log = await openLog(dir);
    expect((await log.append(entry(1))).seq).toBe(stored.length + 1);
  });

  it('says in a gap record what it could not keep, before it keeps anything else', { timeout: 30_000 }, async () => {
    const dir = temporaryFolder();
    let minute = 0;
    const log = await openLog(dir, { now: () => new Date(Date.UTC(2026, 10, 24, 10, minute++)) });
    await log.append(entry(1));
    const other = new Database(`${dir}/audit.db`);
    other.exec('BEGIN IMMEDIATE');
    const refused = [log.append(entry(2)), log.append(entry(3)), log.append(entry(4))];
    for (const append of refused)
      await expect(append).rejects.toMatchObject({ code: 'audit-unwritable', message: expect.stringContaining(dir) });
    expect(log.stats().writable).toBe(false);
    other.exec('ROLLBACK');
    other.close();
    const heard: string[] = [];
    log.onRecord(({ kind }) => heard.push(kind));
    const next = await log.append(entry(5));
    expect(next.seq).toBe(3);
    expect(heard).toEqual(['gap', 'verdict']);
    expect(log.stats()).toMatchObject({ writable: true, records: 3 });
    const [, gap] = await log.records({ limit: 2 });
    expect(gap).toMatchObject({
      kind: 'gap',
      data: { count: 3, from: '2026-11-24T10:03:00.000Z', to: '2026-11-24T10:05:00.000Z', reason: expect.stringContaining('locked') },
    });
    expect(await verifyLog(`${dir}/audit.db`)).toEqual({ ok: true, records: 3 });
  });

  it('writes the gap as soon as it can, though nothing more is appended', { timeout: 30_000 }, async () => {
    const dir = temporaryFolder();
    const log = await openAudit(optionsFor(dir));
    const other = new Database(`${dir}/audit.db`);
    other.exec('BEGIN IMMEDIATE');
    await expect(log.append(entry(1))).rejects.toMatchObject({ code: 'audit-unwritable' });
    other.exec('ROLLBACK');
    other.close();
    await log.close();
    expect(tailRecords(`${dir}/audit.db`, { limit: 10 })).toMatchObject([{ kind: 'gap', data: { count: 1 } }]);
    expect(await verifyLog(`${dir}/audit.db`)).toEqual({ ok: true, records: 1 });
  });
});
