/** The failsafe of an engine of ours, as a process: it stands at the engine's port while no engine can. */

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAILSAFE_PLAN, failsafePlanSchema } from '../contract/failsafe.ts';
import { cliOf, nodeOf, passedOn } from './engine-process.ts';
import type { StandIn } from './supervisor.ts';

const STOP_MS = 5_000;

/** Undefined where no engine has served this data folder yet: no agent was sent to it. */
export function startStandIn(options: { root: string; dataDir: string; env: NodeJS.ProcessEnv }): StandIn | undefined {
  const { root, dataDir, env } = options;
  const says = sentenceFor(dataDir);
  if (says === undefined) return undefined;
  const args = [cliOf(root), 'failsafe', '--with-parent', '--data-dir', dataDir];
  const child = spawn(nodeOf(root), args, { cwd: dataDir, env: passedOn(env), stdio: ['pipe', 'ignore', 'ignore'] });
  child.stdin?.on('error', () => {}); // It has ended; 'exit' tells.
  const gone = new Promise<void>((resolve) => void child.once('exit', () => resolve()).once('error', () => resolve()));
  return {
    says,
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await gone;
      clearTimeout(timer);
    },
  };
}

function sentenceFor(dataDir: string): string | undefined {
  try {
    const { mode } = failsafePlanSchema.parse(JSON.parse(readFileSync(join(dataDir, FAILSAFE_PLAN), 'utf8')));
    return mode === 'block'
      ? 'AI providers are out of reach meanwhile; all else goes on. It is tried again every minute.'
      : 'NOTHING IS GUARDED meanwhile: what agents send to AI providers goes through unread, and is counted. It is tried again every minute.';
  } catch {
    return undefined;
  }
}
