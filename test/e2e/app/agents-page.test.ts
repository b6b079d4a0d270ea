/** The page of agents: what is attached, and attaching and detaching with everything shown before it is done. */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../../build/bundle.ts';
import { type Display, startDisplay } from '../../support/display.ts';
import { aBusyLaptop, apart, BASHRC, CLAUDE_SETTINGS, type Home, homeWithAgents } from './agents-support.ts';
import { type App, aFolder, type Folder, PICTURES, picture, startApp } from './app-driver.ts';
import { expectAccessible } from './axe.ts';
import { startFakeEngine } from './fake-engine.ts';

let display: Display;
beforeAll(async () => {
  await bundle();
  display = await apart(await startDisplay({ size: '1400x900' }));
});
afterAll(() => display?.stop());

const PATIENCE = { timeout: 30_000 };
/** At 125 %; Playwright’s own picture would show a part of it. */
async function enlarged(app: App, name: string): Promise<void> {
  const png = await app.electron.evaluate(async ({ BrowserWindow }) => {
    const { webContents } = BrowserWindow.getAllWindows().find((window) => window.getTitle() === 'Holdpoint')!;
    webContents.setZoomFactor(1.25);
    await webContents.executeJavaScript('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
    return (await webContents.capturePage()).toPNG().toString('base64');
  });
  await writeFile(join(PICTURES, `${name}.png`), png, 'base64');
}

const rowOf = (page: Page, name: string) => page.locator('.agent', { hasText: name });

describe('on a machine with agents', () => {
  let home: Home;
  let folder: Folder;
  let app: App;
  let page: Page;
  beforeAll(async () => {
    home = await homeWithAgents(display.home);
    folder = await aFolder();
    app = await startApp({ display, dataDir: folder.path });
    page = await app.openConsole();
    await page.getByRole('status').getByText('Protecting').waitFor(PATIENCE);
    await page.getByRole('button', { name: 'Agents' }).click();
    await page.getByText('2 agents are not guarded.').waitFor(PATIENCE);
  });
  afterAll(async () => {
    await app?.stop();
    await folder?.[Symbol.asyncDispose]();
  });

  it('shows what would change of a file, changes nothing before that is agreed to, and takes it back to the byte', async () => {
    await page.getByRole('button', { name: 'Attach Claude Code' }).click();
    const plan = page.getByRole('region', { name: 'Attach Claude Code' });
    await plan.getByText(home.claudeSettings).waitFor();
    expect(await plan.innerText()).toMatch(/"HTTPS_PROXY": "http:\/\/127\.0\.0\.1:\d+"/);
    expect(await plan.innerText()).not.toContain('BASH_DEFAULT_TIMEOUT_MS');
    expect(await readFile(home.claudeSettings, 'utf8')).toBe(CLAUDE_SETTINGS);
    await expectAccessible(page);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await picture(page, `console-agents-plan-${colorScheme}`);
    }
    await plan.getByRole('button', { name: 'Attach', exact: true }).click();
    await page.getByText('Attached. Start Claude Code anew.').waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Detach…');
    await rowOf(page, 'Claude Code').getByText('Attached by its own settings').waitFor(PATIENCE);
    await page.getByText('1 agent is guarded, 1 is not.').waitFor();
    expect(await readFile(home.claudeSettings, 'utf8')).toMatch(/"HTTPS_PROXY": "http/);

    await page.getByRole('button', { name: 'Detach Claude Code' }).click();
    await page.getByRole('region', { name: 'Detach Claude Code' }).getByRole('button', { name: 'Detach', exact: true }).click();
    await page.getByText('Detached. Start Claude Code anew').waitFor();
    expect(await readFile(home.claudeSettings, 'utf8')).toBe(CLAUDE_SETTINGS);
  });

  it('puts an agent without settings into the shell, and says that a new terminal is needed', async () => {
    await page.getByRole('button', { name: 'Attach Gemini CLI' }).click();
    const plan = page.getByRole('region', { name: 'Attach Gemini CLI' });
    await plan.getByText('.bashrc').waitFor();
    await plan.getByRole('button', { name: 'Attach', exact: true }).click();
    await page.getByText('Attached. Start Gemini CLI anew. Open a new terminal first.').waitFor();
    expect(await readFile(home.bashrc, 'utf8')).toContain('function gemini {');
    await page.getByRole('button', { name: 'Detach Gemini CLI' }).click();
    await page.getByRole('region', { name: 'Detach Gemini CLI' }).getByRole('button', { name: 'Detach', exact: true }).click();
    await page.getByText('Detached. Start Gemini CLI anew').waitFor();
    expect(await readFile(home.bashrc, 'utf8')).toBe(BASHRC);
  });
});

describe('what was seen', () => {
  it('is told agent by agent, server by server, and program by program', async () => {
    await homeWithAgents(display.home);
    await using folder = await aFolder();
    await using _engine = await startFakeEngine(folder.path, aBusyLaptop());
    await using app = await startApp({ display, dataDir: folder.path });
    const page = await app.openConsole();
    await page.getByRole('button', { name: 'Agents' }).click();
    await rowOf(page, 'Gemini CLI').getByText('does not trust Holdpoint’s certificate').waitFor(PATIENCE);
    await page.getByText('1 agent is guarded only when it is started through Holdpoint, 2 are not.').waitFor();
    // Two agents, a browser's chat and a program that are not read, and a server whose tools have changed.
    expect(await page.getByRole('button', { name: /^Agents/ }).innerText()).toMatch(/5$/);
    await page.getByText('create_issue, delete_comment are not what they were').waitFor();
    await page.getByText('firefox → ChatGPT').waitFor();
    // A name that would turn round what stands after it.
    await page.getByText('U+202E').waitFor();
    await expectAccessible(page);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await picture(page, `console-agents-${colorScheme}`);
    }
    await page.getByRole('heading', { name: 'Others that talk to AI' }).scrollIntoViewIfNeeded();
    await page.locator('.page').evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await picture(page, 'console-agents-others-dark');
    await expectAccessible(page);
    // For eyes that want larger letters.
    await page.locator('.page').evaluate((element) => element.scrollTo(0, 0));
    await enlarged(app, 'console-agents-large-dark');
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  });

  it('cannot be told while no guard runs, and nothing is put behind one that is not there', async () => {
    await homeWithAgents(display.home);
    await using folder = await aFolder();
    const config = join(folder.path, 'config.json');
    await writeFile(config, JSON.stringify({ proxy: { port: 'eighty' } }));
    await using app = await startApp({ display, dataDir: folder.path, args: ['--config', config] });
    const page = await app.openConsole();
    await page.getByRole('button', { name: 'Agents' }).click();
    await page.getByText('What the guard has seen cannot be shown. The guard is not running.').waitFor(PATIENCE);
    await page.getByRole('button', { name: 'Attach Claude Code' }).click();
    await page.getByRole('alert').getByText('nothing can be put behind it').waitFor();
    expect(await page.getByText(/MCP|not seen/).count()).toBe(0);
    await picture(page, 'console-agents-no-guard');
  });
});
