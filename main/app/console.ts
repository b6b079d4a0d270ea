/** The console window: made when it is asked for, gone when it is closed. */

import { BrowserWindow, type Session } from 'electron';
import { PAGES } from './assets.ts';
import type { ConsolePlace } from './channels.ts';
import { pagePreferences } from './hardening.ts';
import { windowIcon } from './window-icon.ts';

export interface ConsoleWindow {
  readonly window: BrowserWindow | undefined;
  open(): void;
  openAt(place: ConsolePlace): void;
  /** Its page listens: it is told where to be. */
  ready(): void;
}

export function createConsole(options: {
  readonly pages: Session;
  background(): string;
  onMade(window: BrowserWindow): void;
  onClosed(): void;
}): ConsoleWindow {
  const { pages, background, onMade, onClosed } = options;
  let window: BrowserWindow | undefined;
  /** Where somebody wants to be, until the page has been told. */
  let wanted: ConsolePlace | undefined;
  let isReady = false;

  return {
    get window() {
      return window;
    },
    open,
    openAt(place) {
      wanted = place;
      open();
      if (isReady) tellPlace();
    },
    ready() {
      isReady = true;
      tellPlace();
    },
  };

  function tellPlace(): void {
    if (wanted) window?.webContents.send('console:place', wanted);
    wanted = undefined;
  }

  function open(): void {
    if (window) {
      bringUp(window);
      return;
    }
    const made = new BrowserWindow({
      width: 1180,
      height: 760,
      minWidth: 940,
      minHeight: 560,
      show: false,
      title: 'Holdpoint',
      backgroundColor: background(),
      icon: windowIcon(),
      webPreferences: pagePreferences(pages),
    });
    window = made;
    made.setMenuBarVisibility(false);
    onMade(made);
    made.once('ready-to-show', () => made.show());
    made.on('closed', () => {
      window = undefined;
      isReady = false;
      onClosed();
    });
    made.webContents.on('render-process-gone', () => {
      isReady = false;
      made.webContents.reload();
    });
    void made.loadURL(PAGES.console);
  }
}

function bringUp(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
