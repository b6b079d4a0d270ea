/** Runs the real app in the real Electron, and finds its windows. */

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { ROOT } from '../../../build/places.ts';
import { markShownAround } from '../../../main/app/first-run/first-run.ts';
import { type Display, electronExecutable } from '../../support/display.ts';

export const PICTURES = join(ROOT, 'test-results');
/** Dates and numbers follow the system: here always the same one. */
const LANGUAGE = '--lang=en-GB';

export interface App extends AsyncDisposable {
  readonly electron: ElectronApplication;
  readonly popup: Page;
  /** Opens the console, as starting the app a second time does. */
  openConsole(): Promise<Page>;
  popupVisible(): Promise<boolean>;
  /** Evaluates in the popup's page by way of Electron: Playwright loses a page that has crashed. */
  inPopup(expression: string): Promise<unknown>;
  /** What the tray has been told since the app started. */
  /** A submenu's lines stand indented after the line that opens it. */
  tray(): Promise<{ readonly tip: string; readonly menu: readonly string[] }>;
  /** Also in its submenus. */
  chooseInTray(label: RegExp): Promise<void>;
  /** The native notifications that were shown since the app started. */
  notices(): Promise<readonly { readonly title: string; readonly body: string }[]>;
  clickNotice(title: RegExp): Promise<void>;
  stop(): Promise<void>;
}

export interface AppOptions {
  readonly display: Display;
  readonly dataDir: string;
  readonly args?: readonly string[];
  readonly scale?: 1 | 2;
  /** As on a machine where nobody was shown around yet: else somebody was. */
  readonly firstRun?: boolean;
  /** The public folder of an engine that serves all users; `dataDir`, whose name must be `holdpoint`, is then the person's own. */
  readonly service?: string;
  /** Of the person's session, besides the display's. */
  readonly env?: NodeJS.ProcessEnv;
}

export async function startApp({ display, dataDir, args = [], scale = 1, firstRun = false, service, env }: AppOptions): Promise<App> {
  if (!firstRun) markShownAround(join(dataDir, 'app'));
  const { executablePath, args: own } = await electronExecutable();
  const scaled = scale === 1 ? [] : [`--force-device-scale-factor=${scale}`];
  const electron = await _electron.launch({
    executablePath,
    args: [...own, ...scaled, LANGUAGE, '--data-dir', service ?? dataDir, ...args],
    // In the afternoon, wherever it runs: its pictures are compared by eye.
    env: { ...display.env, ...env, TZ: afternoonZone(), ...(service !== undefined && { XDG_DATA_HOME: dirname(dataDir) }) },
    cwd: ROOT,
  });
  await watchTray(electron);
  const popup = await pageOf(electron, 'approval.html');
  const stop = async () => {
    await electron.close();
  };
  return {
    electron,
    popup,
    async openConsole() {
      await electron.evaluate(({ app }) => void app.emit('second-instance'));
      const page = await pageOf(electron, 'console.html');
      await page.locator('nav').waitFor();
      return page;
    },
    popupVisible: () =>
      electron.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows().some((window) => window.getTitle() === 'Holdpoint asks' && window.isVisible()),
      ),
    inPopup: (expression) =>
      electron.evaluate(
        ({ BrowserWindow }, code) =>
          BrowserWindow.getAllWindows()
            .find((window) => window.getTitle() === 'Holdpoint asks')!
            .webContents.executeJavaScript(code, true),
        expression,
      ),
    tray: () => electron.evaluate(() => (globalThis as unknown as TrayWatch).heard),
    chooseInTray: (label) =>
      electron.evaluate(
        (_, [source, flags]) => {
          const item = (globalThis as unknown as TrayWatch).items.find((one) => new RegExp(source!, flags).test(one.label));
          if (!item) throw new Error(`The tray offers no ${source}.`);
          item.click();
        },
        [label.source, label.flags],
      ),
    notices: () => electron.evaluate(() => (globalThis as unknown as TrayWatch).notices.map(({ title, body }) => ({ title, body }))),
    clickNotice: (title) =>
      electron.evaluate(
        (_, [source, flags]) => {
          const notice = (globalThis as unknown as TrayWatch).notices.find((one) => new RegExp(source!, flags).test(one.title));
          if (!notice) throw new Error(`There is no notification ${source}.`);
          notice.emit('click');
        },
        [title.source, title.flags],
      ),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

interface TrayWatch {
  heard: { tip: string; menu: string[] };
  items: { label: string; click: () => void }[];
  notices: { title: string; body: string; emit(event: string): void }[];
}

/** A tray can't be asked what it shows, so what it is told is noted. */
async function watchTray(electron: ElectronApplication): Promise<void> {
  await electron.evaluate(({ Tray, Notification, Menu }) => {
    const watch = globalThis as unknown as TrayWatch;
    watch.heard = { tip: '', menu: [] };
    watch.items = [];
    watch.notices = [];
    const { setToolTip, setContextMenu } = Tray.prototype;
    Tray.prototype.setToolTip = function (tip) {
      watch.heard.tip = tip;
      setToolTip.call(this, tip);
    };
    Tray.prototype.setContextMenu = function (menu) {
      watch.items = [];
      watch.heard.menu = [];
      if (menu) read(menu, '');
      setContextMenu.call(this, menu);
    };
    // As a person reads them: without the marks of what key chooses a line.
    const read = ({ items }: InstanceType<typeof Menu>, indent: string) => {
      for (const item of items) {
        const label = item.label.replace(/&(.)/g, '$1');
        if (label === '') continue;
        watch.heard.menu.push(indent + label);
        watch.items.push({ label, click: () => item.click() });
        if (item.submenu) read(item.submenu, `${indent}  `);
      }
    };
    const { show } = Notification.prototype;
    Notification.prototype.show = function () {
      watch.notices.push(this);
      show.call(this);
    };
  });
}

async function pageOf(electron: ElectronApplication, name: string): Promise<Page> {
  const isIt = (page: Page) => page.url().endsWith(`/${name}`);
  const known = electron.windows().find(isIt);
  if (known) return known;
  return await electron.waitForEvent('window', {
    timeout: 30_000,
    predicate: async (page) => {
      await page.waitForLoadState();
      return isIt(page);
    },
  });
}

export interface Folder extends AsyncDisposable {
  readonly path: string;
}

export async function aFolder(): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), 'holdpoint-app-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }) };
}

/** A picture of a page, kept as the run's artefact. */
export async function picture(page: Page, name: string): Promise<void> {
  await mkdir(PICTURES, { recursive: true });
  // Playwright ends what moves, so that a picture shows a state and no change of one.
  await page.screenshot({ path: join(PICTURES, `${name}.png`), animations: 'disabled' });
}

function afternoonZone(now = new Date()): string {
  const ahead = (15 - now.getUTCHours() + 24) % 24;
  // POSIX counts westwards.
  return ahead > 12 ? `Etc/GMT+${24 - ahead}` : `Etc/GMT-${ahead}`;
}
