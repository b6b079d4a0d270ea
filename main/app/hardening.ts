/** What every page of the app is denied: the network, permissions, other pages, other windows. */

import { join } from 'node:path';
import { app, type BrowserWindowConstructorOptions, type Session, session } from 'electron';
import { assetServer, SCHEME } from './assets.ts';

/** A session in memory that reaches nothing but our own assets. Call it when the app is ready. */
export function closedSession(assets: string): Session {
  const closed = session.fromPartition('holdpoint', { cache: false });
  closed.protocol.handle(SCHEME, assetServer(assets));
  closed.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  closed.setPermissionCheckHandler(() => false);
  closed.setDevicePermissionHandler(() => false);
  closed.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !url.startsWith(`${SCHEME}://app/`) }));
  closed.on('will-download', (event) => event.preventDefault());
  return closed;
}

export function pagePreferences(pages: Session): NonNullable<BrowserWindowConstructorOptions['webPreferences']> {
  return {
    preload: join(__dirname, 'preload.cjs'),
    session: pages,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    // The spell checker would fetch dictionaries.
    spellcheck: false,
    devTools: !app.isPackaged,
    // A throttled page would answer late: the popup is hidden most of its life.
    backgroundThrottling: false,
  };
}

/** Denies navigation, new windows and embedded pages to all contents that will ever exist. */
export function confinePages(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-frame-navigate', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
  });
}
