/** Every program of Windows that Holdpoint knows, by name without its ending. */

import { ADMINISTRATION } from './administration.ts';
import { CREDENTIAL_PROGRAMS } from './credential-programs.ts';
import { FILE_PROGRAMS } from './file-programs.ts';
import { NETWORK_PROGRAMS } from './network-programs.ts';
import type { WindowsProgram } from './program.ts';
import { RUNNING_PROGRAMS } from './running-programs.ts';

const KNOWN: ReadonlyMap<string, WindowsProgram> = new Map(
  Object.entries({ ...FILE_PROGRAMS, ...NETWORK_PROGRAMS, ...ADMINISTRATION, ...CREDENTIAL_PROGRAMS, ...RUNNING_PROGRAMS }),
);

export function windowsProgram(name: string): WindowsProgram | undefined {
  return KNOWN.get(name);
}
