/** Status: one sentence that is true, charts that can be read by eye, by key and by ear, and who sees what. */

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../../build/bundle.ts';
import type { Figures } from '../../../main/contract/activity.ts';
import { HoldpointError } from '../../../main/contract/errors.ts';
import { startDisplay } from '../../support/display.ts';
import { EMPTY_ACTIVITY } from '../../support/empty-activity.ts';
import { aFolder, picture, startApp } from './app-driver.ts';
import { anAfternoon, aQuestion, aStatus, inFleet, unread } from './content.ts';
import { faintTexts } from './contrast.ts';
import { type FakeEngine, startFakeEngine } from './fake-engine.ts';
import { someFigures } from './figures-content.ts';

const EMPTY = EMPTY_ACTIVITY.figures() as Figures;

describe.each([1, 2] as const)('at scale %i', (scale) => {
  const stack = new AsyncDisposableStack();
  let engine: FakeEngine;
  let app: Awaited<ReturnType<typeof startApp>>;
  let page: Page;
  let answer: typeof someFigures = someFigures;

  beforeAll(async () => {
    await bundle();
    const display = stack.use(await startDisplay({ size: scale === 1 ? '1400x900' : '2600x1760' }));
    const folder = stack.use(await aFolder());
    engine = stack.use(await startFakeEngine(folder.path, { records: anAfternoon(), figures: (asked) => answer(asked) }));
    app = stack.use(await startApp({ display, dataDir: folder.path, scale }));
    await engine.joined;
    page = await app.openConsole();
    await page.getByRole('button', { name: /^Status/ }).click();
  });
  afterAll(() => stack.disposeAsync());

  it('draws what happened, and says it', async () => {
    await page.getByText('Everything is as it should be.').waitFor();
    await sentence(/^\d+ refused of \d+ tool calls in the last 7 days\./);
    await sentence(/^\d+ questions in the last 7 days; half of them were over within \d+ seconds\./);
    await sentence(/^\$19\.32 in the last 7 days, at list prices\.$/);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await tall(`status-${colorScheme}-${scale}x`);
      expect(await faintTexts(page)).toEqual([]);
    }
    for (const range of ['24 hours', '30 days', '7 days']) {
      await page.getByRole('radio', { name: range }).check();
      await sentence(new RegExp(`tool calls in the last ${range}\\.`));
      await tall(`status-${range.replace(' ', '-')}-${scale}x`);
    }
  });

  it('tells each column to those who move to it by key, and to those who read a table', async () => {
    const chart = page.getByRole('group', { name: /tool calls in the last 7 days/ });
    const columns = chart.getByRole('img');
    expect(await columns.count()).toBe(7);
    await columns.last().focus();
    await page.keyboard.press('ArrowLeft');
    const focused = page.locator('.column:focus');
    const told = await focused.getAttribute('aria-label');
    expect(told).toMatch(/^\w+, \d+ \w+: allowed \d+/);
    expect(await page.locator('.legend b').first().innerText()).toBe(told!.split(':')[0]);
    await picture(page, `status-column-${scale}x`);
    await page.keyboard.press('Home');
    await expect.poll(() => columns.first().evaluate((column) => column === document.activeElement)).toBe(true);
    await page.keyboard.press('Tab');
    await expect.poll(() => page.locator('.legend b').first().innerText()).toBe('Last 7 days');

    const table = page.getByRole('table', { name: /tool calls in the last 7 days/ });
    expect(await table.getByRole('row').count()).toBe(8);
    expect(await table.getByRole('columnheader').allInnerTexts()).toEqual(['allowed', 'allowed by you', 'not inspected', 'refused']);
  });

  it('says it in words where nothing happened, and where figures can’t be had', async () => {
    answer = (asked) => ({ ...someFigures(asked), ...EMPTY });
    await page.getByRole('radio', { name: '24 hours' }).check();
    await page.getByText('No agent asked for a tool in the last 24 hours.').waitFor();
    await picture(page, `status-empty-${scale}x`);
    answer = () => {
      throw new HoldpointError('audit-unwritable', 'The log can’t be read: the disk is gone. Put it back.');
    };
    await page.getByRole('radio', { name: '30 days' }).check();
    await page.getByRole('alert').getByText('The log can’t be read: the disk is gone. Put it back.').waitFor();
    await picture(page, `status-failed-${scale}x`);
    answer = someFigures;
    await page.getByRole('radio', { name: '7 days' }).check();
    await sentence(/tool calls in the last 7 days\./);
  });

  it('says first what needs a person', async () => {
    const question = aQuestion();
    engine.ask(question);
    await page.getByText('One question waits for you.').waitFor();
    await picture(page, `status-asking-${scale}x`);
    engine.end(question.id);
    engine.status({ ...inFleet(), ...unread(), notes: [...inFleet().notes, ...unread().notes] });
    await page.getByText('2 things need attention.').waitFor();
    await page.getByRole('main').getByText('The policy server policy.example.com does not answer.').waitFor();
    await page.getByText('4 things could not be read. See below what they were.').waitFor();
    await page.getByText('What a record looks like').click();
    await page.getByText('stays on this computer').first().waitFor();
    await page.getByText('This is how much goes to your company.').waitFor();
    await tall(`status-attention-${scale}x`);
    await page.getByRole('radio', { name: 'Texts up to 64 KB' }).check();
    await page.getByText('[secret:bearer-token:k3v7q2m6]').waitFor();
    await page.getByText('This is not how much goes to your company.').waitFor();
    const until = new Date(Date.now() + 600_000).toISOString();
    const suspended = 'Enforcement is suspended until 15:20: a demonstration. What policy would refuse passes, and is recorded.';
    engine.status({ bypass: { until, reason: 'a demonstration' }, notes: [suspended] });
    await page.getByText(/^Policy is not enforced until \d\d:\d\d\.$/).waitFor();
    await page.getByRole('main').getByText(suspended).waitFor();
    await picture(page, `status-bypass-${scale}x`);
    engine.status({ ...aStatus({ dataDir: '/' }), bypass: undefined, fleet: undefined, upload: undefined });
    await page.getByText('Everything is as it should be.').waitFor();
  });

  /** The words above a chart; its own name and its table say the same. */
  async function sentence(words: RegExp): Promise<void> {
    await page.locator('.figure-told > p').filter({ hasText: words }).waitFor();
  }

  /** A picture of all of the page, also of what has to be scrolled to; at twice the density only of what is in sight. */
  async function tall(name: string): Promise<void> {
    if (scale !== 1) return picture(page, name);
    const { width, height } = await page.evaluate(() => ({ width: window.innerWidth, height: window.innerHeight }));
    const all = await page.locator('main').evaluate((main) => main.scrollHeight);
    await page.setViewportSize({ width, height: Math.max(height, all) });
    await picture(page, name);
    await page.setViewportSize({ width, height });
  }
});
