/** A command of ours as a process of the project's own Node, which tells what happens in lines of JSON. */

import { type ChildProcessByStdio, type SpawnOptions, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { z } from 'zod';
import { cliOf, nodeOf } from './engine-process.ts';

export interface CliOptions<Told> extends Pick<SpawnOptions, 'timeout' | 'killSignal'> {
  /** The folder that holds `main/` and `node_modules/`. */
  readonly root: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Lines that are not of it are passed over. */
  readonly schema: z.ZodType<Told>;
  readonly onTold: (told: Told) => void;
  /** "The demonstration" */
  readonly name: string;
}

export interface CliProcess {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  /** Resolves when it has ended, with its last words. */
  readonly ended: Promise<string>;
}

const LAST_WORDS = 1_000;

export function startCli<Told>({ root, args, env, schema, onTold, name, ...limits }: CliOptions<Told>): CliProcess {
  const child = spawn(nodeOf(root), [cliOf(root), ...args], { ...limits, cwd: root, env, stdio: ['pipe', 'pipe', 'pipe'] });
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-LAST_WORDS);
  });
  child.stdin.on('error', () => {}); // It has ended; 'close' tells.
  createInterface({ input: child.stdout }).on('line', (line) => {
    const told = schema.safeParse(jsonOf(line));
    if (told.success) onTold(told.data);
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`${name} could not be started: ${error.message}`));
    child.once('close', (code) => resolve(words.trim() || `${name} ended with code ${code}.`));
  });
  return { child, ended };
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
