/** The parts of the design, each on one page under the pages' own policy: how they look, and that keys work them. */

import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, stop } from 'esbuild';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle, OUT, PAGE_BUNDLES } from '../../../build/bundle.ts';
import { ROOT } from '../../../build/places.ts';
import { startDisplay } from '../../support/display.ts';
import { aFolder, picture, startApp } from './app-driver.ts';
import { barriers } from './axe.ts';
import { faintTexts } from './contrast.ts';
import { startFakeEngine } from './fake-engine.ts';

describe.each([1, 2] as const)('the parts, at scale %i', (scale) => {
  const stack = new AsyncDisposableStack();
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    await bundle();
    stack.adopt(await aGallery(), async (files) => {
      for (const file of files) await rm(file, { force: true });
    });
    const display = stack.use(await startDisplay({ size: scale === 1 ? '1400x1100' : '2600x2100' }));
    const folder = stack.use(await aFolder());
    stack.use(await startFakeEngine(folder.path));
    const app = stack.use(await startApp({ display, dataDir: folder.path, scale }));
    const opened = app.electron.waitForEvent('window');
    await app.electron.evaluate(({ BrowserWindow, session }) => {
      // No page of the app's own: nothing must be mistaken for it.
      const window = new BrowserWindow({
        width: 900,
        height: 1000,
        webPreferences: { session: session.fromPartition('holdpoint'), sandbox: true },
      });
      void window.loadURL('holdpoint://app/gallery.html');
    });
    page = await opened;
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    await page.getByRole('main').waitFor();
  });
  afterAll(() => stack.disposeAsync());

  it('can be seen and heard, in light, in dark and in the system’s colours', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await picture(page, `design-${colorScheme}-${scale}x`);
      expect(await faintTexts(page)).toEqual([]);
      expect(await barriers(page)).toEqual([]);
    }
    await page.emulateMedia({ colorScheme: 'light', forcedColors: 'active' });
    await picture(page, `design-forced-${scale}x`);
    // A colour of the system's own is kept as it is, so that a text could come to stand on itself.
    expect(await faintTexts(page, 3)).toEqual([]);
    await page.emulateMedia({ forcedColors: 'none' });
  });

  it('choose side by side by arrow', async () => {
    const choice = page.getByRole('group', { name: 'How long' });
    await choice.getByRole('radio', { name: '15 min' }).focus();
    await page.keyboard.press('ArrowRight');
    expect(await choice.getByRole('radio', { name: '60 min' }).isChecked()).toBe(true);
  });

  it('search, and forget what was searched for with Escape', async () => {
    const search = page.getByRole('searchbox', { name: 'Search everything' });
    await search.fill('rm -rf');
    await page.keyboard.press('Escape');
    expect(await search.inputValue()).toBe('');
  });

  it('ask in a dialog that keeps the focus, and gives it back', async () => {
    const opener = page.getByRole('button', { name: 'Revoke…' });
    await opener.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Revoke this answer?' });
    await dialog.waitFor();
    await picture(page, `design-dialog-${scale}x`);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Keep it');
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Revoke…');
  });

  it('need nothing that the pages’ policy forbids', () => {
    expect(errors).toEqual([]);
  });
});

/** The page among the app's own, for as long as it is looked at. Its files. */
async function aGallery(): Promise<string[]> {
  const [options] = PAGE_BUNDLES;
  const folder = join(OUT, 'renderer');
  await build({
    ...options,
    ...{ absWorkingDir: ROOT, bundle: true, outdir: OUT, logLevel: 'warning' },
    entryPoints: { 'renderer/gallery': 'test/e2e/app/gallery.tsx' },
  });
  await stop();
  const html = join(folder, 'gallery.html');
  await copyFile(join(ROOT, 'renderer/console/index.html'), html);
  await writeFile(html, (await readFile(html, 'utf8')).replaceAll('console.', 'gallery.'));
  return ['html', 'js', 'css'].map((ending) => join(folder, `gallery.${ending}`));
}
