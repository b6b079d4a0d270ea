/** An engine as a child process, for the commands that need one and found none. */

import { spawn } from 'node:child_process';
import { closeSync, fstatSync, ftruncateSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { HoldpointError, messageOf } from '../contract/errors.ts';
import { loadSettings } from '../engine/settings.ts';

const keptSchema = z.looseObject({ event: z.literal('kept'), by: z.int() });
const readySchema = z.looseObject({ event: z.literal('ready'), proxyUrl: z.string(), caFile: z.string(), dataDir: z.string() });
export type Ready = z.infer<typeof readySchema>;

export interface EngineProcess {
  readonly ready: Ready;
  /** Resolves when it has ended, whoever ended it. */
  readonly ended: Promise<void>;
  /**
   * Ends it cleanly, unless other agents run behind it: then it ends after the last of them. Resolves when it has ended, or is known to go
   * on, with how many need it.
   */
  stop(): Promise<number>;
}

/** The child's log, in the data folder: this terminal belongs to the agent or to the questions. */
const LOG = 'engine.log';
const MAX_LOG_BYTES = 5_000_000;
const START_MS = 60_000;

/** Starts an engine and waits until it serves. Throws HoldpointError with what the engine said where it does not: `data-dir-busy` where another has the folder. */
export async function startEngineProcess(place: { configFile?: string; dataDir?: string }): Promise<EngineProcess> {
  const { dataDir } = loadSettings(place);
  const logFile = join(dataDir, LOG);
  const log = openLog(dataDir, logFile);
  const from = fstatSync(log).size;
  const options = [...(place.configFile === undefined ? [] : ['--config', place.configFile]), '--data-dir', dataDir];
  // Its own process group: Ctrl+C is for the agent, and must not take the guard away from under it.
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('./holdpoint.ts', import.meta.url)), 'engine', '--with-parent', ...options],
    {
      stdio: ['pipe', 'pipe', log],
      detached: process.platform !== 'win32',
      windowsHide: true,
    },
  );
  closeSync(log);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  child.stdin!.on('error', () => {}); // It has ended; 'exit' tells.
  const lines = createInterface({ input: child.stdout! });
  const ready = await Promise.race([lineOf(lines, readySchema), ended.then(() => undefined), after(START_MS)]);
  if (!ready) {
    child.kill();
    const words = said(logFile, from);
    const busy = words.find((line) => line.startsWith('Another engine'));
    if (busy !== undefined) throw new HoldpointError('data-dir-busy', busy);
    throw new HoldpointError('internal', `The engine did not start. ${lastWords(words)}\nIts log is ${logFile}.`);
  }
  return {
    ready,
    ended,
    async stop() {
      const kept = lineOf(lines, keptSchema);
      child.stdin!.end();
      const by = await Promise.race([kept, ended.then(() => undefined)]);
      // This process need not wait for a child that others need.
      child.unref();
      child.stdout!.destroy();
      return by?.by ?? 0;
    },
  };
}

/** The first line that is of this form. Others are passed over; without one it never resolves. */
function lineOf<T>(lines: Interface, schema: z.ZodType<T>): Promise<T> {
  return new Promise((resolve) => {
    lines.on('line', function read(line: string) {
      try {
        resolve(schema.parse(JSON.parse(line)));
        lines.off('line', read);
      } catch {
        // Something else on its standard output; what is waited for is still to come.
      }
    });
  });
}

function after(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, ms, undefined).unref());
}

/** Appended to: the engine that already has the folder writes there too. */
function openLog(dataDir: string, logFile: string): number {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const log = openSync(logFile, 'a', 0o600);
    if (fstatSync(log).size > MAX_LOG_BYTES) ftruncateSync(log);
    return log;
  } catch (thrown) {
    throw new HoldpointError('data-dir-unusable', `The data folder ${dataDir} cannot be used: ${messageOf(thrown)}.`, thrown);
  }
}

/** What was written to the log since `from`, in lines. */
function said(logFile: string, from: number): string[] {
  return readFileSync(logFile).subarray(from).toString('utf8').slice(-16_000).trim().split('\n');
}

/** A refusal is plain text of one line or more; else the last entry's message. */
function lastWords(lines: readonly string[]): string {
  const plain = lines.slice(lines.findLastIndex((line) => line.startsWith('{')) + 1).join('\n');
  if (plain !== '') return plain;
  const last = lines.at(-1) ?? '';
  try {
    return z.looseObject({ message: z.string() }).parse(JSON.parse(last)).message;
  } catch {
    return last || 'It said nothing.';
  }
}
