/** Where the shells are put together: bash, PowerShell and cmd.exe, each of which starts the others. */

import { runCmd } from './cmd/walk.ts';
import type { Gathering } from './gathering.ts';
import { runPowerShell } from './powershell/walk.ts';
import type { Machine, Others } from './shell/machine.ts';
import { createMachine } from './shell/walk.ts';
import { runProgram } from './windows/external.ts';
import { windowsProgram } from './windows/known.ts';

const OTHERS: Others = {
  powershell: runPowerShell,
  cmd: runCmd,
  knows: (name) => windowsProgram(name) !== undefined,
  program: runProgram,
};

export function createShells(gathering: Gathering): Machine {
  return createMachine(gathering, OTHERS);
}
