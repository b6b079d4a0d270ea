/** The demonstration as a process of the project's own Node: `holdpoint demo --json`. */

import { z } from 'zod';
import { startCli } from '../cli-process.ts';
import { passedOn } from '../engine-process.ts';

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

export function startDemonstration(root: string, env: NodeJS.ProcessEnv, onTold: (told: Told) => void): DemonstrationProcess {
  const { child, ended } = startCli({
    root,
    env: passedOn(env),
    args: ['demo', '--json'],
    schema: toldSchema,
    onTold,
    name: 'The demonstration',
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
