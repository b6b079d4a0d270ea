/** The first steps: shown once, left out where somebody else looks after the machine, and each of them real. */

import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ElectronApplication, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { bundle } from '../../../build/bundle.ts';
import { type Display, startDisplay } from '../../support/display.ts';
import { apart, CLAUDE_SETTINGS, type Home, homeWithAgents } from './agents-support.ts';
import { type App, aFolder, type Folder, picture, startApp } from './app-driver.ts';
import { expectAccessible } from './axe.ts';
import { inFleet } from './content.ts';
import { startFakeEngine } from './fake-engine.ts';

let display: Display;
beforeAll(async () => {
  await bundle();
  const plain = await apart(await startDisplay({ size: '1800x1000' }));
  const TMPDIR = join(plain.home, 'tmp');
  await mkdir(TMPDIR);
  display = { ...plain, env: { ...plain.env, TMPDIR } };
});
afterAll(() => display?.stop());

const PATIENCE = { timeout: 30_000 };

/** Of a window that opens by itself. */
async function consoleOf(electron: ElectronApplication): Promise<Page> {
  return await vi.waitFor(() => {
    const page = electron.windows().find((one) => one.url().endsWith('/console.html'));
    if (!page) throw new Error('The console has not opened.');
    return page;
  }, PATIENCE);
}

async function inBoth(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await picture(page, `${name}-${colorScheme}`);
    await expectAccessible(page);
  }
}

describe('at the first start', () => {
  let home: Home;
  let folder: Folder;
  let app: App;
  let page: Page;
  beforeAll(async () => {
    home = await homeWithAgents(display.home);
    folder = await aFolder();
    app = await startApp({ display, dataDir: folder.path, firstRun: true });
    page = await consoleOf(app.electron);
  });
  afterAll(async () => {
    await app?.stop();
    await folder?.[Symbol.asyncDispose]();
  });
  const mark = () => join(folder.path, 'app', 'first-run.json');
  const leftOver = async () => (await readdir(display.env.TMPDIR!)).filter((name) => name.startsWith('holdpoint-demo-'));
  const next = () => page.getByRole('button', { name: 'Next' }).click();

  it('says what this is, and what is watched', async () => {
    await page.getByRole('heading', { name: 'Your agents ask before they do damage' }).waitFor(PATIENCE);
    await page.getByText('Step 1 of 3').waitFor();
    await page.getByText('Your browsing, mail, files and keys pressed are not watched.').waitFor();
    await inBoth(page, 'first-run-1');
  });

  it('attaches the agents that were chosen, as was shown, and takes that back', async () => {
    await next();
    await page.getByRole('heading', { name: 'Put your agents behind it' }).waitFor();
    await page.getByRole('checkbox', { name: /Gemini CLI/ }).uncheck();
    await page.getByRole('button', { name: 'What changes: Claude Code' }).click();
    await page.getByText('"HTTPS_PROXY"').first().waitFor();
    await inBoth(page, 'first-run-2');
    expect(await readFile(home.claudeSettings, 'utf8')).toBe(CLAUDE_SETTINGS);
    await page.getByRole('button', { name: 'Attach 1 agent' }).click();
    await page.getByText('Claude Code is attached. Start it anew.').waitFor(PATIENCE);
    expect(await readFile(home.claudeSettings, 'utf8')).toContain('HTTPS_PROXY');
    await picture(page, 'first-run-2-attached');

    await page.getByRole('button', { name: 'Undo: Claude Code' }).click();
    await page.getByText('Taken back').waitFor(PATIENCE);
    expect(await readFile(home.claudeSettings, 'utf8')).toBe(CLAUDE_SETTINGS);
  });

  it('asks a harmless question in the real window, and tells what came of the answer', async () => {
    await next();
    await page.getByRole('button', { name: 'Let it try' }).click();
    await page.getByText('Your question is in the window at the upper right').waitFor(PATIENCE);
    await expect.poll(() => app.popupVisible(), PATIENCE).toBe(true);
    await inBoth(page, 'first-run-3-asking');
    await display.screenshot('test-results/first-run-3-screen.png');
    await app.popup.locator('.card:not(.unarmed)').waitFor(PATIENCE);
    await app.popup.getByRole('button', { name: 'Deny', exact: true }).click();
    await page.getByText('You refused it. The agent never saw the command.').waitFor(PATIENCE);
    await inBoth(page, 'first-run-3-refused');
    await expect.poll(() => app.popupVisible()).toBe(false);
    await expect.poll(leftOver, PATIENCE).toEqual([]);
  });

  it('tells what would have come of allowing it', async () => {
    await page.getByRole('button', { name: 'Once more' }).click();
    await page.getByText('Your question is in the window at the upper right').waitFor(PATIENCE);
    await app.popup.locator('.card:not(.unarmed)').waitFor(PATIENCE);
    await app.popup.getByRole('button', { name: /^Allow once/ }).click();
    await page.getByText('You allowed it, and the practice folder is empty now.').waitFor(PATIENCE);
  });

  it('is over when a person says so, is not shown again, and can be looked at again', async () => {
    expect(existsSync(mark())).toBe(false);
    await page.getByRole('button', { name: 'Finish' }).click();
    await page.locator('nav').waitFor();
    await expect.poll(() => existsSync(mark())).toBe(true);
    await page.getByRole('button', { name: 'Agents' }).click();
    await page.getByRole('button', { name: 'Show the first steps again' }).click();
    await page.getByText('Step 1 of 3').waitFor();
    await page.getByRole('button', { name: 'Skip the rest' }).click();
    await page.locator('nav').waitFor();
  });
});

describe('at another start', () => {
  const windows = (app: App) => app.electron.windows().map((page) => new URL(page.url()).pathname);

  it.each<[string, Parameters<typeof startFakeEngine>[1], boolean]>([
    ['somebody was shown around', {}, false],
    ['a fleet looks after the machine', { status: inFleet() }, true],
  ])('no window opens by itself where %s', async (_why, given, firstRun) => {
    await using folder = await aFolder();
    await using engine = await startFakeEngine(folder.path, given);
    await using app = await startApp({ display, dataDir: folder.path, firstRun });
    await engine.joined;
    // The app has asked who sets the settings, and what comes after that would be its window.
    await expect.poll(() => engine.settingsAsked(), PATIENCE).toBe(firstRun ? 1 : 0);
    const console = await app.openConsole();
    await console.getByRole('button', { name: 'Activity' }).waitFor();
    expect(await console.getByText('Step 1 of 3').count()).toBe(0);
    expect(windows(app).filter((name) => name === '/console.html')).toHaveLength(1);
  });

  it('is shown again where the window was closed before its end', async () => {
    await using folder = await aFolder();
    await using engine = await startFakeEngine(folder.path);
    for (const _start of ['first', 'second']) {
      await using app = await startApp({ display, dataDir: folder.path, firstRun: true });
      await engine.joined;
      const page = await consoleOf(app.electron);
      await page.getByText('Step 1 of 3').waitFor(PATIENCE);
      await page.close();
    }
  });
});
