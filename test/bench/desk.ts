/** How long a person waits for the console: from opening it to its first contentful paint, and until its window is shown. */

import { bundle } from '../../build/bundle.ts';
import { type App, aFolder, startApp } from '../e2e/app/app-driver.ts';
import { anAfternoon } from '../e2e/app/content.ts';
import { startFakeEngine } from '../e2e/app/fake-engine.ts';
import { startDisplay } from '../support/display.ts';
import { median } from './load.ts';

/** Lines to print. The first opening is told apart: nothing is warm then. */
export async function deskFigures(rounds: number): Promise<string[]> {
  await bundle();
  await using display = await startDisplay();
  await using folder = await aFolder();
  await using engine = await startFakeEngine(folder.path, { records: anAfternoon() });
  await using app = await startApp({ display, dataDir: folder.path });
  await engine.joined;
  const first = await openOnce(app);
  const later: Opening[] = [];
  for (let round = 0; round < rounds; round += 1) later.push(await openOnce(app));
  return [
    '\nthe console, from its opening',
    `- to the first contentful paint: ${first.paint.toFixed(0)} ms the first time, then ${median(later.map(({ paint }) => paint)).toFixed(0)} ms`,
    `- to its window being shown: ${first.shown.toFixed(0)} ms the first time, then ${median(later.map(({ shown }) => shown)).toFixed(0)} ms`,
  ];
}

interface Opening {
  readonly paint: number;
  readonly shown: number;
}

/** Opens the console, measures, and closes it again. Times are of the wall clock: they are read in two processes. */
async function openOnce(app: App): Promise<Opening> {
  const made = app.electron.waitForEvent('window');
  const shown = app.electron.evaluate(
    ({ app: electron, BrowserWindow }) =>
      new Promise<{ opened: number; shown: number }>((resolve) => {
        const opened = Date.now();
        electron.emit('second-instance');
        const made = BrowserWindow.getAllWindows().find((window) => window.getTitle() === 'Holdpoint');
        made?.once('show', () => resolve({ opened, shown: Date.now() }));
      }),
  );
  const page = await made;
  await page.locator('nav').waitFor();
  const { opened, shown: at } = await shown;
  const painted = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list, observer) => {
          const paint = list.getEntriesByName('first-contentful-paint')[0];
          if (!paint) return;
          observer.disconnect();
          resolve(performance.timeOrigin + paint.startTime);
        }).observe({ type: 'paint', buffered: true });
      }),
  );
  await app.electron.evaluate(
    ({ BrowserWindow }) =>
      new Promise<void>((resolve) => {
        const window = BrowserWindow.getAllWindows().find((one) => one.getTitle() === 'Holdpoint');
        window?.once('closed', () => resolve());
        window?.close();
      }),
  );
  return { paint: painted - opened, shown: at - opened };
}
