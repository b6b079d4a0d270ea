/** The pictures by which the look is judged: popup and console, light and dark, at both densities. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../../build/bundle.ts';
import { startDisplay } from '../../support/display.ts';
import { aFolder, PICTURES, picture, startApp } from './app-driver.ts';
import {
  aGrant,
  aManagedMachine,
  aMissed,
  aQuestion,
  aStatus,
  CURL_TO_SHELL,
  FORCE_PUSH,
  inFleet,
  LONG_COMMAND,
  unread,
} from './content.ts';
import { faintTexts } from './contrast.ts';
import { type FakeEngine, startFakeEngine } from './fake-engine.ts';
import { REAL } from './real-questions.ts';
import { aToldAfternoon } from './told-afternoon.ts';

describe.each([1, 2] as const)('at scale %i', (scale) => {
  const stack = new AsyncDisposableStack();
  let engine: FakeEngine;
  let app: Awaited<ReturnType<typeof startApp>>;

  beforeAll(async () => {
    await bundle();
    const display = stack.use(await startDisplay({ parts: ['windows', 'tray'], size: scale === 1 ? '1400x900' : '2600x1760' }));
    const folder = stack.use(await aFolder());
    engine = stack.use(
      await startFakeEngine(folder.path, {
        ...aToldAfternoon(),
        status: { engine: aStatus({ dataDir: '/home/mara/.local/share/holdpoint' }).engine },
        ...aManagedMachine(),
      }),
    );
    app = stack.use(await startApp({ display, dataDir: folder.path, scale }));
    await engine.joined;
  });
  afterAll(() => stack.disposeAsync());

  it.each([...Object.entries(REAL), ['long', () => [LONG_COMMAND()]] as const])('shows the popup: %s', async (name, asked) => {
    const questions = asked();
    engine.ask(...questions);
    await app.popup.locator('.card:not(.unarmed)').waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await app.popup.emulateMedia({ colorScheme });
      await picture(app.popup, `popup-${name}-${colorScheme}-${scale}x`);
      expect(await faintTexts(app.popup)).toEqual([]);
    }
    const { width, height } = await app.popup.locator('.page').evaluate((page) => page.getBoundingClientRect());
    // All of it is in the window.
    expect(await app.popup.evaluate(() => [window.innerWidth, window.innerHeight])).toEqual([width, Math.ceil(height)]);
    engine.end(...questions.map(({ id }) => id));
    await expect.poll(() => app.popupVisible()).toBe(false);
  });

  it('shows the popup in the system’s own colours, where fills and shadows are gone', async () => {
    const question = REAL.delete!()[0]!;
    engine.ask(question);
    await app.popup.locator('.card:not(.unarmed)').waitFor();
    await app.popup.emulateMedia({ forcedColors: 'active' });
    await picture(app.popup, `popup-forced-${scale}x`);
    const looks = await app.popup.evaluate(() => ({
      borders: [...document.querySelectorAll('.button')].map((button) => getComputedStyle(button).borderTopStyle),
      marks: [...document.querySelectorAll('.mark-risk, .mark-watch')].map((mark) => getComputedStyle(mark).textDecorationLine),
      // Of an effect's shape, against what it stands on.
      shape: getComputedStyle(document.querySelector('.effects .risk')!, '::before').backgroundColor,
      canvas: getComputedStyle(document.querySelector('.effects')!).backgroundColor,
    }));
    expect(new Set(looks.borders)).toEqual(new Set(['solid']));
    expect(new Set(looks.marks)).toEqual(new Set(['underline']));
    expect(looks.shape).not.toBe(looks.canvas);
    await app.popup.emulateMedia({ forcedColors: 'none' });
    engine.end(question.id);
    await expect.poll(() => app.popupVisible()).toBe(false);
  });

  it.each(['delete', 'edit-code', 'effects', 'together'])('shows the popup with text of 125 per cent: %s', async (name) => {
    const zoom = (factor: number) =>
      app.electron.evaluate(
        ({ BrowserWindow }, to) =>
          BrowserWindow.getAllWindows()
            .find((one) => one.getTitle() === 'Holdpoint asks')!
            .webContents.setZoomFactor(to),
        factor,
      );
    await zoom(1.25);
    const questions = REAL[name]!();
    engine.ask(...questions);
    await app.popup.locator('.card:not(.unarmed)').waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await app.popup.emulateMedia({ colorScheme });
      await app.popup.evaluate(() => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => {}))).then(() => {}));
      // Playwright's own picture of a page ends where an unzoomed one would.
      const png = await app.electron.evaluate(async ({ BrowserWindow }) => {
        const image = await BrowserWindow.getAllWindows()
          .find((one) => one.getTitle() === 'Holdpoint asks')!
          .capturePage();
        return image.toPNG().toString('base64');
      });
      await writeFile(join(PICTURES, `popup-${name}-large-${colorScheme}-${scale}x.png`), png, 'base64');
    }
    const missing = await app.popup.evaluate(() => {
      const { width } = document.querySelector('.page')!.getBoundingClientRect();
      const buttons = [...document.querySelectorAll('footer .button')].map((button) => button.getBoundingClientRect());
      return {
        width: document.documentElement.clientWidth - Math.round(width),
        outside: buttons.filter(({ left, right, bottom }) => left < 0 || right > window.innerWidth || bottom > window.innerHeight).length,
        rows: new Set(buttons.map(({ bottom }) => Math.round(bottom))).size,
      };
    });
    expect(missing).toEqual({ width: 0, outside: 0, rows: 1 });
    engine.end(...questions.map(({ id }) => id));
    await expect.poll(() => app.popupVisible()).toBe(false);
    await zoom(1);
  });

  it('shows the popup with all that opens', async () => {
    const question = REAL.delete!()[0]!;
    engine.ask(question);
    await app.popup.locator('.card.unarmed').waitFor();
    await picture(app.popup, `popup-arming-${scale}x`);
    await app.popup.locator('.card:not(.unarmed)').waitFor();
    await app.popup.getByRole('button', { name: 'Details' }).click();
    await app.popup.getByRole('button', { name: 'Allow for longer' }).click();
    await app.popup.getByRole('menu').waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await app.popup.emulateMedia({ colorScheme });
      await picture(app.popup, `popup-open-${colorScheme}-${scale}x`);
      expect(await faintTexts(app.popup)).toEqual([]);
    }
    await app.popup.keyboard.press('Escape');
    await app.popup.getByRole('button', { name: 'Deny and say why…' }).click();
    await app.popup.getByLabel('Tell the agent why').waitFor();
    await expect.poll(() => app.popup.evaluate(() => document.documentElement.scrollHeight - window.innerHeight)).toBe(0);
    await picture(app.popup, `popup-why-dark-${scale}x`);
    engine.end(question.id);
    await expect.poll(() => app.popupVisible()).toBe(false);
  });

  it('shows in the console what could not be read, and how much of it went on', async () => {
    engine.status({ state: 'attention', ...unread() });
    const console = await app.openConsole();
    await console.getByRole('button', { name: /^Status/ }).click();
    const section = console.getByRole('heading', { name: 'What could not be read' });
    await section.scrollIntoViewIfNeeded();
    await console.getByText('3 requests to a path that Holdpoint does not know').waitFor();
    await console.getByText('1 tool call too long to be read whole').waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await console.emulateMedia({ colorScheme });
      await picture(console, `console-unread-${colorScheme}-${scale}x`);
      expect(await faintTexts(console)).toEqual([]);
    }
    engine.status({ state: 'protecting', notes: [], uninspected: [], counts: aStatus({ dataDir: '/' }).counts });
    await console.getByText('3 requests').waitFor({ state: 'detached' });
  });

  it('shows in the console which fleet it belongs to, and who sees the log', async () => {
    engine.status(inFleet());
    const console = await app.openConsole();
    await console.getByRole('button', { name: /^Status/ }).click();
    await console.getByText('Revision 12, ring stable').waitFor();
    await console.getByText('those who keep your company’s log on logs.example.com').waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await console.emulateMedia({ colorScheme });
      await picture(console, `console-fleet-${colorScheme}-${scale}x`);
      expect(await faintTexts(console)).toEqual([]);
    }
    const { policy } = aStatus({ dataDir: '/' });
    engine.status({ state: 'protecting', notes: [], policy, fleet: undefined, upload: undefined });
    await console.getByText('Only you.').waitFor();
  });

  it('shows in the console who set what, and whom to ask', async () => {
    const console = await app.openConsole();
    await console.getByRole('button', { name: /^Settings/ }).click();
    await console.getByRole('heading', { name: 'Set by your company’s IT on this machine' }).waitFor();
    await console.getByRole('heading', { name: 'Set by your company’s policy, revision 12' }).waitFor();
    expect(await console.getByText('Ask IT security, it-security@example.com').count()).toBe(2);
    expect(await console.getByRole('img', { name: 'Locked' }).count()).toBe(2);
    await console.getByText('Your configuration file wants “wait” here, which does not count.').waitFor();
    expect(await console.getByText('replace-this').count()).toBe(0);
    for (const colorScheme of ['light', 'dark'] as const) {
      await console.emulateMedia({ colorScheme });
      await picture(console, `console-settings-${colorScheme}-${scale}x`);
      expect(await faintTexts(console)).toEqual([]);
    }
    for (const folded of [1, 0]) await console.getByRole('button', { name: 'Show them' }).nth(folded).click();
    await console.getByText('fleet.maxAgeHours').waitFor();
    await console.getByText('redaction.restore').waitFor();
    await console.getByText('budgets', { exact: true }).scrollIntoViewIfNeeded();
    await picture(console, `console-settings-all-dark-${scale}x`);
    expect(await faintTexts(console)).toEqual([]);
  });

  it('shows the console', async () => {
    engine.miss(aMissed(FORCE_PUSH()));
    engine.miss(aMissed(CURL_TO_SHELL(), true));
    engine.grant(aGrant());
    const open = aQuestion();
    engine.ask(open);
    const console = await app.openConsole();
    await console.getByRole('button', { name: /^Activity/ }).click();
    await console.getByRole('main').getByRole('listitem').first().waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await console.emulateMedia({ colorScheme });
      for (const page of ['Activity', 'Missed', 'Policy', 'Status']) {
        await console.getByRole('button', { name: new RegExp(`^${page}`) }).click();
        await console.getByRole('main').waitFor();
        if (page === 'Policy') await console.getByRole('region', { name: /^Refuses/ }).waitFor();
        await picture(console, `console-${page.toLowerCase()}-${colorScheme}-${scale}x`);
        expect(await faintTexts(console)).toEqual([]);
      }
    }
    // Nothing hangs over the edge.
    expect(await console.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  });
});
