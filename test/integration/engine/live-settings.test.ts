/** Settings that change while the engine runs, and what is in force right after. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { connectControl } from '../../../main/engine/control/client.ts';
import { startEngine } from '../../../main/engine/engine.ts';
import { createSettingsStack } from '../../../main/engine/settings/stack.ts';
import { startOtlpReceiver } from '../../support/otlp-receiver.ts';

it('a bypass ends at once when management forbids it', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'holdpoint-live-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true }));
  const stack = createSettingsStack({ user: { layer: 'user', where: 'config.json', values: new Map() }, defaultDataDir: dataDir });
  const manage = (allowed: boolean) =>
    stack.setManaged({ state: 'settings', json: { bypass: { allowed } }, source: 'managed.json', base: '/etc/holdpoint' });
  manage(true);
  const engine = await startEngine(stack.current(), () => {}, stack);
  onTestFinished(() => engine.stop());
  const client = await connectControl(dataDir, { client: 'test', attends: false });
  onTestFinished(() => client.close());
  await client.call('bypass', { minutes: 5, reason: 'A test of the network' });
  expect((await client.call('status', {})).bypass).toBeDefined();
  manage(false);
  const ended = async () => (await client.call('records', { limit: 100 })).find(({ verdict }) => verdict === 'bypass-ended')?.data.how;
  expect((await client.call('status', {})).bypass).toBeUndefined();
  await expect.poll(ended, { timeout: 20_000 }).toBe('forbidden');
});

it('the log goes to the collector that the fleet names, then to the next, then to none', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'holdpoint-live-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true }));
  const [one, other] = [await startOtlpReceiver(), await startOtlpReceiver()];
  onTestFinished(async () => void (await Promise.all([one.close(), other.close()])));
  const stack = createSettingsStack({ user: { layer: 'user', where: 'config.json', values: new Map() }, defaultDataDir: dataDir });
  const engine = await startEngine(stack.current(), () => {}, stack);
  onTestFinished(() => engine.stop());
  const client = await connectControl(dataDir, { client: 'test', attends: false });
  onTestFinished(() => client.close());
  const upload = async () => (await client.call('status', {})).upload?.url;
  const publish = (revision: number, url?: string) =>
    stack.setBundle({ revision, json: url === undefined ? {} : { audit: { upload: { url, batchSeconds: 0.05 } } } });
  const started = ({ kept }: typeof one) =>
    kept.some(({ attributes }) => attributes['holdpoint.record.kind'] === 'engine' && attributes['holdpoint.verdict'] === 'started');

  expect(await upload()).toBeUndefined();
  publish(1, one.url);
  await one.until(() => started(one));
  publish(2, other.url);
  await other.until(() => started(other));
  expect(await upload()).toBe(other.url);
  publish(3);
  expect(await upload()).toBeUndefined();
});
