import { expect, it } from 'vitest';
import type { AuditLog } from '../../../main/engine/audit/log.ts';
import { createUpload, type UploadOptions } from '../../../main/engine/upload/upload.ts';
import { openLog, temporaryFolder } from '../audit/support.ts';
import { appended, receiver, seqsOf } from './support.ts';

const SETTINGS = {
  headers: {},
  encoding: 'protobuf',
  content: 'metadata',
  batchSeconds: 0.05,
  maxBacklogRecords: 1000,
  statusMinutes: 60,
} as const;

function uploadOf(dir: string, audit: AuditLog, url: string, changes: Partial<UploadOptions> = {}) {
  return createUpload({
    settings: { ...SETTINGS, url },
    audit,
    dir,
    device: '01'.repeat(16),
    version: '1.2.3',
    roots: () => [],
    proxy: () => undefined,
    onChange: () => {},
    log: () => {},
    ...changes,
  });
}

it('sends what was logged before it began, and what comes after', async () => {
  const dir = temporaryFolder();
  const log = await openLog(dir);
  const collector = await receiver();
  await appended(log, 2);
  const upload = uploadOf(dir, log, collector.url);
  expect(upload.status()).toEqual({ url: collector.url, content: 'metadata', uploaded: 0, pending: 2, confirmedAt: null, problem: null });
  upload.begin();
  await collector.until(() => seqsOf(collector.kept).length === 2);
  await appended(log, 1, 3);
  await collector.until(() => seqsOf(collector.kept).length === 3);
  await upload.close();
  expect(upload.status()).toMatchObject({ uploaded: 3, pending: 0, problem: null });
});

it('sends what is still waiting for company when it is closed', async () => {
  const dir = temporaryFolder();
  const log = await openLog(dir);
  const collector = await receiver();
  const upload = uploadOf(dir, log, collector.url, {
    settings: { ...SETTINGS, url: collector.url, batchSeconds: 3600 },
    flushMs: 20_000,
  });
  await appended(log, 1);
  upload.begin();
  await collector.until(() => seqsOf(collector.kept).length === 1);
  await appended(log, 2, 2);
  expect(seqsOf(collector.kept)).toEqual([1]);
  await upload.close();
  expect(seqsOf(collector.kept)).toEqual([1, 2, 3]);
  expect(upload.status()).toMatchObject({ uploaded: 3, pending: 0 });
});

it('asks for attention when nothing has got through for a quarter of an hour, and no longer when something has', async () => {
  const dir = temporaryFolder();
  const log = await openLog(dir);
  const collector = await receiver();
  await appended(log, 1);
  let time = 0;
  collector.answer({ kind: 'refuse', status: 503 });
  const told: string[] = [];
  const upload = uploadOf(dir, log, collector.url, { now: () => time, log: (message) => told.push(message) });
  upload.begin();
  await expect.poll(() => upload.status().problem, { timeout: 20_000 }).toMatch(/503/);
  time = 14 * 60_000;
  expect(upload.note()).toBeUndefined();
  time = 15 * 60_000;
  expect(upload.note()).toMatch(/The collector at .* cannot take records now/);
  collector.answer({ kind: 'accept' });
  await expect.poll(() => upload.status().problem, { timeout: 20_000 }).toBeNull();
  expect(upload.note()).toBeUndefined();
  expect(told).toHaveLength(1);
  await upload.close();
});

it('lets the engine stop though the collector says nothing', async () => {
  const dir = temporaryFolder();
  const log = await openLog(dir);
  const collector = await receiver();
  collector.answer({ kind: 'hang' });
  await appended(log, 1);
  const upload = uploadOf(dir, log, collector.url);
  upload.begin();
  await collector.until(() => collector.requests.length > 0);
  await upload.close();
  expect(upload.status()).toMatchObject({ uploaded: 0, pending: 1 });
});

it('does not show what the address has behind its path, which may be a key', async () => {
  const dir = temporaryFolder();
  const log = await openLog(dir);
  expect(uploadOf(dir, log, 'https://collector.test/v1/logs?key=abc').status().url).toBe('https://collector.test/v1/logs');
});
