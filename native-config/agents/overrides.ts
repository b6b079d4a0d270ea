/** What an agent's own settings put in the place of the environment that it is started with. */

import { basename } from 'node:path';
import { type Machine, type OwnEnvironment, SETUP_AGENTS } from './agents.ts';
import { uninspectedEndpoints } from './endpoints.ts';
import { VARIABLES } from './environment.ts';

export interface Start {
  readonly machine: Machine;
  /** With its arguments: `npx` and the like come before the agent's own name. */
  readonly command: readonly string[];
  readonly cwd: string;
  /** What it is started with. */
  readonly env: NodeJS.ProcessEnv;
  /** Whether a host, in lower case, is inspected. */
  inspects(host: string): boolean;
}

/** A sentence for each that may lead the agent past the guard. They are left as they are: a person has written them. */
export function overridingSettings({ machine, command, cwd, env, inspects }: Start): readonly string[] {
  const words = command.map((word) => basename(word));
  return SETUP_AGENTS.filter(({ program }) => words.includes(program)).flatMap(({ id, name: agent, ownEnvironment }) =>
    readable(() => ownEnvironment?.(machine, cwd) ?? []).flatMap(({ file, variables }) => [
      ...VARIABLES.filter(({ name }) => variables[name] !== undefined && variables[name] !== env[name]).map(
        ({ name }) =>
          `${file} sets ${name} for ${agent}, in the place of what is set here: it may go past the guard, or not trust it. Remove it there, or run: holdpoint agents setup ${id}`,
      ),
      ...uninspectedEndpoints(variables, inspects).map((sentence) => `${file}: ${sentence}`),
    ]),
  );
}

/** Settings that cannot be read are of no use to the agent either. */
function readable(read: () => readonly OwnEnvironment[]): readonly OwnEnvironment[] {
  try {
    return read();
  } catch {
    return [];
  }
}
