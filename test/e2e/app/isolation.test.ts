/** The pages are kept apart from the computer: no Node, no network, no other page, no other window's calls. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../../build/bundle.ts';
import { type Display, startDisplay } from '../../support/display.ts';
import { type App, aFolder, type Folder, startApp } from './app-driver.ts';
import { type FakeEngine, startFakeEngine } from './fake-engine.ts';

let display: Display;
let folder: Folder;
let engine: FakeEngine;
let app: App;

beforeAll(async () => {
  await bundle();
  [display, folder] = await Promise.all([startDisplay(), aFolder()]);
  engine = await startFakeEngine(folder.path);
  app = await startApp({ display, dataDir: folder.path });
});

afterAll(async () => {
  await app?.stop();
  await engine?.die();
  await display?.stop();
  await folder?.[Symbol.asyncDispose]();
});

describe('a page', () => {
  it('finds nothing of Node, and of the app only what was named', async () => {
    const found = await app.popup.evaluate(() => ({
      node: ['require', 'process', 'module', 'Buffer', 'global'].filter((name) => name in globalThis),
      bridge: Object.keys(window.holdpoint),
    }));
    expect(found).toEqual({ node: [], bridge: ['call', 'on'] });
  });

  it('runs in a sandboxed process with its own context', async () => {
    const preferences = await app.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map((window) => {
        const { sandbox, contextIsolation, nodeIntegration } = (
          window.webContents as unknown as { getLastWebPreferences(): Electron.WebPreferences }
        ).getLastWebPreferences();
        return { sandbox, contextIsolation, nodeIntegration };
      }),
    );
    expect(preferences).toEqual([{ sandbox: true, contextIsolation: true, nodeIntegration: false }]);
  });

  it.each(['app:quit', 'ELECTRON_BROWSER_REQUIRE', 'constructor'])('cannot call %s', async (name) => {
    const refused = app.popup.evaluate((wanted) => window.holdpoint.call(wanted as 'popup:ready', {}), name);
    await expect(refused).rejects.toThrow('There is no such call');
  });

  it('cannot make the calls of another window', async () => {
    const refused = app.popup.evaluate(() => window.holdpoint.call('console:revoke', { id: 'grant-1' }));
    await expect(refused).rejects.toThrow('console:revoke is not for this page');
  });

  it('cannot call with something else than the map describes', async () => {
    const refused = app.popup.evaluate(() => window.holdpoint.call('popup:displayed', { ids: 'all', height: 1 } as never));
    await expect(refused).rejects.toThrow('popup:displayed was called with something else');
  });

  it('holds no other page inside it', async () => {
    const framed = await app.popup.evaluate(async () => {
      const frame = document.createElement('iframe');
      frame.src = 'console.html';
      const loaded = new Promise((resolve) => {
        frame.onload = resolve;
      });
      document.body.append(frame);
      await loaded;
      try {
        return frame.contentWindow!.location.href;
      } catch {
        // What stands there is the browser's own page of refusal.
        return 'refused';
      } finally {
        frame.remove();
      }
    });
    expect(framed).toBe('refused');
  });

  it('reaches no network', async () => {
    const refused = await app.popup.evaluate(async () => {
      const violation = new Promise<string>((resolve) => {
        document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), { once: true });
      });
      const failed = await fetch('https://example.com/').then(
        () => false,
        () => true,
      );
      return { failed, by: await violation };
    });
    expect(refused).toEqual({ failed: true, by: 'connect-src' });
    // The session itself refuses too, whatever a page may be allowed to try.
    const session = await app.electron.evaluate(({ session }) =>
      session
        .fromPartition('holdpoint')
        .fetch('http://127.0.0.1:1/')
        .then(String, (error: Error) => error.message),
    );
    expect(session).toContain('ERR_BLOCKED_BY_CLIENT');
  });

  it('runs no script and takes no style that did not come with the app', async () => {
    const ran = await app.popup.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.injected = true';
      document.head.append(script);
      const style = document.createElement('style');
      style.textContent = 'body { outline: 7px solid red }';
      document.head.append(style);
      const styled = getComputedStyle(document.body).outlineWidth === '7px';
      return { injected: 'injected' in window, styled };
    });
    expect(ran).toEqual({ injected: false, styled: false });
  });

  it('neither goes elsewhere nor opens windows', async () => {
    const opened = await app.popup.evaluate(() => {
      const other = window.open('https://example.com/');
      location.href = 'https://example.com/';
      return other !== null;
    });
    expect(opened).toBe(false);
    expect(
      await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.webContents.getURL())),
    ).toEqual(['holdpoint://app/approval.html']);
  });

  it('is granted no permission', async () => {
    expect(await app.popup.evaluate(async () => (await navigator.permissions.query({ name: 'geolocation' })).state)).toBe('denied');
  });

  it('is served nothing from outside the bundle', async () => {
    const statuses = await app.electron.evaluate(async ({ session }) => {
      const pages = session.fromPartition('holdpoint');
      const urls = [
        'holdpoint://app/approval.html',
        'holdpoint://app/../app/main.cjs',
        'holdpoint://app/..%2f..%2fpackage.json',
        'holdpoint://elsewhere/approval.html',
      ];
      return await Promise.all(urls.map(async (url) => (await pages.fetch(url).catch(() => ({ status: 0 }))).status));
    });
    expect(statuses[0]).toBe(200);
    for (const status of statuses.slice(1)) expect(status).not.toBe(200);
  });
});
