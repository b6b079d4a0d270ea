/** What the app lets in and out: assets, callers, environment, arguments. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WebContents } from 'electron';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assetName, assetServer, CONTENT_SECURITY_POLICY } from '../../../main/app/assets.ts';
import { lastSentenceOf, passedOn } from '../../../main/app/engine-process.ts';
import { isPageOf } from '../../../main/app/ipc.ts';
import { appOptions } from '../../../main/app/options.ts';
import { heightWithin, placed } from '../../../main/app/placement.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdpoint-assets-'));
  await writeFile(join(folder, 'approval.html'), '<p>asks</p>');
});
afterAll(() => rm(folder, { recursive: true }));

describe('assets', () => {
  it('serves a page with its type and the content security policy', async () => {
    const answer = await assetServer(folder)({ url: 'holdpoint://app/approval.html', method: 'GET' });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe('<p>asks</p>');
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(answer.headers.get('content-security-policy')).toBe(CONTENT_SECURITY_POLICY);
    expect(CONTENT_SECURITY_POLICY).not.toMatch(/unsafe|https?:|\*/);
  });

  it.each([
    'holdpoint://app/../main.cjs',
    'holdpoint://app/..%2fmain.js',
    'holdpoint://app/fonts/../../package.js',
    'holdpoint://app/%2e%2e/app/main.js',
    'holdpoint://app//etc/passwd.js',
    'holdpoint://other/approval.html',
    'holdpoint://app/approval.html?x=1',
    'holdpoint://app/approval.js.map',
    'holdpoint://app/fonts/a/b.js',
    'file:///etc/passwd.js',
  ])('has nothing at %s', async (url) => {
    expect(assetName(url)).toBeUndefined();
    expect((await assetServer(folder)({ url, method: 'GET' })).status).toBe(404);
  });

  it('takes nothing but a GET', async () => {
    expect((await assetServer(folder)({ url: 'holdpoint://app/approval.html', method: 'POST' })).status).toBe(404);
  });
});

describe('callers', () => {
  const frame = { url: 'holdpoint://app/approval.html' };
  const contents = { id: 7, mainFrame: frame, isDestroyed: () => false } as unknown as WebContents;
  const call = (sender: object, senderFrame: object | null) => ({ sender, senderFrame }) as Parameters<typeof isPageOf>[2];

  it('are believed when they are the window’s own page', () => {
    expect(isPageOf('popup', contents, call(contents, frame))).toBe(true);
  });

  it.each([
    ['another window', call({ id: 8 }, frame)],
    ['a frame inside the page', call(contents, { url: 'holdpoint://app/approval.html' })],
    ['a frame that is gone', call(contents, null)],
  ])('are not believed when they are %s', (_name, event) => {
    expect(isPageOf('popup', contents, event)).toBe(false);
  });

  it('are not believed for another window’s calls, nor from another page, nor without a window', () => {
    expect(isPageOf('console', contents, call(contents, frame))).toBe(false);
    const elsewhere = { url: 'https://example.com/approval.html' };
    const navigated = { id: 7, mainFrame: elsewhere, isDestroyed: () => false } as unknown as WebContents;
    expect(isPageOf('popup', navigated, call(navigated, elsewhere))).toBe(false);
    expect(isPageOf('popup', undefined, call(contents, frame))).toBe(false);
  });
});

describe('the engine', () => {
  it('gets nothing of the app’s environment that could change what it runs', () => {
    const env = passedOn({
      PATH: '/bin',
      HOME: '/home/m',
      LC_ALL: 'C',
      NODE_OPTIONS: '--inspect',
      ELECTRON_RUN_AS_NODE: '1',
      HTTPS_PROXY: 'http://x',
      AWS_SECRET_ACCESS_KEY: 's',
    });
    expect(env).toEqual({ PATH: '/bin', HOME: '/home/m', LC_ALL: 'C' });
  });

  it.each([
    [
      'a sentence',
      '{"level":"info","event":"engine.started"}\n{"level":"error","event":"engine.failed","message":"The port is taken."}\n',
      'The port is taken.',
    ],
    [
      'an error',
      '{"level":"error","event":"audit.failed","error":{"code":"audit-unwritable","message":"The disk is full."}}\n',
      'The disk is full.',
    ],
    ['an event', '{"level":"info","event":"engine.stopped"}\n', 'engine.stopped'],
    [
      'plain lines',
      '{"level":"info","event":"x"}\nholdpoint: c.json is wrong:\n  proxy.port: expected a number\n',
      'c.json is wrong: proxy.port: expected a number',
    ],
    ['half a line', '{"half', '{"half'],
    ['nothing', '', undefined],
  ])('is quoted by its last words: %s', (_name, log, sentence) => {
    expect(lastSentenceOf(log)).toBe(sentence);
  });
});

describe('arguments', () => {
  it('name the data folder and the configuration among Chromium’s own', () => {
    expect(appOptions(['--no-sandbox', '--data-dir', '/d', '--config=/c.json', '--force-device-scale-factor=2', '.'], {})).toEqual({
      dataDir: '/d',
      configFile: '/c.json',
    });
  });

  it('take the data folder from the environment, then from the platform', () => {
    expect(appOptions([], { HOLDPOINT_DATA_DIR: '/e' })).toEqual({ dataDir: '/e' });
    expect(appOptions([], { HOME: '/home/m', XDG_DATA_HOME: '/x' }).dataDir).toMatch(/holdpoint$/i);
  });

  it('survive a configuration that the engine will refuse', () => {
    expect(appOptions(['--config', '/nowhere.json'], { HOME: '/home/m', XDG_DATA_HOME: '/x' }).configFile).toBe('/nowhere.json');
  });
});

describe('the popup’s place', () => {
  it('is at the top right of the screen that is worked on, and no taller than it', () => {
    const screen = { x: 1920, y: 30, width: 1280, height: 700 };
    expect(placed(screen, { width: 560, height: 400 })).toEqual({ x: 2624, y: 46, width: 560, height: 400 });
    expect(heightWithin(screen, 400)).toBe(400);
    expect(heightWithin(screen, 4_000)).toBe(668);
  });
});
