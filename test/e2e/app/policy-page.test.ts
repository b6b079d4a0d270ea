/** The policy page, with a real engine and the log that it wrote: what would happen if, an answer taken back, a draft tried. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { bundle } from '../../../build/bundle.ts';
import type { ProviderRequest } from '../../../main/cli/demo/provider.ts';
import { anthropicTurn } from '../../../main/cli/demo/turns.ts';
import { startDisplay } from '../../support/display.ts';
import { type GuardProcess, ROOT, run, startGuardProcess } from '../../support/guard-process.ts';
import { type App, aFolder, picture, startApp } from './app-driver.ts';
import { expectAccessible } from './axe.ts';
import { inFleet } from './content.ts';
import { faintTexts } from './contrast.ts';
import { startFakeEngine } from './fake-engine.ts';

const OUTSIDE = 'echo made > ~/outside.txt';

describe('the policy page', () => {
  const stack = new AsyncDisposableStack();
  let guard: GuardProcess;
  let app: App;
  let page: Page;

  beforeAll(async () => {
    await bundle();
    const display = stack.use(await startDisplay({ parts: ['windows', 'tray'], size: '1400x900' }));
    guard = await startGuardProcess({
      reply: ({ body }: ProviderRequest) => {
        const { messages, stream = false } = JSON.parse(Buffer.from(body).toString()) as { messages: unknown[]; stream?: boolean };
        if (messages.length > 1) return anthropicTurn({ text: 'All done.' }, { stream });
        const calls = ['ls', OUTSIDE].map((command, i) => ({ id: `toolu_${i}`, tool: 'Bash', input: { command } }));
        return anthropicTurn({ text: 'I will.', calls }, { stream });
      },
    });
    stack.defer(() => guard.stop());
    app = stack.use(await startApp({ display, dataDir: guard.ready.dataDir }));
    const control = await guard.control();
    await vi.waitFor(async () => expect((await control.call('status', {})).approvals.attended).toBe(true), { timeout: 20_000 });

    const ended = run(process.execPath, [join(ROOT, 'main/cli/demo/agent.ts'), 'Please do.'], { cwd: guard.project, env: guard.agentEnv });
    await app.popup.locator('.card:not(.unarmed)').waitFor();
    await app.popup.getByRole('button', { name: 'Allow for longer' }).click();
    await app.popup.getByText('Allow in this project for 8 hours').click();
    expect((await ended).stdout).toContain('All done.');

    page = await app.openConsole();
    await page.getByRole('button', { name: /^Policy/ }).click();
  });
  afterAll(() => stack.disposeAsync());

  const both = async (name: string) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await picture(page, `policy-${name}-${colorScheme}`);
      expect(await faintTexts(page)).toEqual([]);
    }
    // Nothing hangs over an edge, and all that is longer than the window scrolls in the page's own part of it.
    expect(
      await page.evaluate(() => [document.documentElement.scrollWidth - innerWidth, document.documentElement.scrollHeight - innerHeight]),
    ).toEqual([0, 0]);
    await expectAccessible(page);
  };

  it('says what is in force and from whom, each policy in a sentence, with the rest of it one click away', async () => {
    await page.getByText(/^Starter policy that ships with Holdpoint, \d+ policies\.$/).waitFor();
    const refuses = page.getByRole('region', { name: /^Refuses/ });
    await refuses.getByText('Refuses a tool call that would get past Holdpoint.').waitFor();
    await page
      .getByRole('region', { name: /^Only watches/ })
      .getByRole('listitem')
      .first()
      .waitFor();
    await both('top');
    const row = page.getByRole('button', { name: /^Asks when a tool call installs software/ });
    await row.press('Enter');
    await page.getByText('30-ask.cedar, line').waitFor();
    await page.getByText('forbid (principal, action in').waitFor();
    await row.scrollIntoViewIfNeeded();
    await both('detail');
    await row.press('Enter');
  });

  it('says what would happen if, while somebody types', async () => {
    const field = page.getByLabel('What an agent might do');
    await chooses(guard.project);
    await page.getByRole('button', { name: 'Choose…', exact: true }).click();
    await page.getByTitle(guard.project).waitFor();
    await field.focus();
    await page.keyboard.type('npm test && rm -rf ~/Documents/drafts');
    const answer = page.getByRole('article', { name: 'You would be asked.' });
    await answer.getByText('The agent wants to delete files outside this project').waitFor();
    expect(await answer.locator('.mark-risk').textContent()).toBe('~/Documents/drafts');
    await answer.getByText('Asks when a tool call deletes or changes something that may not come back.').waitFor();
    await answer.getByRole('button', { name: 'Why exactly' }).click();
    await answer.getByText('30-ask.cedar:').waitFor();
    await answer.getByRole('button', { name: 'What the agent would be told' }).click();
    await answer.getByText('it was not run. The person at this computer said no.').waitFor();
    await field.scrollIntoViewIfNeeded();
    await both('what-if');

    await field.fill('cat ~/.local/share/holdpoint/control.token');
    await page
      .getByRole('article', { name: 'It would be refused.' })
      .getByText('Holdpoint and what it keeps are not for agents.', { exact: true })
      .waitFor();
    await picture(page, 'policy-what-if-refused-dark');
    await field.fill('ls');
    await page.getByRole('article', { name: 'It would pass without a question.' }).waitFor();

    await page.getByRole('radio', { name: 'Tool call' }).check();
    await page.getByText('This is not JSON.').waitFor();
    await field.fill('{"tool": "Read", "input": {"file_path": "~/.ssh/id_ed25519"}}');
    await page.getByRole('article', { name: 'You would be asked.' }).waitFor();
    await picture(page, 'policy-what-if-tool-dark');
    await field.fill('');
    await page.getByRole('article').waitFor({ state: 'detached' });
  });

  it('shows hostile text as it is', async () => {
    const field = page.getByLabel('What an agent might do');
    await page.getByRole('radio', { name: 'Shell', exact: true }).check();
    await field.fill('echo "<img src=x onerror=alert(1)>" \u202egnp.sh');
    const answer = page.getByRole('article');
    await answer.getByText('<img src=x onerror=alert(1)>').waitFor();
    expect(await answer.locator('img').count()).toBe(0);
    expect(await answer.textContent()).not.toContain('\u202e');
    await field.fill('');
  });

  it('takes a remembered answer back', async () => {
    const remembered = page.getByRole('region', { name: 'Remembered answers' });
    await remembered.getByText(OUTSIDE).waitFor();
    await page.getByRole('button', { name: 'Policy 1 remembered' }).waitFor();
    await remembered.scrollIntoViewIfNeeded();
    await both('remembered');
    await remembered.getByRole('button', { name: 'Revoke' }).click();
    await remembered.getByText('No answer is remembered.').waitFor();
    expect(await (await guard.control()).call('grants', {})).toEqual([]);
  });

  it('tries a draft on the log, and tells what is wrong with one that does not hold', async () => {
    const sound = join(guard.home, 'draft');
    await aDraft(
      sound,
      '@id("team.all") permit (principal, action, resource);\n@id("team.no-lists") @reason("Lists are not for agents.") forbid (principal, action == Action::"call_tool", resource) when { context.programs.contains("ls") };\n',
    );
    await chooses(sound);
    const draft = page.getByRole('region', { name: 'Try a draft' });
    await draft.getByRole('button', { name: 'Choose a folder…' }).click();
    await draft.getByText(/2 verdicts would have been another/).waitFor();
    await draft.getByText(sound, { exact: true }).waitFor();
    await draft.getByText('was allowed, would have been refused · team.no-lists').waitFor();
    await draft.getByText('was asked, then allowed, would have been allowed').waitFor();
    await draft.getByRole('table').scrollIntoViewIfNeeded();
    await both('draft');

    const broken = join(guard.home, 'broken');
    await aDraft(broken, '@id("x") @reason("No.")\nforbid (principal, action, resource) when { context.nothing };\n');
    await chooses(broken);
    await draft.getByRole('button', { name: 'Choose a folder…' }).click();
    await draft.getByText('This draft can’t be put in force: it has 1 problem.').waitFor();
    await draft.getByText(/^draft\.cedar:2:\d+: error:/).waitFor();
    await both('draft-broken');
  });

  it('is gone through by keyboard', async () => {
    await page.getByRole('button', { name: 'Try a draft' }).press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Choose a folder…');
    await page.getByRole('radio', { name: 'Shell', exact: true }).focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.getByRole('radio', { name: 'PowerShell' }).isChecked()).toBe(true);
  });

  it('says that nothing is in force when the guard is gone', async () => {
    await guard.end();
    await page.getByText('The guard is not running, so nothing is in force here').waitFor();
    expect(await page.getByRole('region').count()).toBe(0);
    await picture(page, 'policy-gone-dark');
  });

  async function aDraft(dir: string, text: string): Promise<void> {
    await mkdir(dir);
    await writeFile(join(dir, 'draft.cedar'), text);
  }

  /** Stands for the system's own window, which a test can't click in. */
  async function chooses(dir: string): Promise<void> {
    await app.electron.evaluate(({ dialog }, path) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
    }, dir);
  }
});

it('says who has signed what is in force, and when that was last confirmed', async () => {
  await using display = await startDisplay({ parts: ['windows', 'tray'], size: '1400x900' });
  await using folder = await aFolder();
  const given = inFleet();
  const until = new Date(Date.now() + 600_000).toISOString();
  await using engine = await startFakeEngine(folder.path, { status: { ...given, bypass: { until, reason: 'A release' } } });
  await using app = await startApp({ display, dataDir: folder.path });
  await engine.joined;
  const page = await app.openConsole();
  await page.getByRole('button', { name: /^Policy/ }).click();
  await page.getByText(/^Signed by your company, revision 12, confirmed \d\d:\d\d, 23 policies\.$/).waitFor();
  await page.getByText('Enforcement is suspended until').waitFor();
  await picture(page, 'policy-fleet-light');
});
