/** `npm run demo`: the demonstration in the terminal and, where there is a display, in the app's own windows. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { markShownAround } from '../main/app/first-run/first-run.ts';
import { demonstrate, type Windows } from '../main/cli/demo.ts';
import { bundle } from './bundle.ts';
import { wordsOf } from './commands.ts';
import { hasDisplay } from './display.ts';
import { electronRuntime } from './electron-runtime.ts';
import { appEnvironment, appLog } from './start.ts';
import { needSystem } from './system.ts';

/** Gives its exit code. */
export async function demo(): Promise<number> {
  const { stdin: input, stdout: output, stderr: errors, env } = process;
  return demonstrate({ input, output, errors, env }, await windows());
}

/** Undefined where there is no display, or no Electron for it: the terminal can ask as well. */
async function windows(): Promise<Windows | undefined> {
  if (!hasDisplay(process.env)) return undefined;
  try {
    await needSystem('app');
    const [{ executable, args }] = await Promise.all([electronRuntime(), bundle()]);
    return (dataDir, over) => {
      markShownAround(join(dataDir, 'app')); // the demonstration is one tour already
      return shown(executable, [...args, '--data-dir', dataDir], over);
    };
  } catch (error) {
    console.error(`${wordsOf(error)}\nWithout it the question comes in this terminal.`);
    return undefined;
  }
}

async function shown(executable: string, args: readonly string[], over: AbortSignal): Promise<void> {
  using log = appLog();
  const app = spawn(executable, args, { env: appEnvironment(), stdio: ['ignore', 'ignore', log.descriptor] });
  const stop = () => app.kill();
  over.addEventListener('abort', stop, { once: true });
  if (over.aborted) stop();
  await once(app, 'close').catch((error: unknown) => console.error(`The app could not be started: ${wordsOf(error)}`));
}
