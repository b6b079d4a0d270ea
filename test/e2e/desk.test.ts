/** A day at the desk, with nothing pretended but the model: asked, answered by key, found again, proved, handed on. */

import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../build/bundle.ts';
import type { ProviderReply, ProviderRequest } from '../../main/cli/demo/provider.ts';
import { anthropicTurn } from '../../main/cli/demo/turns.ts';
import { startDisplay } from '../support/display.ts';
import { type GuardProcess, ROOT, run, startGuardProcess } from '../support/guard-process.ts';
import { type App, picture, startApp } from './app/app-driver.ts';
import { expectAccessible } from './app/axe.ts';

const PROMPT = 'Note in my home folder that the quarterly lighthouse is painted.';
const COMMAND = 'echo painted > ~/lighthouse.txt';
const REMARK = 'I will leave a note about the lighthouse.';

function reply({ body }: ProviderRequest): ProviderReply {
  const { messages, stream = false } = JSON.parse(Buffer.from(body).toString()) as { messages: unknown[]; stream?: boolean };
  const isAsked = messages.length === 1;
  return isAsked
    ? anthropicTurn({ text: REMARK, calls: [{ id: 'toolu_1', tool: 'Bash', input: { command: COMMAND } }] }, { stream })
    : anthropicTurn({ text: 'It is noted.' }, { stream });
}

describe('what an agent wanted', () => {
  const stack = new AsyncDisposableStack();
  let guard: GuardProcess;
  let app: App;
  let page: Page;
  const story = () => page.locator('main.story');
  const turnTo = (name: string) => page.getByRole('navigation').getByRole('button', { name }).click();
  const asks = () =>
    run(process.execPath, [join(ROOT, 'main/cli/demo/agent.ts'), PROMPT], { cwd: guard.project, env: guard.agentEnv, timeout: 60_000 });

  beforeAll(async () => {
    await bundle();
    const display = stack.use(await startDisplay({ parts: ['windows', 'tray'], size: '1400x900' }));
    guard = await startGuardProcess({ reply });
    stack.defer(() => guard.stop());
    app = stack.use(await startApp({ display, dataDir: guard.ready.dataDir }));
  });
  afterAll(() => stack.disposeAsync());

  it('is asked in the popup, and allowed there by key', async () => {
    // Until the app has connected nobody is there, and the call would be refused at once.
    const control = await guard.control();
    await expect.poll(async () => (await control.call('status', {})).approvals.attended).toBe(true);
    const ended = asks();
    await expect.poll(() => app.popupVisible()).toBe(true);
    await app.popup
      .getByText(/outside this project/)
      .first()
      .waitFor();
    await app.chooseInTray(/Answer|wants to/);
    await app.popup.locator('.card:not(.unarmed)').waitFor();
    expect(existsSync(join(guard.home, 'lighthouse.txt'))).toBe(false);
    // The keyboard must have been quiet: the keys of somebody who has just been given the window are not meant for it.
    await expect
      .poll(async () => {
        await app.popup.keyboard.press('Control+Enter');
        return await app.popupVisible();
      })
      .toBe(false);
    expect((await ended).stdout).toContain('It is noted.');
    expect(existsSync(join(guard.home, 'lighthouse.txt'))).toBe(true);
  });

  it('is told as a story, from the prompt to what came of it', async () => {
    page = await app.openConsole();
    await page.getByRole('list', { name: 'Sessions' }).getByText(PROMPT).first().click();
    await story().getByText(REMARK).first().waitFor();
    await story().getByText('allowed by you').waitFor();
    await story().getByText('It is noted.').waitFor();
    expect(await story().locator('header').innerText()).toContain(PROMPT);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await picture(page, `desk-story-${colorScheme}`);
      await expectAccessible(page);
    }
  });

  it('is found by any word of it, and proved', async () => {
    await page.keyboard.press('Control+k');
    await page.keyboard.type('quarterly lighthouse');
    await page.getByRole('radio', { name: 'Records' }).check();
    const found = page.getByRole('list', { name: 'Records' }).getByRole('listitem');
    await found.first().locator('mark').first().waitFor();
    await found.first().click();
    await page.getByLabel('Search everything').fill('');
    const step = story().getByRole('listitem').filter({ hasText: 'allowed by you' });
    await step.getByRole('button', { name: 'Why' }).click();
    await step.getByRole('article').first().getByRole('button', { name: 'Proof in the chain' }).click();
    await step.getByText('Link before').waitFor();
    // What the page shows is what the log has.
    const shown = await step.locator('.proof').innerText();
    const seq = Number(/"seq":(\d+)/.exec(shown)![1]);
    const { stdout } = await guard.cli('audit', 'show', String(seq), '--json');
    const previous = /Link before\s+([0-9a-f]{64})/.exec(shown)![1]!;
    expect(stdout).toContain(previous);
    await picture(page, 'desk-proof');
  });

  it('can be handed on, and anyone can check it', async () => {
    const folder = join(guard.home, 'handed-on');
    await mkdir(folder);
    await app.electron.evaluate(({ dialog, shell }, path) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
      shell.showItemInFolder = () => {};
    }, folder);
    await page.getByRole('button', { name: /Export/ }).click();
    await page.getByText('Anyone can check it with', { exact: false }).waitFor();
    const [name = ''] = await readdir(folder);
    const { code, stdout } = await guard.cli('audit', 'verify', join(folder, name));
    expect(stdout).toContain('The export is whole');
    expect(code).toBe(0);
    await page.keyboard.press('Escape');
  });

  it('counts in what is drawn, and would be asked again', async () => {
    await turnTo('Status');
    await page
      .getByText(/^The only tool call .* was allowed\.$/)
      .first()
      .waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await picture(page, `desk-status-${colorScheme}`);
    }
    await turnTo('Policy');
    await page.getByLabel('What an agent might do').fill(COMMAND);
    await page.getByRole('article', { name: 'You would be asked.' }).waitFor();
  });

  it('waits in the tray when it is set aside, and is refused from there', async () => {
    const control = await guard.control();
    const ended = asks();
    await expect.poll(() => app.popupVisible()).toBe(true);
    const [question] = await control.call('questions', {});
    expect(question!.title).toContain('outside this project');
    await app.popup.keyboard.press('Escape');
    await expect.poll(() => app.popupVisible()).toBe(false);
    // Set aside it stays held, and waits in the tray.
    expect((await control.call('questions', {})).map(({ id }) => id)).toEqual([question!.id]);
    await app.chooseInTray(/Answer|wants to/);
    await app.popup.locator('.card:not(.unarmed)').waitFor();
    await app.popup.getByRole('button', { name: 'Deny', exact: true }).click();
    expect((await ended).stdout).toContain('Holdpoint refused this Bash call');
    await turnTo('Activity');
    await story().getByText('refused by you').first().waitFor();
  });
});

