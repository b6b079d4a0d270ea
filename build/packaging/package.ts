/** `node build/run.mjs package [TARGET…]`: the packages of this platform, in `dist/`. */

import { join } from 'node:path';
import { onPath } from '../commands.ts';
import { foreground } from '../foreground.mjs';
import { NODE, ROOT } from '../places.ts';

export const DIST = join(ROOT, 'dist');
const DEFAULTS: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ['deb', 'rpm'],
  darwin: ['dmg', 'pkg'],
  win32: ['nsis', 'msiWrapped'],
};
const OWN = join(ROOT, 'build', 'packaging');

/** Gives the exit code. */
export async function packageApp(args: readonly string[], output: string = DIST): Promise<number> {
  const targets = args.some((arg) => !arg.startsWith('--')) ? args : [...(DEFAULTS[process.platform] ?? ['dir']), ...args];
  return foreground(NODE, [join(OWN, 'builder.ts'), output, ...targets], { cwd: ROOT, env: await builderEnvironment() });
}

/** Of ours only what it needs: no variable of this shell decides how a package is made. */
export async function builderEnvironment(env: NodeJS.ProcessEnv = process.env): Promise<NodeJS.ProcessEnv> {
  const passed =
    /^(PATH|HOME|USER|LANG|LC_\w+|TMPDIR|TEMP|TMP|SystemRoot|APPDATA|LOCALAPPDATA|XDG_CACHE_HOME|HOLDPOINT_CACHE|SOURCE_DATE_EPOCH|ELECTRON_\w+|CSC_\w+|WIN_CSC_\w+|APPLE_\w+|https?_proxy|no_proxy|SSL_CERT_\w+|NODE_EXTRA_CA_CERTS|npm_config_\w+)$/i;
  const kept = Object.entries(env).filter(([name]) => passed.test(name));
  const standIn = (await onPath('fpm')) ? { USE_SYSTEM_FPM: 'true' } : { CUSTOM_FPM_PATH: join(OWN, 'stand-in', 'fpm.sh') };
  return { ...Object.fromEntries(kept), ...standIn, USE_HARD_LINKS: 'false' };
}
