/** The environment on Windows, as far as every machine has it: on others its folders are where a person of this name would have them. */

import type { Gathering } from '../gathering.ts';
import { FILLER, type Holding, IDENTITY } from '../holes.ts';
import type { ShellState } from '../shell/machine.ts';
import { SECRET_NAME, unknownVariable } from '../shell/variables.ts';

/** What a variable holds, a hole where that is not known. `name` in any case. */
export function environmentVariable(name: string, state: ShellState, gathering: Gathering): string {
  const own = state.variables.get(name.toUpperCase());
  if (own) return own.join(' ');
  return knownVariable(name, state, gathering) ?? unknownVariable(name);
}

/** Where no command of this call has set it. */
export function knownVariable(name: string, state: ShellState, { paths }: Gathering): string | undefined {
  const home = paths.home ?? '~';
  const windows = /^[A-Za-z]:/.test(home);
  const slash = windows ? '\\' : '/';
  const below = (...folders: readonly string[]) => [home, ...folders].join(slash);
  switch (name.toUpperCase()) {
    case 'USERPROFILE':
    case 'HOME':
      return home;
    case 'HOMEDRIVE':
      return windows ? home.slice(0, 2) : '';
    case 'HOMEPATH':
      return windows ? home.slice(2) : home;
    case 'APPDATA':
      return below('AppData', 'Roaming');
    case 'LOCALAPPDATA':
      return below('AppData', 'Local');
    case 'TEMP':
    case 'TMP':
      return windows ? below('AppData', 'Local', 'Temp') : '/tmp';
    case 'TMPDIR':
      return '/tmp';
    case 'ONEDRIVE':
      return below('OneDrive');
    case 'SYSTEMDRIVE':
      return 'C:';
    case 'SYSTEMROOT':
    case 'WINDIR':
      return 'C:\\Windows';
    case 'PROGRAMFILES':
    case 'PROGRAMW6432':
      return 'C:\\Program Files';
    case 'PROGRAMFILES(X86)':
      return 'C:\\Program Files (x86)';
    case 'PROGRAMDATA':
    case 'ALLUSERSPROFILE':
      return 'C:\\ProgramData';
    case 'PUBLIC':
      return 'C:\\Users\\Public';
    case 'COMSPEC':
      return 'C:\\Windows\\System32\\cmd.exe';
    case 'PWD':
    case 'CD':
      return state.cwd;
    case 'USERNAME':
    case 'USER':
    case 'COMPUTERNAME':
    case 'HOSTNAME':
    case 'USERDOMAIN':
    case 'LOGONSERVER':
      return IDENTITY;
    case 'RANDOM':
    case 'DATE':
    case 'TIME':
    case 'ERRORLEVEL':
    case 'NUMBER_OF_PROCESSORS':
    case 'PROCESSOR_ARCHITECTURE':
    case 'PROCESSOR_IDENTIFIER':
    case 'OS':
    case 'CMDCMDLINE':
    case 'PATHEXT':
    case 'SESSIONNAME':
      return FILLER;
    default:
      return undefined;
  }
}

/** Variables whose names fit a pattern: all of them, those that hold keys, or some that somebody wants to see. */
export function holdingOfNames(pattern: string): Holding {
  if (/^[\\/]*\**$/.test(pattern)) return 'environment';
  return SECRET_NAME.test(pattern.replaceAll('*', '').replace(/[._^$-]+$/, '')) || /key|token|secret|pass|cred|auth/i.test(pattern)
    ? 'key'
    : 'variable';
}
