/** The checks as a process of the project's own Node: `holdpoint doctor --json`. */

import { type DoctorEvent, doctorEventSchema } from '../../contract/doctor.ts';
import { startCli } from '../cli-process.ts';

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

/** All checks side by side, each with its own patience. */
const LONGEST_MS = 180_000;

export function startDoctor({ root, args, env, onEvent }: DoctorProcessOptions): DoctorProcess {
  const { child, ended } = startCli({
    ...{ root, env, args: ['doctor', '--json', ...args], schema: doctorEventSchema, onTold: onEvent, name: 'The checks' },
    timeout: LONGEST_MS,
    killSignal: 'SIGKILL',
  });
  child.stdin.end();
  return { ended, stop: () => void child.kill('SIGTERM') };
}
