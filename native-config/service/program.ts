/** How the engine is started from where it is installed. */

import { fileURLToPath } from 'node:url';

export interface Program {
  /** The project's own Node. */
  readonly node: string;
  /** The `holdpoint` program. */
  readonly script: string;
}

export function thisProgram(): Program {
  return { node: process.execPath, script: fileURLToPath(new URL('../../main/cli/holdpoint.ts', import.meta.url)) };
}
