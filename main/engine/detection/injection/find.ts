/** Finds instructions to an agent in text that should only inform it. */

import type { Finding } from '../../../contract/action.ts';

/** What in `text` speaks to the agent as if it were its user, sorted and not overlapping. */
export function findInjections(_text: string): Finding[] {
  return [];
}
