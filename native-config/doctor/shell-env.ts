/** What a shell has that the person opens now: asked of the shell itself. Of it only what concerns proxies and certificates is kept. */

import { ENDPOINT_VARIABLES } from '../agents/endpoints.ts';
import { REMOVED, VARIABLES } from '../agents/environment.ts';
import type { System } from '../system.ts';
import { askProgram } from './ask-program.ts';

const SHELL_MS = 10_000;
const MARK = '==holdpoint==';
const KEPT = new Set([
  ...VARIABLES.map(({ name }) => name.toLowerCase()),
  ...REMOVED.map(({ name }) => name),
  'path',
  ...ENDPOINT_VARIABLES.map((name) => name.toLowerCase()),
]);

/** Undefined where there is no shell to ask, or it does not answer. */
export async function shellEnvironment({ env, home, platform }: System): Promise<NodeJS.ProcessEnv | undefined> {
  const shell = env.SHELL;
  if (platform === 'win32' || !shell?.startsWith('/')) return undefined;
  // As a login has it: nothing of what we were started with.
  const fresh = {
    HOME: home,
    SHELL: shell,
    TERM: 'dumb',
    PATH: '/usr/local/bin:/usr/bin:/bin',
    ...(env.USER && { USER: env.USER }),
    ...(env.LOGNAME && { LOGNAME: env.LOGNAME }),
    ...(env.LANG && { LANG: env.LANG }),
  };
  const asked = await askProgram(shell, ['-lc', `echo ${MARK}; env`], { env: fresh, timeoutMs: SHELL_MS, cwd: home });
  const at = asked.out.indexOf(`${MARK}\n`);
  if (asked.stopped || at < 0) return undefined;
  return keptOf(asked.out.slice(at + MARK.length + 1));
}

/** Names and values of `env`'s lines. */
function keptOf(text: string): NodeJS.ProcessEnv {
  const kept: NodeJS.ProcessEnv = {};
  for (const line of text.split('\n')) {
    const at = line.indexOf('=');
    if (at > 0 && KEPT.has(line.slice(0, at).toLowerCase())) kept[line.slice(0, at)] = line.slice(at + 1);
  }
  return kept;
}
