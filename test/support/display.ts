/** A private desktop for tests: an X server, a D-Bus session and a home folder of its own, gone without trace after `stop`. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { must, ran } from '../../build/commands.ts';
import { electronRuntime } from '../../build/electron-runtime.ts';
import { needSystem } from '../../build/system.ts';

/** What can run on the desktop: a window manager, a tray, and a place where notifications show. */
export type DesktopPart = 'windows' | 'tray' | 'notifications';

export interface Display extends AsyncDisposable {
  /** The whole environment for programs on this desktop; nothing of the caller's but PATH. */
  readonly env: Readonly<Record<string, string>>;
  /** The throw-away home folder. */
  readonly home: string;
  /** Writes a picture of the whole screen (PNG). */
  screenshot(file: string): Promise<void>;
  /** Ends what was started here, by its own ids, and removes the home folder. */
  stop(): Promise<void>;
}

const PARTS: Record<DesktopPart, { readonly command: string; ready(env: NodeJS.ProcessEnv): Promise<boolean> }> = {
  windows: {
    command: 'openbox --sm-disable',
    ready: async (env) => (await ran('xprop', ['-root', '_NET_SUPPORTING_WM_CHECK'], { env })).out.includes('window id'),
  },
  tray: {
    command: 'trayer --edge top --align right --widthtype request --height 28 --SetDockType true --transparent false',
    ready: async (env) => (await ran('xwininfo', ['-root', '-tree'], { env })).out.includes('("panel" "trayer")'),
  },
  notifications: { command: 'dunst', ready: (env) => ownsName('org.freedesktop.Notifications', env) },
};

/** Starts a desktop with `parts` on it. Rejects, naming what to install, where a program that it needs is missing. */
export async function startDisplay(options: { readonly parts?: readonly DesktopPart[]; readonly size?: string } = {}): Promise<Display> {
  const { parts = ['windows'], size = '1280x800' } = options;
  await needSystem('desktop');
  const home = await mkdtemp(join(tmpdir(), 'holdpoint-desktop-'));
  const started: ChildProcess[] = [];
  const stop = async () => {
    for (const child of started.toReversed()) await ended(child);
    await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  try {
    const runtimeDir = join(home, 'run');
    await mkdir(runtimeDir, { mode: 0o700 });
    const env: Record<string, string> = {
      PATH: process.env.PATH ?? '',
      HOME: home,
      USER: process.env.USER ?? 'root',
      LANG: 'C.UTF-8',
      XDG_RUNTIME_DIR: runtimeDir,
      NO_AT_BRIDGE: '1',
    };
    const start = (command: string) => {
      const [program = '', ...args] = command.split(' ');
      const child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
      started.push(child);
      return child;
    };
    env.DISPLAY = `:${await firstLine(start(`Xvfb -displayfd 3 -screen 0 ${size}x24 -noreset -nolisten tcp`), 3)}`;
    env.DBUS_SESSION_BUS_ADDRESS = await firstLine(start('dbus-daemon --session --nofork --print-address=3'), 3);
    await Promise.all(
      parts.map(async (part) => {
        const child = start(PARTS[part].command);
        await until(`${part} on the test's desktop`, child, () => PARTS[part].ready(env));
      }),
    );
    const screenshot = async (file: string) => void (await must('import', ['-window', 'root', file], { env }));
    return { env, home, screenshot, stop, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** For Playwright's `_electron.launch` and for `spawn`: the program, and the arguments that make it run this clone's app. */
export async function electronExecutable(): Promise<{ executablePath: string; args: string[] }> {
  const { executable, args } = await electronRuntime();
  return { executablePath: executable, args: [...args] };
}

async function firstLine(child: ChildProcess, fd: number): Promise<string> {
  const lines = createInterface({ input: child.stdio[fd] as Readable });
  const failed = once(child, 'error').then(([error]) => Promise.reject(error));
  const closed = once(lines, 'close').then(() => Promise.reject(new Error(`${child.spawnfile} ended before it was ready.`)));
  failed.catch(() => {});
  closed.catch(() => {});
  const [line] = (await Promise.race([once(lines, 'line'), failed, closed])) as [string];
  return line;
}

async function ownsName(name: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const bus = ['--session', '--print-reply', '--dest=org.freedesktop.DBus', '/', 'org.freedesktop.DBus.NameHasOwner', `string:${name}`];
  return (await ran('dbus-send', bus, { env })).out.includes('boolean true');
}

async function until(what: string, child: ChildProcess, ready: () => Promise<boolean>): Promise<void> {
  const patience = AbortSignal.timeout(30_000);
  let broken: Error | undefined;
  child.once('error', (error) => (broken = error));
  while (!(await ready())) {
    if (broken ?? (child.exitCode !== null || patience.aborted)) throw new Error(`There is no ${what}.`, { cause: broken });
    await pause(50);
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), 5000);
  await exit;
  clearTimeout(force);
}
