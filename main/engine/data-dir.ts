/** The data folder: private, and of one engine at a time. */

import { chmodSync, closeSync, lstatSync, mkdirSync, openSync, readFileSync, rmSync, type Stats } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, parse, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { HoldpointError, messageOf } from '../contract/errors.ts';
import { writeFileAtomically } from './atomic-file.ts';

export { writeFileAtomically };

const stateSchema = z.strictObject({
  /** The port that the proxy had last: agents' environments keep pointing at it. */
  port: z.int().min(1).max(65535).optional(),
  /** Highest revisions of a fleet's policy that were accepted, by ring and root. */
  highest: z.record(z.string().max(200), z.int().min(0)).optional(),
});
export type EngineState = z.infer<typeof stateSchema>;

export interface DataDir {
  /** Absolute. */
  readonly dir: string;
  /** What the last engine kept; empty where it is missing or unreadable. */
  state(): EngineState;
  /** What is left out stays as it was. */
  saveState(state: EngineState): void;
  /** Lets another engine have the folder. */
  release(): void;
}

const LOCK = 'engine.lock';
const HOLDER = 'engine.pid';
const STATE = 'state.json';

/**
 * Makes the folder private (0700) and claims it.
 * Throws HoldpointError `data-dir-unusable`, or `data-dir-busy` where another engine has it. `home` is a person's, which is not made private.
 */
export function claimDataDir(path: string, home = homedir()): DataDir {
  const dir = resolve(path);
  makePrivate(dir, home);
  const lock = takeLock(dir);
  try {
    writeFileAtomically(join(dir, HOLDER), `${process.pid}\n`);
  } catch (thrown) {
    lock.close();
    throw unusable(dir, `it cannot be written to: ${messageOf(thrown)}`, thrown);
  }
  return {
    dir,
    state: () => readState(join(dir, STATE)),
    saveState: (state) => {
      const whole = stateSchema.parse({ ...readState(join(dir, STATE)), ...state });
      writeFileAtomically(join(dir, STATE), `${JSON.stringify(whole)}\n`);
    },
    release: () => {
      if (!lock.open) return;
      rmSync(join(dir, HOLDER), { force: true });
      lock.close();
    },
  };
}

function makePrivate(dir: string, home: string): void {
  if (dir === home || dir === parse(dir).root) throw unusable(dir, 'it would be made private as a whole; choose a folder of its own');
  try {
    mkdirSync(dirname(dir), { recursive: true });
    mkdirSync(dir, { mode: 0o700 });
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST'))
      throw unusable(dir, `it cannot be made: ${messageOf(thrown)}`, thrown);
  }
  const found = foundAt(dir);
  if (found.isSymbolicLink()) throw unusable(dir, 'it is a symbolic link; name the folder itself');
  if (!found.isDirectory()) throw unusable(dir, 'it is not a folder');
  if (process.platform === 'win32') return;
  if (found.uid !== process.getuid?.()) throw unusable(dir, 'it belongs to another user');
  if (found.mode & 0o1000) throw unusable(dir, 'it is shared by all users; choose a folder of its own');
  if (found.mode & 0o077) {
    try {
      chmodSync(dir, 0o700);
    } catch (thrown) {
      throw unusable(dir, `others can enter it, and that cannot be changed: ${messageOf(thrown)}`, thrown);
    }
  }
}

function foundAt(dir: string): Stats {
  try {
    return lstatSync(dir);
  } catch (thrown) {
    throw unusable(dir, `it cannot be made: ${messageOf(thrown)}`, thrown);
  }
}

/**
 * A lock that the operating system takes back when the process ends, however it ends: so there is no stale lock,
 * and two starters cannot both take one over. SQLite's file lock is the one such lock that Node has on every platform.
 */
function takeLock(dir: string): Database.Database {
  const file = join(dir, LOCK);
  let lock: Database.Database | undefined;
  try {
    closeSync(openSync(file, 'a', 0o600));
    lock = new Database(file, { timeout: 0 });
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (thrown) {
    lock?.close();
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'SQLITE_BUSY') {
      const pid = holder(dir);
      throw new HoldpointError(
        'data-dir-busy',
        `Another engine${pid === undefined ? '' : ` (process ${pid})`} is using ${dir}. Stop it, or give this one its own folder with --data-dir.`,
        thrown,
      );
    }
    throw unusable(dir, `its lock ${LOCK} cannot be taken: ${messageOf(thrown)}`, thrown);
  }
}

function holder(dir: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(dir, HOLDER), 'utf8').trim());
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function readState(file: string): EngineState {
  try {
    return stateSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // It only spares agents a new port; a fresh one is always right.
    return {};
  }
}

function unusable(dir: string, why: string, cause?: unknown): HoldpointError {
  return new HoldpointError('data-dir-unusable', `The data folder ${dir} cannot be used: ${why}.`, cause);
}
