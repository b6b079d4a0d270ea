/** The tray app: one instance a data folder, an engine that it keeps running, and the windows that ask and tell. */

import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { app, dialog, globalShortcut, ipcMain, Menu, Notification, nativeTheme, powerMonitor, protocol } from 'electron';
import { messageOf } from '../contract/errors.ts';
import { type ControlClient, connectControl } from '../engine/control/client.ts';
import { isUsualPlace } from '../engine/engine-place.ts';
import { createAgentsHere } from './agents/agents-here.ts';
import { thisMachine } from './agents/this-machine.ts';
import { createAnswerKey } from './answer-key.ts';
import { appMenu } from './app-menu.ts';
import { SCHEME } from './assets.ts';
import type { EventData } from './channels.ts';
import { chooseFolder } from './choose-folder.ts';
import { createConsole } from './console.ts';
import { createDesk } from './desk.ts';
import { createDoctor } from './doctor/doctor.ts';
import { startDoctor } from './doctor/doctor-process.ts';
import { engineRoot, passedOn, startEngine } from './engine-process.ts';
import { createIncidentExport } from './export-incident.ts';
import { logFaults } from './faults.ts';
import { createDemonstration } from './first-run/demonstration.ts';
import { startDemonstration } from './first-run/demonstration-process.ts';
import { isManaged, isShownAround, markShownAround } from './first-run/first-run.ts';
import { callHandlers } from './handlers.ts';
import { closedSession, confinePages } from './hardening.ts';
import { answerCalls } from './ipc.ts';
import { nativeQuestions } from './native-question.ts';
import { createNotifications, type Notice } from './notifications.ts';
import { appOptions } from './options.ts';
import { openOwnFolder } from './own-folder.ts';
import { createPopup } from './popup.ts';
import { watchPresence } from './presence.ts';
import { createRefusals } from './refusals.ts';
import { createSentences } from './sentences.ts';
import { startStandIn } from './stand-in.ts';
import { superviseEngine } from './supervisor.ts';
import { createTextSize } from './text-size.ts';
import { createTray } from './tray.ts';
import { createLiveView } from './view.ts';

// The bundle is CommonJS in out/app.
const ROOT = join(__dirname, '..', '..');
const ASSETS = join(ROOT, 'out', 'renderer');
const ENGINE = engineRoot(ROOT, process.resourcesPath);

logFaults();
const options = appOptions(process.argv.slice(1), process.env);
process.umask(0o077);
const ownFolder = openOwnFolder(options.dataDir);
if ('path' in ownFolder) app.setPath('userData', ownFolder.path);
// Windows shows notifications only of programs that have a name of their own, and groups their windows by it.
if (process.platform === 'win32') app.setAppUserModelId('com.holdpoint.guard');

if ('problem' in ownFolder) {
  console.error(ownFolder.problem);
  void app.whenReady().then(() => {
    dialog.showErrorBox('Holdpoint can’t start', ownFolder.problem);
    app.exit(1);
  });
} else if (!app.requestSingleInstanceLock()) {
  app.exit(0);
} else {
  // Together with --no-sandbox, which root needs, this makes Chromium's processes restart for ever.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  app.commandLine.appendSwitch('disable-background-networking');
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true } }]);
  confinePages();
  const menu = appMenu(process.platform);
  Menu.setApplicationMenu(menu && Menu.buildFromTemplate(menu));
  const { path } = ownFolder;
  void app.whenReady().then(() => run(path));
}

