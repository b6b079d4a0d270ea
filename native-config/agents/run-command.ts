/** A holdpoint command as it can be typed in any folder, and stand in a shell's profile. */

import { join } from 'node:path';

export interface CommandPlace {
  /** The folder that holds `main/` and `node_modules/`. */
  readonly root: string;
  /** Undefined where it is the default one. */
  readonly dataDir: string | undefined;
  readonly platform: NodeJS.Platform;
}

/** In a folder other than the clone, `npx holdpoint` would run whatever package a registry has under that name: so it is named by its path. */
export function holdpointCommand(verb: string, { root, dataDir, platform }: CommandPlace): string {
  const program = quoted(programIn(root, platform), platform);
  const place = dataDir === undefined ? '' : ` --data-dir ${quoted(dataDir, platform)}`;
  return `${platform === 'win32' ? '& ' : ''}${program} ${verb}${place}`;
}

/** A package's own command is on every PATH on Linux, and stays where it is when the package is replaced. */
function programIn(root: string, platform: NodeJS.Platform): string {
  if (!/[\\/]resources[\\/]engine[\\/]?$/i.test(root)) return join(root, 'node_modules', '.bin', 'holdpoint');
  return platform === 'linux' ? '/usr/bin/holdpoint' : join(root, 'bin', platform === 'win32' ? 'holdpoint.cmd' : 'holdpoint');
}

/** A word that the platform's usual shell takes as it is. */
export function quoted(value: string, platform: NodeJS.Platform): string {
  if (platform === 'win32') return `'${value.replaceAll("'", "''")}'`;
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
