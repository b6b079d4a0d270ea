/** The pictures by which the look is judged: popup and console, light and dark, at both densities. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../../build/bundle.ts';
import { startDisplay } from '../../support/display.ts';
import { aFolder, picture, startApp } from './app-driver.ts';
import { aGrant, aMissed, anAfternoon, aQuestion, CURL_TO_SHELL, EDIT_ELSEWHERE, FORCE_PUSH, LONG_COMMAND } from './content.ts';
import { faintTexts } from './contrast.ts';
import { type FakeEngine, startFakeEngine } from './fake-engine.ts';

describe.each([1, 2] as const)('at scale %i', (scale) => {
  const stack = new AsyncDisposableStack();
  let engine: FakeEngine;
  let app: Awaited<ReturnType<typeof startApp>>;

  beforeAll(async () => {
    await bundle();
    const display = stack.use(await startDisplay({ parts: ['windows', 'tray'], size: scale === 1 ? '1400x900' : '2600x1760' }));
    const folder = stack.use(await aFolder());
    engine = stack.use(await startFakeEngine(folder.path, { records: anAfternoon() }));
    app = stack.use(await startApp({ display, dataDir: folder.path, scale }));
    await engine.joined;
  });
  afterAll(() => stack.disposeAsync());

  it.each([
    ['delete', [aQuestion()]],
    ['download', [CURL_TO_SHELL()]],
    ['edit', [EDIT_ELSEWHERE()]],
    ['long', [LONG_COMMAND()]],
    ['together', [aQuestion({ group: 'g' }), FORCE_PUSH({ group: 'g' })]],
  ])('shows the popup: %s', async (name, questions) => {
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

  it('shows the console', async () => {
    engine.miss(aMissed(FORCE_PUSH()));
    engine.miss(aMissed(CURL_TO_SHELL(), true));
    engine.grant(aGrant());
    const open = aQuestion();
    engine.ask(open);
    const console = await app.openConsole();
    await console.getByRole('main').getByRole('listitem').first().waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await console.emulateMedia({ colorScheme });
      for (const page of ['Activity', 'Missed', 'Remembered', 'Status']) {
        await console.getByRole('button', { name: new RegExp(`^${page}`) }).click();
        await console.getByRole('main').waitFor();
        await picture(console, `console-${page.toLowerCase()}-${colorScheme}-${scale}x`);
        expect(await faintTexts(console)).toEqual([]);
      }
    }
    // Nothing hangs over the edge.
    expect(await console.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  });
});