/** `ownFolder` is where the app keeps what is its own. */
function run(ownFolder: string): void {
  let hasLooked = false;
  const pages = closedSession(ASSETS);
  const desk = createDesk(() => performance.now());
  const popup = createPopup({
    desk,
    pages,
    background: paper(),
    isReadAloud: () => app.accessibilitySupportEnabled,
    tellUnseen: nativeQuestions(Notification, () => popup.bringUp()),
  });
  const answerKey = createAnswerKey(globalShortcut, () => popup.bringUp());
  const textSize = createTextSize(ownFolder);
  textSize.follow(popup.window);
  const consoleWindow = createConsole({ pages, background: paper, onMade: textSize.follow, onClosed: consoleClosed });
  const sentences = createSentences({ locale: app.getLocale() });
  const notifications = createNotifications({ sentences, show: showNotice, now: () => performance.now() });
  const refusals = createRefusals(() => tray.show(live.current, refusals.recent));
  const tray = createTray(sentences, {
    showQuestion: (id) => popup.bringUp(id),
    showQuestions: () => popup.bringUp(),
    openConsole: consoleWindow.open,
    openConsoleAt: consoleWindow.openAt,
    resume: () => void live.client?.call('endBypass', {}).catch((thrown) => notifications.notResumed(messageOf(thrown))),
    retry: () => supervisor.retry(),
    quit: () => app.quit(),
  });
  const live = createLiveView({
    version: app.getVersion(),
    onChange(view) {
      tray.show(view, refusals.recent);
      notifications.view(view);
      tellConsole('console:view', view);
    },
    onQuestions: showQuestions,
    onMissed: notifications.missed,
    onRecord(record) {
      refusals.note(record);
      notifications.record(record);
      tellConsole('console:record', record);
    },
  });
  const presence = watchPresence({
    monitor: powerMonitor,
    platform: process.platform,
    onChange(present) {
      if (present) popup.armAnew();
      supervisor.rejoin();
    },
  });
  const demonstration = createDemonstration({
    start: (onTold) => startDemonstration(ENGINE, process.env, onTold),
    connect: (dataDir) => connectControl(dataDir, { client: 'app', attends: true }),
    onQuestions: showQuestions,
    onState: (state) => tellConsole('console:demo', state),
  });
  const supervisor = superviseEngine({
    connect: () => connectControl(options.service ?? options.dataDir, { client: 'app', attends: presence.present }),
    ...(options.service === undefined && {
      start: () => startEngine({ root: ENGINE, env: process.env, ...options }),
      standIn: () => startStandIn({ root: ENGINE, env: process.env, dataDir: options.dataDir }),
    }),
    onChange(guard, client) {
      live.follow(guard, client);
      notifications.guard(guard);
      if (!client) return;
      void refusals.load(client);
      void showAround(client);
    },
  });
  const agents = createAgentsHere({
    machine: thisMachine(process.env),
    root: ENGINE,
    dataDir: options.service ?? options.dataDir,
    ownDir: options.dataDir,
    isDefaultDataDir: isUsualPlace(options.service ?? options.dataDir),
    isShared: options.service !== undefined,
    engine: () => live.current.status?.engine,
  });
  const doctor = createDoctor({
    start(args, onEvent) {
      const { env } = thisMachine(process.env);
      const place = isUsualPlace(options.service ?? options.dataDir) ? [] : ['--data-dir', options.dataDir];
      const shell = env.SHELL === undefined ? {} : { SHELL: env.SHELL };
      return startDoctor({ root: ENGINE, args: [...args, ...place], env: { ...passedOn(env), ...shell }, onEvent });
    },
    onView: (view) => tellConsole('console:doctor', view),
    now: () => new Date(),
  });
  const exportIncident = createIncidentExport({ client: () => live.client, window: () => consoleWindow.window });
  answerCalls(
    ipcMain,
    (kind) => (kind === 'popup' ? popup.window : consoleWindow.window)?.webContents,
    callHandlers({
      live,
      popup,
      consoleWindow,
      agents,
      demonstration,
      doctor,
      shownAround: () => markShownAround(ownFolder),
      chooseFolder: () => chooseFolder(consoleWindow.window),
      exportIncident,
      retry: supervisor.retry,
    }),
  );

  nativeTheme.on('updated', () => popup.window.setBackgroundColor(paper()));
  app.on('second-instance', consoleWindow.open);
  app.on('activate', consoleWindow.open);
  // The tray keeps the app alive.
  app.on('window-all-closed', () => {});
  endsWith(async () => {
    doctor.stop();
    await Promise.all([supervisor.stop(), demonstration.stop()]);
    tray.destroy();
  });

  /** Those of the demonstration look as all others do, and are answered as all others are. */
  function showQuestions(): void {
    const questions = [...live.current.questions, ...demonstration.questions];
    answerKey.update(questions.length);
    popup.questionsAre(questions);
  }

  /** Once, where nobody else looks after this machine. */
  async function showAround(client: ControlClient): Promise<void> {
    if (isShownAround(ownFolder) || hasLooked) return;
    hasLooked = true;
    if (!(await isManaged(client))) consoleWindow.openAt('firstRun');
  }

  function consoleClosed(): void {
    live.noticed();
    void demonstration.stop();
    doctor.stop();
  }

  function tellConsole<E extends 'console:view' | 'console:record' | 'console:demo' | 'console:doctor'>(name: E, data: EventData[E]): void {
    consoleWindow.window?.webContents.send(name, data);
  }

  function showNotice({ title, body, place }: Notice): void {
    if (!Notification.isSupported()) return;
    const notification = new Notification({ title, body });
    notification.on('click', () => consoleWindow.openAt(place));
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
