/** The checks as a process of the project's own Node: `holdpoint doctor --json`. */

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type DoctorEvent, doctorEventSchema } from '../../contract/doctor.ts';
import { cliOf, nodeOf } from '../engine-process.ts';

export interface DoctorProcess {
  /** Resolves when it has ended, with its last words. */
  readonly ended: Promise<string>;
  stop(): void;
}

export interface DoctorProcessOptions {
  /** The folder that holds `main/` and `node_modules/`. */
  readonly root: string;
  /** What is to be looked at, as the command line names it. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  onEvent(event: DoctorEvent): void;
}

const LAST_WORDS = 1_000;
/** All checks side by side, each with its own patience. */
const LONGEST_MS = 180_000;

export function startDoctor({ root, args, env, onEvent }: DoctorProcessOptions): DoctorProcess {
  const child = spawn(nodeOf(root), [cliOf(root), 'doctor', '--json', ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LONGEST_MS,
    killSignal: 'SIGKILL',
  });
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-LAST_WORDS);
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = doctorEventSchema.safeParse(jsonOf(line));
    if (event.success) onEvent(event.data);
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`The checks could not be started: ${error.message}`));
    child.once('close', (code) => resolve(words.trim() || `The checks ended with code ${code}.`));
  });
  return { ended, stop: () => void child.kill('SIGTERM') };
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
