/** The popup for those who hear it, or see it in colours of their own. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../../build/bundle.ts';
import { startDisplay } from '../../support/display.ts';
import { type App, aFolder, startApp } from './app-driver.ts';
import { expectAccessible } from './axe.ts';
import { type FakeEngine, startFakeEngine } from './fake-engine.ts';
import { REAL } from './real-questions.ts';

const stack = new AsyncDisposableStack();
let engine: FakeEngine;
let app: App;

beforeAll(async () => {
  await bundle();
  const display = stack.use(await startDisplay({ size: '1400x900' }));
  const folder = stack.use(await aFolder());
  engine = stack.use(await startFakeEngine(folder.path));
  app = stack.use(await startApp({ display, dataDir: folder.path }));
  await engine.joined;
});
afterAll(() => stack.disposeAsync());

describe('the popup', () => {
  it.each(Object.keys(REAL))('has nothing in it that axe finds wrong: %s', async (name) => {
    const questions = REAL[name]!();
    engine.ask(...questions);
    await app.popup.locator('.card:not(.unarmed)').waitFor();
    for (const media of [
      { colorScheme: 'light', forcedColors: 'none' },
      { colorScheme: 'dark', forcedColors: 'none' },
      { colorScheme: 'light', forcedColors: 'active' },
    ] as const) {
      await app.popup.emulateMedia(media);
      await expectAccessible(app.popup);
    }
    engine.end(...questions.map(({ id }) => id));
    await expect.poll(() => app.popupVisible()).toBe(false);
  });
});
