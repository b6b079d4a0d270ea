/** The machine as the app finds it, with the places where agents' programs usually lie. */

import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Machine } from '../../../native-config/agents/agents.ts';

/** Below the home folder. A desktop starts programs with a shorter path than a shell has. */
const OWN = ['.local/bin', 'bin', '.npm-global/bin', '.bun/bin', '.volta/bin', '.cargo/bin', '.opencode/bin', '.amp/bin'];
/** macOS gives the programs that it starts not even these. */
const SHARED = ['/usr/local/bin', '/opt/homebrew/bin'];

export function thisMachine(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): Machine {
  const home = env.HOME || homedir();
  const usual = [...OWN.map((folder) => join(home, folder)), ...(platform === 'darwin' ? SHARED : [])];
  const path = [env.PATH ?? '', ...usual].filter((part) => part !== '').join(delimiter);
  return { home, platform, env: { ...env, PATH: path } };
}
