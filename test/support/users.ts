/** Programs of other users than the test's own, which must be root's. */

import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ControlMethod } from '../../main/contract/control.ts';

export const IS_ROOT = process.getuid?.() === 0;

/** Of every Linux system, with their ids and homes. */
export const NOBODY = { name: 'nobody', uid: 65534 };
export const DAEMON = { name: 'daemon', uid: 1 };
/** Whom the engine runs as. */
export const GAMES = { name: 'games', uid: 5 };

export interface User {
  readonly name: string;
  readonly uid: number;
}

/** It may read everything, as a clone may lie in a folder of root's; what it makes is its own, which is what counts here. */
const READS = ['--inh-caps=+dac_read_search', '--ambient-caps=+dac_read_search'];
/** As the system's unit gives them to the engine. */
export const SERVICE_RIGHTS = ['--inh-caps=+dac_read_search,+sys_ptrace', '--ambient-caps=+dac_read_search,+sys_ptrace'];

export function as(user: User, command: readonly string[], rights: readonly string[] = READS): string[] {
  return ['setpriv', `--reuid=${user.uid}`, `--regid=${user.uid}`, '--clear-groups', ...rights, ...command];
}

export interface Told {
  readonly result?: unknown;
  readonly code?: string;
  readonly message?: string;
  readonly event?: string;
  readonly data?: unknown;
}

export interface Client extends AsyncDisposable {
  /** All that it has said so far. */
  readonly told: readonly Told[];
  readonly child: ChildProcess;
}

/** A client of a user's, which stays connected until it is disposed. */
export function clientOf(
  user: User,
  options: { readonly dir: string; readonly attends?: boolean; readonly calls?: readonly (readonly [ControlMethod, unknown])[] },
): Client {
  const script = join(import.meta.dirname, 'ask-as.ts');
  const [program = '', ...args] = as(user, [process.execPath, script, JSON.stringify({ calls: [], ...options })]);
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const told: Told[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => void told.push(JSON.parse(line) as Told));
  const ended = new Promise<void>((resolve) => void child.once('close', () => resolve()));
  return {
    told,
    child,
    async [Symbol.asyncDispose]() {
      child.stdin.on('error', () => {}).end();
      await ended;
    },
  };
}
