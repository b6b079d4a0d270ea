/** The `holdpoint` command as a process, as a person or a script runs it. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

const CLI = resolve(import.meta.dirname, '../../../main/cli/holdpoint.ts');

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  /** What it has written to standard output so far. */
  out(): string;
  err(): string;
  type(text: string): void;
  endInput(): void;
  signal(signal: NodeJS.Signals): void;
  readonly ended: Promise<Ran>;
}

export function startCli(args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: 'pipe', env: { ...process.env, ...env } });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  child.stdin.on('error', () => {});
  return {
    out: () => out,
    err: () => err,
    type: (text) => void child.stdin.write(text),
    endInput: () => void child.stdin.end(),
    signal: (signal) => void child.kill(signal),
    ended: once(child, 'close').then(([code]) => ({ code: code as number | null, out, err })),
  };
}

/** Runs it to its end, with `input` on standard input. */
export function runCli(args: readonly string[], env: NodeJS.ProcessEnv = {}, input = ''): Promise<Ran> {
  const running = startCli(args, env);
  running.type(input);
  running.endInput();
  return running.ended;
}
