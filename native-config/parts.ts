/** What of a machine is put behind the guard, in the order in which it is done; taken back in the reverse. */

import type { Part, PartName } from './part.ts';
import { createService } from './service/service.ts';
import type { System } from './system.ts';

/** The service first: all others need to know where it serves, and what its authority is. */
export const PART_NAMES: readonly PartName[] = ['service', 'trust', 'proxy', 'agents'];

export function createParts(system: System): readonly Part[] {
  return [createService(system)];
}
