/** A person who reads large text makes it so once, and everything of Holdpoint's is. */

import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundle } from '../../../build/bundle.ts';
import { type Display, startDisplay } from '../../support/display.ts';
import { type App, aFolder, startApp } from './app-driver.ts';
import { aQuestion } from './content.ts';
import { startFakeEngine } from './fake-engine.ts';

let display: Display;
beforeAll(async () => {
  await bundle();
  display = await startDisplay({ size: '1400x900' });
});
afterAll(() => display?.stop());

const sizes = ({ electron }: App) =>
  electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.webContents.getZoomFactor().toFixed(2)));

/** By way of Electron: what Playwright presses begins in the page, behind the keys that are the window's. */
const presses = ({ electron }: App, keyCode: string) =>
  electron.evaluate(({ BrowserWindow }, code) => {
    const { webContents } = BrowserWindow.getAllWindows().find((window) => window.getTitle() === 'Holdpoint')!;
    webContents.sendInputEvent({ type: 'keyDown', keyCode: code, modifiers: ['control'] });
    webContents.sendInputEvent({ type: 'keyUp', keyCode: code, modifiers: ['control'] });
  }, keyCode);

it('is changed by a key in both windows, and is the same after a new start', async () => {
  await using folder = await aFolder();
  await using engine = await startFakeEngine(folder.path);
  {
    await using app = await startApp({ display, dataDir: folder.path });
    await engine.joined;
    await app.openConsole();
    await presses(app, '=');
    await presses(app, '=');
    await expect.poll(() => sizes(app)).toEqual(['1.25', '1.25']);
  }
  await using app = await startApp({ display, dataDir: folder.path });
  await app.openConsole();
  await expect.poll(() => sizes(app)).toEqual(['1.25', '1.25']);
  engine.ask(aQuestion());
  await app.popup.locator('.card:not(.unarmed)').waitFor();
  // All of it is in the window.
  expect(await app.popup.evaluate(() => document.documentElement.scrollHeight - window.innerHeight)).toBeLessThanOrEqual(0);
});
