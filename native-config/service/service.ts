/** The guard as a service of the machine: one engine for all of its users, started with it and kept running by it. */

import { HoldpointError } from '../../main/contract/errors.ts';
import type { Part } from '../part.ts';
import type { System } from '../system.ts';
import { createLinuxService } from './linux.ts';
import { createMacosService } from './macos.ts';
import { type Program, thisProgram } from './program.ts';
import { createWindowsService } from './windows.ts';

export function createService(system: System, program: Program = thisProgram()): Part {
  switch (system.platform) {
    case 'linux':
      return createLinuxService(system, program);
    case 'darwin':
      return createMacosService(system, program);
    case 'win32':
      return createWindowsService(system, program);
    default:
      throw new HoldpointError('not-found', `Holdpoint has no service for ${system.platform} in this version.`);
  }
}
