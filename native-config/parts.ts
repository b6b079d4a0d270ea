/** What of a machine is put behind the guard, in the order in which it is done; taken back in the reverse. */

import { createMachineAgents } from './agents/machine.ts';
import type { Part, PartName } from './part.ts';
import { createProxy } from './proxy/proxy.ts';
import { createService } from './service/service.ts';
import type { System } from './system.ts';
import { createTrust } from './trust/trust.ts';

/** The service first: all others need to know where it serves, and what its authority is. */
export const PART_NAMES: readonly PartName[] = ['service', 'trust', 'proxy', 'agents'];

export function createParts(system: System): readonly Part[] {
  return [createService(system), createTrust(system), createProxy(system), createMachineAgents(system)];
}
