/** Root works in root's own home. */

import { statSync } from 'node:fs';
import { userInfo } from 'node:os';

/** What names folders of a person's beside HOME. */
const BESIDE_HOME = ['XDG_DATA_HOME', 'XDG_CONFIG_HOME', 'XDG_STATE_HOME', 'XDG_CACHE_HOME', 'XDG_RUNTIME_DIR'];

/**
 * Some systems' sudo leaves HOME as it was. To write in another user's home with root's rights would let that user lead root elsewhere, by
 * links, and leave files there that are root's; and a login shell that root starts would run that user's profile. Such a HOME is replaced
 * by root's own, and the shell with it; `env` is changed.
 */
export function takeOwnHome(env: NodeJS.ProcessEnv, uid = process.getuid?.(), own = rootsOwn): void {
  if (uid !== 0 || !env.HOME || ownerOf(env.HOME) === uid) return;
  const { home, shell } = own();
  env.HOME = home;
  env.SHELL = shell;
  for (const name of BESIDE_HOME) delete env[name];
}

function rootsOwn(): { readonly home: string; readonly shell: string } {
  const { homedir, shell } = userInfo();
  return { home: homedir, shell: shell ?? '/bin/sh' };
}

/** A folder that is not there yet will be its maker's. */
function ownerOf(folder: string): number {
  try {
    return statSync(folder).uid;
  } catch {
    return 0;
  }
}
