/** The console window: made when it is asked for, gone when it is closed. */

import { BrowserWindow, type Session } from 'electron';
import { PAGES } from './assets.ts';
import { pagePreferences } from './hardening.ts';

export interface ConsoleWindow {
  readonly window: BrowserWindow | undefined;
  open(): void;
}

export function createConsole(options: { readonly pages: Session; background(): string; onClosed(): void }): ConsoleWindow {
  const { pages, background, onClosed } = options;
  let window: BrowserWindow | undefined;

  return {
    get window() {
      return window;
    },
    open() {
      if (window) return bringUp(window);
      const made = new BrowserWindow({
        width: 1180,
        height: 760,
        minWidth: 860,
        minHeight: 520,
        show: false,
        title: 'Holdpoint',
        backgroundColor: background(),
        webPreferences: pagePreferences(pages),
      });
      window = made;
      made.setMenuBarVisibility(false);
      made.once('ready-to-show', () => made.show());
      made.on('closed', () => {
        window = undefined;
        onClosed();
      });
      made.webContents.on('render-process-gone', () => made.webContents.reload());
      void made.loadURL(PAGES.console);
    },
  };
}

function bringUp(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
