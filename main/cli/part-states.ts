/** How things stand with a part of a machine's set-up, for a person and for a script. */

import type { PartState } from '../../native-config/part.ts';
import { visibleLines } from '../engine/approvals/visible.ts';
import { DONE, type Io, NO, print } from './io.ts';

const MARKS: Record<PartState['state'], string> = { yes: 'yes', no: 'NO', partly: 'PARTLY', absent: '—' };

export function printStates(states: readonly PartState[], io: Io): void {
  for (const { what, state, says } of states)
    print(io, `  ${MARKS[state].padEnd(8)}${visibleLines(says === '' ? what : `${what}: ${says}`)}`);
}

/** Exit code 1 where something of it is not so. */
export function codeOfStates(states: readonly PartState[]): number {
  return states.some(isMissing) ? NO : DONE;
}

/** What there is on this machine, and is not as it should be. */
export function isMissing({ state }: PartState): boolean {
  return state === 'no' || state === 'partly';
}
