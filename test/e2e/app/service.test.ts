/** The app on a machine whose guard is a service: it waits for that one, asks what that asks, and starts none of its own. */

import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../../build/bundle.ts';
import { startScriptedProvider } from '../../../main/cli/demo/provider.ts';
import { anthropicTurn } from '../../../main/cli/demo/turns.ts';
import { type Display, startDisplay } from '../../support/display.ts';
import { ASK_ALL, providerAuthority } from '../../support/guard-process.ts';
import { fetchThrough } from '../../support/proxied-fetch.ts';
import { servicePlacesIn, startService } from '../../support/service-process.ts';
import { aFolder, picture, startApp } from './app-driver.ts';

let display: Display;
beforeAll(async () => {
  await bundle();
  display = await startDisplay({ size: '1400x900' });
});
afterAll(() => display?.stop());

const PATIENCE = { timeout: 30_000 };
const HOST = 'api.anthropic.com';

describe('the app of a machine whose guard is a service', () => {
  it('waits for it and says so, shows its questions, and starts no other when it goes', async () => {
    await using folder = await aFolder();
    const places = servicePlacesIn(folder.path);
    const own = join(folder.path, 'home', 'holdpoint');
    const policy = join(folder.path, 'policy');
    for (const dir of [places.configDir, policy, own, join(places.runDir, 'claims')]) await mkdir(dir, { recursive: true });
    const authority = await providerAuthority(join(folder.path, 'provider'));
    const provider = await startScriptedProvider({
      contextFor: authority.contextFor,
      reply: () => anthropicTurn({ text: 'I will.', calls: [{ id: 'call_1', tool: 'Bash', input: { command: 'git push --force' } }] }),
    });
    const upstream = { resolve: { [HOST]: `127.0.0.1:${provider.port}` }, extraCaFile: authority.caFile };
    await writeFile(join(policy, 'test.cedar'), ASK_ALL);
    await writeFile(places.configFile, JSON.stringify({ upstream, policy: { dir: policy } }));

    await using app = await startApp({ display, dataDir: own, service: places.runDir });
    const tip = async () => (await app.tray()).tip;
    const console = await app.openConsole();
    await console.getByRole('status').getByText('The guard’s service is not running').waitFor();
    await console.getByRole('button', { name: 'Status' }).click();
    for (const colorScheme of ['light', 'dark'] as const) {
      await console.emulateMedia({ colorScheme });
      await picture(console, `console-service-missing-${colorScheme}`);
    }
    await console.emulateMedia({ colorScheme: 'light' });

    const service = await startService(places);
    await expect.poll(tip, PATIENCE).toBe('Holdpoint: Protecting');
    const send = await fetchThrough(service.ready);
    const question = { model: 'm', stream: true, max_tokens: 9, messages: [{ role: 'user', content: 'Publish it.' }] };
    const headers = { 'content-type': 'application/json' };
    const answered = send(`https://${HOST}/v1/messages`, { method: 'POST', headers, body: JSON.stringify(question) }).then((got) =>
      got.text(),
    );
    await expect.poll(() => app.popupVisible(), PATIENCE).toBe(true);
    await app.popup.locator('.card:not(.unarmed)').waitFor();
    await app.popup.getByRole('button', { name: /^Allow once/ }).click();
    expect(await answered).toContain('tool_use');
    await console.getByRole('status').getByText('Protecting').waitFor();
    await picture(console, 'console-service');

    await service.stop();
    await expect.poll(tip, PATIENCE).toBe('Holdpoint: Guard not running');
    const again = await startService(places);
    await expect.poll(tip, PATIENCE).not.toBe('Holdpoint: Guard not running');
    await app.stop();
    // It is the system's: it goes on without the app.
    expect((await fetch(`${again.ready.proxyUrl}/holdpoint.crl`)).status).toBe(200);
    await again.stop();
    await provider.close();
    // No engine has ever had a data folder there.
    expect(await readdir(own)).toEqual(['app']);
    expect(existsSync(join(places.runDir, 'app'))).toBe(false);
  });

  it('tells agents that this computer leads there as guarded, with nothing to attach', async () => {
    await using folder = await aFolder();
    const places = servicePlacesIn(folder.path);
    const [own, home] = [join(folder.path, 'share', 'holdpoint'), join(folder.path, 'home')];
    for (const dir of [places.configDir, own, join(places.runDir, 'claims'), join(home, '.claude')]) await mkdir(dir, { recursive: true });
    await writeFile(join(home, '.claude', 'settings.json'), '{}');
    const service = await startService(places);
    const env = { HOME: home, HTTPS_PROXY: service.ready.proxyUrl };
    await using app = await startApp({ display, dataDir: own, service: places.runDir, env });
    const console = await app.openConsole();
    await console.getByRole('button', { name: 'Agents' }).click();
    await console.getByText('Guarded: this computer’s own settings lead it to Holdpoint.').waitFor();
    expect(await console.getByRole('button', { name: 'Attach Claude Code' }).count()).toBe(0);
    for (const colorScheme of ['light', 'dark'] as const) {
      await console.emulateMedia({ colorScheme });
      await picture(console, `console-service-agents-${colorScheme}`);
    }
    await app.stop();
    await service.stop();
  });
});
