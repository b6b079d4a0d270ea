/** Programs of a name on this machine: each once, however many links lead to it. */

import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { System } from '../../system.ts';

/** In the order of PATH, at most `most`. Relative entries are left out: what they name depends on where somebody stands. */
export function programsNamed(
  names: readonly string[],
  { env, platform }: Pick<System, 'env' | 'platform'>,
  most: number,
): readonly string[] {
  const found = new Map<string, string>();
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    if (!/^(\/|[A-Za-z]:[\\/])/.test(folder)) continue;
    for (const name of names) {
      const file = join(folder, platform === 'win32' ? `${name}.exe` : name);
      const real = realProgram(file);
      if (real !== undefined && !found.has(real)) found.set(real, file);
    }
  }
  return [...found.values()].slice(0, most);
}

function realProgram(file: string): string | undefined {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile() ? realpathSync(file) : undefined;
  } catch {
    return undefined;
  }
}
