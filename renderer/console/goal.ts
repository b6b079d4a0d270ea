/** Where somebody has just asked to be: a new one each time they ask. */

import type { ConsolePlace } from '../../main/app/channels.ts';

export interface Goal {
  readonly place: ConsolePlace;
}
