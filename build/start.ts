/** `npm start`: the tray app where there is a display, else the engine with its questions in the terminal. */

import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { appOptions } from '../main/app/options.ts';
import { PLACE_OPTIONS, placeOf } from '../main/cli/io.ts';
import { CONTROL_SOCKET } from '../main/contract/control.ts';
import { messageOf } from '../main/contract/errors.ts';
import { loadSettings } from '../main/engine/settings.ts';
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
  const wrong = whatIsWrong(passedOn);
  if (wrong !== undefined) {
    console.error(`${wrong}\nSee: npm start -- --help`);
    return 2;
  }
  if (passedOn.length < args.length || !hasDisplay(process.env)) return foreground(NODE, [CLI, 'start', ...passedOn]);
  await needSystem('app');
  const [{ executable, args: appArgs }] = await Promise.all([electronRuntime(), bundle()]);
  const ended = new AbortController();
  const app = runApp(executable, [...appArgs, ...passedOn]).finally(() => ended.abort());
  await Promise.all([app, sayHint(appOptions(passedOn, process.env).dataDir, ended.signal)]);
  return app;
}

/** Chromium talks a great deal on stderr, and in a crash loop megabytes: it goes to a file, whose end is shown when the app fails. */
export function appLog(): Disposable & { readonly file: string; readonly descriptor: number } {
  const file = join(OUT, 'electron.log');
  const descriptor = openSync(file, 'w');
  return { file, descriptor, [Symbol.dispose]: () => closeSync(descriptor) };
}

/** A terminal inside an Electron program has this variable set, and then ours would be a plain Node. */
export function appEnvironment(): NodeJS.ProcessEnv {
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  return env;
}

async function runApp(executable: string, args: readonly string[]): Promise<number> {
  using log = appLog();
  const code = await foreground(executable, args, { env: appEnvironment(), stdio: ['inherit', 'inherit', log.descriptor] });
  if (code === 0) return 0;
  console.error(`The app ended with code ${code}. The end of ${log.file}:\n${(await readFile(log.file, 'utf8')).slice(-2000).trimEnd()}`);
  console.error('To guard without the app, with questions in the terminal: npm start -- --headless');
  return 1;
}

/** The same refusal with and without a display, before anything starts. */
function whatIsWrong(args: readonly string[]): string | undefined {
  try {
    const { values } = parseArgs({ args: [...args], options: PLACE_OPTIONS });
    loadSettings(placeOf(values));
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/** Prints what to type to put an agent behind the engine, once there is an engine. */
async function sayHint(dataDir: string, ended: AbortSignal): Promise<void> {
  const patience = AbortSignal.any([ended, AbortSignal.timeout(ENGINE_PATIENCE_MS)]);
  while (!patience.aborted) {
    if (await exists(join(dataDir, CONTROL_SOCKET))) {
      const hint = await ran(NODE, [CLI, 'hint', '--data-dir', dataDir]);
      if (hint.code === 0)
        return console.log(`Holdpoint is protecting. Its icon is in the tray, and questions come in a window.\n\n${hint.out.trimEnd()}`);
    }
    await pause(300);
  }
}
