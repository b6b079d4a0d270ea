/** How the popup comes and stays: quickly, without a keystroke of anybody's; on whichever screen, after a crash, after a lock. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { must, ran } from '../../../build/commands.ts';
import type { Display } from '../../support/display.ts';
import type { App } from './app-driver.ts';
import { aQuestion, FORCE_PUSH } from './content.ts';
import type { FakeEngine } from './fake-engine.ts';
import { createAsking, startPopupDesk } from './popup-support.ts';

const stack = new AsyncDisposableStack();
let display: Display;
let engine: FakeEngine;
let app: App;

beforeAll(async () => {
  ({ display, engine, app } = await startPopupDesk(stack));
});
afterAll(() => stack.disposeAsync());

const { open, ask, answersTo } = createAsking(() => ({ engine, app }));
/** So many are in the page; by way of Electron, for Playwright loses a page that has crashed. What is asked of a dying page is never answered. */
const looks = (selector: string) =>
  app.electron.evaluate(
    ({ BrowserWindow }, code) =>
      Promise.race([
        BrowserWindow.getAllWindows()
          .find((one) => one.getTitle() === 'Holdpoint asks')!
          .webContents.executeJavaScript(code)
          .catch(() => 0),
        new Promise((resolve) => setTimeout(() => resolve(0), 1_000)),
      ]),
    `document.querySelectorAll(${JSON.stringify(selector)}).length`,
  );
const isArmed = () => expect.poll(() => looks('.card:not(.unarmed)')).toBe(1);
const press = (label: string) =>
  app.inPopup(`[...document.querySelectorAll('button')].find((one) => one.innerText.trim() === ${JSON.stringify(label)}).click()`);
const popupBounds = () =>
  app.electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()
      .find((one) => one.getTitle() === 'Holdpoint asks')!
      .getBounds(),
  );