describe('what nobody answered', () => {
  it('is refused, stands in the console, and passes once when it comes again if the person says so', async () => {
    await using stack = new AsyncDisposableStack();
    const display = stack.use(await startDisplay({ size: '1400x900' }));
    const guard = await startGuardProcess({ reply, config: { approvals: { timeoutSeconds: 4 } } });
    stack.defer(() => guard.stop());
    const app = stack.use(await startApp({ display, dataDir: guard.ready.dataDir }));
    const control = await guard.control();
    await expect.poll(async () => (await control.call('status', {})).approvals.attended).toBe(true);
    const asks = () =>
      run(process.execPath, [join(ROOT, 'main/cli/demo/agent.ts'), PROMPT], { cwd: guard.project, env: guard.agentEnv, timeout: 60_000 });

    expect((await asks()).stdout).toContain('Holdpoint refused this Bash call');
    expect(existsSync(join(guard.home, 'lighthouse.txt'))).toBe(false);
    const page = await app.openConsole();
    await page.getByRole('navigation').getByRole('button', { name: 'Missed' }).click();
    await page.getByText(COMMAND).waitFor();
    await page.getByRole('button', { name: 'Allow next time' }).click();
    await page.getByText('Will be allowed once, within 8 hours').waitFor();
    await picture(page, 'desk-missed');

    expect((await asks()).stdout).toContain('It is noted.');
    expect(existsSync(join(guard.home, 'lighthouse.txt'))).toBe(true);
    expect(await control.call('questions', {})).toEqual([]);
  });
});
