/** Every screen can be seen, heard and reached by everybody: light, dark, with more contrast, in the system's colours, with larger text. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../../build/bundle.ts';
import { startDisplay } from '../../support/display.ts';
import { type App, aFolder, PICTURES, picture, startApp } from './app-driver.ts';
import { barriers } from './axe.ts';
import { aGrant, aManagedMachine, aMissed, anAfternoon, CURL_TO_SHELL, FORCE_PUSH, inFleet, unread } from './content.ts';
import { faintTexts } from './contrast.ts';
import { cutTexts } from './cut-texts.ts';
import { type FakeEngine, startFakeEngine } from './fake-engine.ts';
import { someFigures } from './figures-content.ts';
import { REAL } from './real-questions.ts';

const stack = new AsyncDisposableStack();
let engine: FakeEngine;
let app: App;
let console: Page;

beforeAll(async () => {
  await bundle();
  const display = stack.use(await startDisplay({ size: '1400x900' }));
  const folder = stack.use(await aFolder());
  engine = stack.use(await startFakeEngine(folder.path, { records: anAfternoon(), figures: someFigures, ...aManagedMachine() }));
  app = stack.use(await startApp({ display, dataDir: folder.path }));
  await engine.joined;
  engine.miss(aMissed(FORCE_PUSH()));
  engine.miss(aMissed(CURL_TO_SHELL(), true));
  engine.grant(aGrant());
  engine.status({ ...inFleet(), ...unread(), notes: [...inFleet().notes, ...unread().notes] });
  console = await app.openConsole();
});
afterAll(() => stack.disposeAsync());

describe('the console', () => {
  it.each([
    ['light', { colorScheme: 'light' }, []],
    ['dark', { colorScheme: 'dark' }, []],
    // The system answers for its own colours.
    ['in the system’s colours', { colorScheme: 'light', forcedColors: 'active' }, ['color-contrast']],
  ] as const)('has nothing that keeps somebody out: %s', async (name, media, except) => {
    await console.emulateMedia(media);
    await onEachScreen(async (screen) => {
      await picture(console, `accessible-${screen}-${name.replaceAll(/\W+/g, '-')}`);
      expect(await barriers(console, { without: except }), screen).toEqual([]);
      // No text stands on its own colour.
      expect(await faintTexts(console, 3), screen).toEqual([]);
    });
    await console.emulateMedia({ colorScheme: 'light', forcedColors: 'none' });
  });

  it.each(['light', 'dark'] as const)('has texts at 7 to 1 where more contrast is asked for: %s', async (colorScheme) => {
    await console.emulateMedia({ colorScheme, contrast: 'more' });
    await onEachScreen(async (screen) => {
      await picture(console, `accessible-${screen}-${colorScheme}-more`);
      expect(await faintTexts(console, 7), screen).toEqual([]);
    });
    await console.emulateMedia({ colorScheme: 'light', contrast: 'no-preference' });
  });

  it.each([
    ['as it opens', 1180, 760],
    ['as small as it gets', 940, 560],
  ] as const)('cuts nothing off at 125 % text: %s', async (name, width, height) => {
    await console.emulateMedia({ reducedMotion: 'reduce' });
    await sized(width, height, 1.25);
    await onEachScreen(async (screen) => {
      await zoomedPicture(`larger-${screen}-${name.replaceAll(' ', '-')}`);
      expect(await cutTexts(console), screen).toEqual([]);
    });
    await sized(1180, 760, 1);
  });
});

describe('the popup', () => {
  it.each(['delete', 'together'] as const)('has nothing that keeps somebody out: %s', async (name) => {
    const questions = REAL[name]!();
    engine.ask(...questions);
    await app.popup.locator('.card:not(.unarmed)').waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await app.popup.emulateMedia({ colorScheme });
      // It is a dialog with a window to itself: there is nothing else to find one's way around in.
      expect(await barriers(app.popup, { without: ['landmark-one-main', 'region', 'aria-allowed-role'] })).toEqual([]);
    }
    engine.end(...questions.map(({ id }) => id));
    await expect.poll(() => app.popupVisible()).toBe(false);
  });
});

/** Whatever the console leads to by its navigation. */
async function onEachScreen(look: (screen: string) => Promise<void>): Promise<void> {
  const places = console.getByRole('navigation').first().locator('.nav');
  const count = await places.count();
  expect(count).toBeGreaterThanOrEqual(5);
  for (let i = 0; i < count; i += 1) {
    await places.nth(i).click();
    await console.getByRole('main').waitFor();
    if (await console.locator('.charts').count()) await console.locator('.chart svg').first().waitFor();
    const [screen = ''] = (await places.nth(i).innerText()).split(/\s/);
    await look(screen.toLowerCase());
  }
}

async function sized(width: number, height: number, zoom: number): Promise<void> {
  await app.electron.evaluate(
    ({ BrowserWindow }, [wide, high, factor]) => {
      const window = BrowserWindow.getAllWindows().find((one) => one.getTitle() === 'Holdpoint')!;
      window.setContentSize(wide, high);
      window.webContents.setZoomFactor(factor);
    },
    [width, height, zoom] as const,
  );
  await expect.poll(() => console.evaluate(() => window.innerWidth)).toBe(Math.round(width / zoom));
}

/** Playwright's own pictures know nothing of zoom. */
async function zoomedPicture(name: string): Promise<void> {
  // What was asked for before is on the screen two frames later.
  await console.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  const png = await app.electron.evaluate(async ({ BrowserWindow }) => {
    const window = BrowserWindow.getAllWindows().find((one) => one.getTitle() === 'Holdpoint')!;
    return (await window.webContents.capturePage()).toPNG().toString('base64');
  });
  await mkdir(PICTURES, { recursive: true });
  await writeFile(join(PICTURES, `${name}.png`), Buffer.from(png, 'base64'));
}
