/** `npm start`: the tray app where there is a display, else the engine with its questions in the terminal. */

import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { appOptions } from '../main/app/options.ts';
import { CONTROL_SOCKET } from '../main/contract/control.ts';
import { bundle, OUT } from './bundle.ts';
import { exists, ran } from './commands.ts';
import { hasDisplay } from './display.ts';
import { electronRuntime } from './electron-runtime.ts';
import { foreground } from './foreground.mjs';
import { NODE, ROOT } from './places.ts';
import { needSystem } from './system.ts';

const CLI = join(ROOT, 'main', 'cli', 'holdpoint.ts');
const ENGINE_PATIENCE_MS = 60_000;

/** Gives the exit code of what ran. */
export async function start(args: readonly string[]): Promise<number> {
  const passedOn = args.filter((arg) => arg !== '--headless');
  if (passedOn.length < args.length || !hasDisplay(process.env)) return foreground(NODE, [CLI, 'start', ...passedOn]);
  await needSystem('app');
  const [{ executable, args: appArgs }] = await Promise.all([electronRuntime(), bundle()]);
  const ended = new AbortController();
  const app = runApp(executable, [...appArgs, ...passedOn]).finally(() => ended.abort());
  await Promise.all([app, sayHint(appOptions(passedOn, process.env).dataDir, ended.signal)]);
  return app;
}

/** Chromium talks a great deal on stderr, and in a crash loop megabytes: it goes to a file, whose end is shown when the app fails. */
async function runApp(executable: string, args: readonly string[]): Promise<number> {
  const file = join(OUT, 'electron.log');
  const log = openSync(file, 'w');
  // A terminal inside an Electron program has this set, and then ours would be a plain Node.
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  const code = await foreground(executable, args, { env, stdio: ['inherit', 'inherit', log] }).finally(() => closeSync(log));
  if (code !== 0) console.error(`The app ended with code ${code}. The end of ${file}:\n${(await readFile(file, 'utf8')).slice(-2000)}`);
  return code;
}

/** Prints what to type to put an agent behind the engine, once there is an engine. */
async function sayHint(dataDir: string, ended: AbortSignal): Promise<void> {
  const patience = AbortSignal.any([ended, AbortSignal.timeout(ENGINE_PATIENCE_MS)]);
  while (!patience.aborted) {
    if (await exists(join(dataDir, CONTROL_SOCKET))) {
      const hint = await ran(NODE, [CLI, 'hint', '--data-dir', dataDir]);
      if (hint.code === 0) return console.log(hint.out.trimEnd());
    }
    await pause(300);
  }
}