describe('the popup', () => {
  it('arrives soon after the question', async () => {
    await app.electron.evaluate(({ BrowserWindow }) => {
      const popup = BrowserWindow.getAllWindows().find((one) => one.getTitle() === 'Holdpoint asks')!;
      const watch = globalThis as unknown as { shownAt: number };
      popup.on('show', () => {
        watch.shownAt = Date.now();
      });
    });
    const took: number[] = [];
    for (let turn = 0; turn < 10; turn++) {
      const question = aQuestion();
      const asked = Date.now();
      await ask(question);
      took.push((await app.electron.evaluate(() => (globalThis as unknown as { shownAt: number }).shownAt)) - asked);
      engine.end(question.id);
      await expect.poll(() => app.popupVisible()).toBe(false);
    }
    const sorted = took.toSorted((a, b) => a - b);
    // What it must reach is for a benchmark to judge; here it is only told.
    process.stdout.write(`The popup was visible after ${sorted[5]} ms (median of ${took.length}; slowest ${sorted.at(-1)} ms).\n`);
    expect(sorted[0]).toBeGreaterThanOrEqual(0);
  });

  it('takes no key that is typed into another program', async () => {
    await using editor = await anotherProgram();
    await app.popup.evaluate(() => {
      const watch = window as unknown as { keys: number };
      watch.keys = 0;
      window.addEventListener('keydown', () => watch.keys++, true);
    });
    const question = aQuestion();
    await ask(question);
    await isArmed();
    await must('xdotool', ['key', 'y', 'space', 'Return', 'ctrl+Return', 'Escape'], { env: display.env });
    await expect.poll(() => editor.keys()).toBeGreaterThanOrEqual(6);
    expect(await app.popup.evaluate(() => (window as unknown as { keys: number }).keys)).toBe(0);
    expect(await app.popupVisible()).toBe(true);
    expect(answersTo(question)).toEqual([]);
  });

  it('is gone to by a key from any program, and then answers to real keys', async () => {
    await using _editor = await anotherProgram();
    const question = FORCE_PUSH();
    await ask(question);
    await isArmed();
    await must('xdotool', ['key', 'ctrl+alt+Return'], { env: display.env });
    await expect.poll(() => app.inPopup('document.hasFocus()')).toBe(true);
    // What is typed in the first moment there counts for nothing, so it is typed until it counts.
    await expect
      .poll(async () => {
        await must('xdotool', ['key', 'ctrl+Return'], { env: display.env });
        return answersTo(question).length;
      })
      .toBe(1);
    expect(answersTo(question)).toEqual([{ choice: 'allow', for: 'once' }]);
    // With nothing to answer the key is other programs' again.
    await expect
      .poll(() => app.electron.evaluate(({ globalShortcut }) => globalShortcut.isRegistered('CommandOrControl+Alt+Enter')))
      .toBe(false);
  });

  it('comes to a screen that is there when its own is taken away', async () => {
    await ask(aQuestion());
    const before = await popupBounds();
    await app.electron.evaluate(({ screen }) => {
      const [only] = screen.getAllDisplays();
      const { getAllDisplays } = screen;
      screen.getAllDisplays = () => [{ ...only!, workArea: { x: 0, y: 0, width: 800, height: 500 } }];
      screen.emit('display-removed', {}, only);
      screen.getAllDisplays = getAllDisplays;
    });
    await expect.poll(async () => (await popupBounds()).x).toBe(800 - 560 - 16);
    const after = await popupBounds();
    expect(after.y + after.height).toBeLessThanOrEqual(500);
    expect(after.x).not.toBe(before.x);
    expect(await app.popupVisible()).toBe(true);
  });

  it('asks nobody behind a locked screen, and arms anew for who comes back', async () => {
    const question = aQuestion();
    await ask(question);
    await isArmed();
    await app.electron.evaluate(({ powerMonitor }) => void powerMonitor.emit('lock-screen'));
    await expect.poll(() => engine.attended()).toBe(false);
    await app.inPopup(`
      window.unarmed = 0;
      new MutationObserver(() => { if (document.querySelector('.card.unarmed')) window.unarmed++; })
        .observe(document.body, { subtree: true, childList: true, attributes: true });
    `);
    await app.electron.evaluate(({ powerMonitor }) => void powerMonitor.emit('unlock-screen'));
    await expect.poll(() => engine.attended()).toBe(true);
    await expect.poll(() => app.inPopup('window.unarmed')).toBeGreaterThan(0);
    await isArmed();
    expect(answersTo(question)).toEqual([]);
    await press('Deny');
    await expect.poll(() => answersTo(question)).toEqual([{ choice: 'deny' }]);
  });

  it('is told of by the system where it can’t be seen, and by nothing else where it can', async () => {
    await app.electron.evaluate(({ BrowserWindow, Notification }) => {
      const watch = globalThis as unknown as { notified: string[]; restore(): void };
      watch.notified = [];
      const { show } = Notification.prototype;
      Notification.prototype.show = function () {
        watch.notified.push(`${this.title}: ${this.body}`);
        watch.restore = () => {
          Notification.prototype.show = show;
        };
        this.emit('click');
      };
      // A system that has no place for it.
      const popup = BrowserWindow.getAllWindows().find((one) => one.getTitle() === 'Holdpoint asks')!;
      popup.showInactive = () => {};
    });
    const question = aQuestion();
    open.add(question.id);
    engine.ask(question);
    const notified = () => app.electron.evaluate(() => (globalThis as unknown as { notified: string[] }).notified);
    await expect
      .poll(notified)
      .toEqual([`${question.title}: It is held until you answer. Click, or press Ctrl+Alt+Enter, to answer in Holdpoint.`]);
    // A click on it is a person's own wish to see the question.
    await expect.poll(() => app.popupVisible()).toBe(true);
    await app.electron.evaluate(({ BrowserWindow }) => {
      (globalThis as unknown as { restore(): void }).restore();
      delete (BrowserWindow.getAllWindows().find((one) => one.getTitle() === 'Holdpoint asks') as unknown as { showInactive?: unknown })
        .showInactive;
    });
  });

  // Last: Playwright has lost the page afterwards.
  it('is made anew when its page crashes, and shows the open question again, not armed', async () => {
    const question = aQuestion();
    await ask(question);
    await isArmed();
    await app.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()
        .find((one) => one.getTitle() === 'Holdpoint asks')!
        .webContents.forcefullyCrashRenderer(),
    );
    await expect.poll(() => looks('.card')).toBe(1);
    await expect.poll(() => app.popupVisible()).toBe(true);
    expect(answersTo(question)).toEqual([]);
    await isArmed();
    await press('Deny');
    await expect.poll(() => answersTo(question)).toEqual([{ choice: 'deny' }]);
  });
});

interface OtherProgram extends AsyncDisposable {
  /** So many key presses have reached it. */
  keys(): number;
}

/** A program of the X server's own tools, which has the keyboard and tells of each key. */
async function anotherProgram(): Promise<OtherProgram> {
  const child: ChildProcess = spawn('xev', ['-event', 'keyboard'], { env: display.env, stdio: ['ignore', 'pipe', 'ignore'] });
  let heard = '';
  child.stdout!.on('data', (chunk: Buffer) => {
    heard += chunk.toString();
  });
  const focused = async () => {
    const { out } = await ran('xdotool', ['search', '--name', '^Event Tester$'], { env: display.env });
    const [id] = out.trim().split('\n');
    if (!id) return false;
    await ran('xdotool', ['windowactivate', id], { env: display.env });
    return (await ran('xdotool', ['getwindowfocus', 'getwindowname'], { env: display.env })).out.includes('Event Tester');
  };
  await expect.poll(focused).toBe(true);
  return {
    keys: () => heard.split('KeyPress event').length - 1,
    async [Symbol.asyncDispose]() {
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
    },
  };
}
