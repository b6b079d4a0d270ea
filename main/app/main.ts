/** The tray app: one instance a data folder, an engine that it keeps running, and the windows that ask and tell. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { app, ipcMain, Menu, Notification, nativeTheme, powerMonitor, protocol } from 'electron';
import type { Missed } from '../contract/approval.ts';
import { connectControl } from '../engine/control/client.ts';
import { SCHEME } from './assets.ts';
import type { EventData, GuardState } from './channels.ts';
import { createConsole } from './console.ts';
import { createDesk } from './desk.ts';
import { startEngine } from './engine-process.ts';
import { logFaults } from './faults.ts';
import { callHandlers } from './handlers.ts';
import { closedSession, confinePages } from './hardening.ts';
import { answerCalls } from './ipc.ts';
import { nativeQuestions } from './native-question.ts';
import { appOptions } from './options.ts';
import { createPopup } from './popup.ts';
import { watchPresence } from './presence.ts';
import { restartedSentence } from './sentences.ts';
import { superviseEngine } from './supervisor.ts';
import { createTray } from './tray.ts';
import { createLiveView } from './view.ts';

// The bundle is CommonJS in out/app.
const ROOT = join(__dirname, '..', '..');
const ASSETS = join(ROOT, 'out', 'renderer');

logFaults();
const options = appOptions(process.argv.slice(1), process.env);
const ownFolder = join(options.dataDir, 'app');
process.umask(0o077);
mkdirSync(ownFolder, { recursive: true, mode: 0o700 });
app.setPath('userData', ownFolder);

if (!app.requestSingleInstanceLock()) {
  app.exit(0);
} else {
  // Together with --no-sandbox, which root needs, this makes Chromium's processes restart for ever.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  app.commandLine.appendSwitch('disable-background-networking');
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true } }]);
  confinePages();
  if (process.platform !== 'darwin') Menu.setApplicationMenu(null);
  void app.whenReady().then(run);
}

function run(): void {
  const pages = closedSession(ASSETS);
  const desk = createDesk(() => performance.now());
  const popup = createPopup({ desk, pages, background: paper(), tellUnseen: nativeQuestions(Notification, () => popup.bringUp()) });
  const consoleWindow = createConsole({ pages, background: paper, onClosed: () => live.noticed() });
  const tray = createTray({
    showQuestions: popup.bringUp,
    openConsole: consoleWindow.open,
    openConsoleAt: consoleWindow.openAt,
    retry: () => supervisor.retry(),
    quit: () => app.quit(),
  });
  const live = createLiveView({
    onChange(view) {
      tray.show(view);
      tellConsole('console:view', view);
    },
    onQuestions: popup.questionsAre,
    onMissed: tellMissed,
    onRecord: (record) => tellConsole('console:record', record),
  });
  const presence = watchPresence({
    monitor: powerMonitor,
    platform: process.platform,
    onChange(present) {
      if (present) popup.armAnew();
      supervisor.rejoin();
    },
  });
  const supervisor = superviseEngine({
    connect: () => connectControl(options.dataDir, { client: 'app', attends: presence.present }),
    start: () => startEngine({ root: ROOT, env: process.env, ...options }),
    onChange(guard, client) {
      live.follow(guard, client);
      tellGuard(guard);
    },
  });
  answerCalls(
    ipcMain,
    (kind) => (kind === 'popup' ? popup.window : consoleWindow.window)?.webContents,
    callHandlers({ live, popup, consoleWindow, retry: supervisor.retry }),
  );

  nativeTheme.on('updated', () => popup.window.setBackgroundColor(paper()));
  app.on('second-instance', consoleWindow.open);
  app.on('activate', consoleWindow.open);
  // The tray keeps the app alive.
  app.on('window-all-closed', () => {});
  endsWith(async () => {
    await supervisor.stop();
    tray.destroy();
  });

  function tellConsole<E extends 'console:view' | 'console:record'>(name: E, data: EventData[E]): void {
    consoleWindow.window?.webContents.send(name, data);
  }

  function tellGuard(guard: GuardState): void {
    if (guard.state === 'running' && guard.restarted)
      notify(restartedSentence(guard.restarted), 'Agents could not reach their models meanwhile.');
    if (guard.state === 'stopped') notify('The guard is not running', guard.why);
  }

  function tellMissed(missed: readonly Missed[]): void {
    for (const { question } of missed.slice(-3)) notify('A question was not answered, so it was refused', question.title);
  }

  function notify(title: string, body: string): void {
    if (!Notification.isSupported()) return;
    const notification = new Notification({ title, body });
    notification.on('click', consoleWindow.open);
    notification.show();
  }
}

/** Quits once `end` is done: an engine of ours must not be left behind. */
function endsWith(end: () => Promise<void>): void {
  let ending = false;
  app.on('before-quit', (event) => {
    if (ending) return;
    ending = true;
    event.preventDefault();
    void end().finally(() => app.exit(0));
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => app.quit());
}

/** The windows' colour before their first paint. */
function paper(): string {
  return nativeTheme.shouldUseDarkColors ? '#1f1b17' : '#ffffff';
}
