/** Running other programs during installation and build, and saying in one line what is missing. */

import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Something that is needed and could not be had. Its message is one line that names the command that would install it. */
export class Missing extends Error {
  constructor(what: string, how: string) {
    super(`Missing: ${what}. ${how}`);
    this.name = 'Missing';
  }
}

/** What to print of an error: its one line where something is missing, all that is known otherwise. */
export function wordsOf(error: unknown): string {
  if (error instanceof Missing) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a program quietly to its end. Never rejects: a program that cannot be started has code 127. */
export function ran(
  command: string,
  args: readonly string[],
  options: { cwd?: string; timeoutMs?: number; env?: NodeJS.ProcessEnv } = {},
): Promise<Ran> {
  const { timeoutMs = 0, ...rest } = options;
  return new Promise((done) => {
    const child = execFile(command, [...args], { ...rest, timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024 }, (error, out, err) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 127;
      done({ code, out, err: err || (code === 127 && error ? error.message : '') });
    });
    child.stdin?.end();
  });
}

/** As `ran`, but a failure is an error that carries the program's last words. */
export async function must(command: string, args: readonly string[], options: Parameters<typeof ran>[2] = {}): Promise<string> {
  const { code, out, err } = await ran(command, args, options);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed (${code}): ${err.trim().split('\n').slice(-3).join(' ')}`);
  return out;
}

/** Whether a program of this name is on the PATH. */
export async function onPath(program: string): Promise<boolean> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    if (folder !== '' && (await exists(join(folder, program), constants.X_OK))) return true;
  }
  return false;
}

export function exists(path: string, mode: number = constants.F_OK): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}
