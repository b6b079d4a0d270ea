/** The demonstration as a process of the project's own Node: `holdpoint demo --json`. */

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { cliOf, nodeOf, passedOn } from '../engine-process.ts';

const toldSchema = z.discriminatedUnion('event', [
  z.looseObject({ event: z.literal('ready'), dataDir: z.string(), folder: z.string() }),
  z.looseObject({ event: z.literal('said'), text: z.string().max(10_000) }),
  z.looseObject({ event: z.literal('ended'), refused: z.int(), isThesisThere: z.boolean() }),
]);
export type Told = z.infer<typeof toldSchema>;

export interface DemonstrationProcess {
  /** Resolves when it has ended, with its last words. */
  readonly ended: Promise<string>;
  /** Lets it take itself down. Resolves when it has ended. */
  stop(): Promise<void>;
}

const STOP_MS = 10_000;
const LAST_WORDS = 1_000;

export function startDemonstration(root: string, env: NodeJS.ProcessEnv, onTold: (told: Told) => void): DemonstrationProcess {
  const child = spawn(nodeOf(root), [cliOf(root), 'demo', '--json'], {
    cwd: root,
    env: passedOn(env),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-LAST_WORDS);
  });
  child.stdin.on('error', () => {}); // It has ended; 'close' tells.
  createInterface({ input: child.stdout }).on('line', (line) => {
    const told = toldSchema.safeParse(jsonOf(line));
    if (told.success) onTold(told.data);
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`The demonstration could not be started: ${error.message}`));
    child.once('close', (code) => resolve(words.trim() || `The demonstration ended with code ${code}.`));
  });

  return {
    ended,
    async stop() {
      child.stdin.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
