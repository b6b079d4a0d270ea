/** The page of checks, with the real checks against a real engine: what is wrong, its repair, and how it looks. */

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../../build/bundle.ts';
import { type Display, startDisplay } from '../../support/display.ts';
import { type App, aFolder, type Folder, picture, startApp } from './app-driver.ts';
import { expectAccessible } from './axe.ts';

const PATIENCE = { timeout: 60_000 };

let display: Display;
let folder: Folder;
let app: App;
let page: Page;
let claudeSettings: string;

beforeAll(async () => {
  await bundle();
  const desktop = await startDisplay({ size: '1400x900' });
  // Nothing of what is installed on the computer of whoever runs the tests but what every Debian has.
  display = { ...desktop, env: { ...desktop.env, PATH: '/usr/bin:/bin', SHELL: '/bin/bash' } };
  claudeSettings = join(display.home, '.claude', 'settings.json');
  await mkdir(join(display.home, '.claude'), { recursive: true });
  await writeFile(claudeSettings, '{}\n');
  await writeFile(join(display.home, '.bash_profile'), 'export NO_PROXY=localhost,anthropic.com\n');
  folder = await aFolder();
  app = await startApp({ display, dataDir: folder.path });
  page = await app.openConsole();
  await page.getByRole('status').getByText('Protecting').waitFor(PATIENCE);
});
afterAll(async () => {
  await app?.stop();
  await folder?.[Symbol.asyncDispose]();
  await display?.stop();
});

const checkOf = (title: string) => page.locator('.check', { hasText: title });

describe('the page of checks', () => {
  it('runs nothing before it is asked, then tells what is wrong first and all else in its groups', async () => {
    await page.getByRole('button', { name: 'Checks' }).click();
    expect(await page.locator('.check').count()).toBe(0);
    await bothLooks('console-checks-begin');
    await page.getByRole('button', { name: 'Run the checks' }).click();
    await page.getByText(/things? (is|are) wrong/).waitFor(PATIENCE);
    const wrong = page.getByRole('region', { name: 'What is wrong' });
    await wrong.getByText('NO_PROXY excepts api.anthropic.com: calls there go past the guard.').waitFor();
    await wrong.getByText('Claude Code is not set up').waitFor();
    const guard = page.getByRole('region', { name: 'The guard', exact: true });
    await guard.getByText(/^An engine of your own, \d/).waitFor();
    await page.getByRole('region', { name: 'Programs that agents run on' }).getByText('curl goes through the guard').waitFor();
    await bothLooks('console-checks');
    await guard.scrollIntoViewIfNeeded();
    await bothLooks('console-checks-rest');
  });

  it('repairs what needs no administrator when its button is pressed, and looks again', async () => {
    await page.getByRole('button', { name: 'Repair: Claude Code' }).click();
    await checkOf('Claude Code').getByText('Claude Code goes through the guard by its own settings.').waitFor(PATIENCE);
    expect(await readFile(claudeSettings, 'utf8')).toMatch(/"HTTPS_PROXY": "http:\/\/127\.0\.0\.1:\d+"/);
    await page.getByText('Repaired.').waitFor();
    await expectAccessible(page);
    await picture(page, 'console-checks-repaired');
  });

  it('can be stopped, and run again', async () => {
    await page.getByRole('button', { name: 'Run again' }).click();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByText(/^Nothing is wrong|^\d+ to look at/).waitFor(PATIENCE);
  });
});

async function bothLooks(name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await picture(page, `${name}-${colorScheme}`);
    await expectAccessible(page);
  }
  await page.emulateMedia({ colorScheme: 'light' });
}
