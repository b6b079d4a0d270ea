/** Where somebody has just asked to be: a new one each time they ask. */

import type { ConsolePlace } from '../../main/app/channels.ts';

export interface Goal {
  readonly place: ConsolePlace;
}

/** The page that a place is on; undefined where it is on every page. */
export function pageOf(place: ConsolePlace): 'activity' | 'missed' | 'status' | undefined {
  if (typeof place === 'object') return 'session' in place ? 'activity' : undefined;
  if (place === 'firstRun') return undefined;
  return place === 'uninspected' ? 'status' : place;
}
