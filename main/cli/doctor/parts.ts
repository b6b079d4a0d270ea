/** The parts of a machine that can be put behind the guard for all of its users, in the order in which they are set up. */

import type { Part } from '../../../native-config/part.ts';
import type { System } from '../../../native-config/system.ts';

export function machineParts(_system: System): readonly Part[] {
  return [];
}
