/** Where things are: the clone, its own Node, and the cache that all clones share. */

import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The clone's root folder. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The clone's own Node 26. */
export const NODE = join(ROOT, 'node_modules', '.bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** What is big and the same for every clone is kept here: `$HOLDPOINT_CACHE`, else the platform's cache folder. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.HOLDPOINT_CACHE) return resolve(env.HOLDPOINT_CACHE);
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'holdpoint');
}
