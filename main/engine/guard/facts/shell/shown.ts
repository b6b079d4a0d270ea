/** What the agent sees of what a command line prints. */

import type { Range } from '../gathering.ts';
import { type Flow, holdingOf, type Machine } from './machine.ts';

/** What reaches the agent of what a command prints: keys that it shows. */
export function judgeOutput(printed: Flow, { gathering, disk }: Machine, all: Range): void {
  const holds = holdingOf(printed);
  const range = disk.shown ?? all;
  if (holds === 'environment')
    gathering.effect('credential-access', 'watch', 'shows every variable of the environment, passwords and keys too', range);
  else if (holds === 'key') gathering.effect('credential-access', 'watch', 'shows a password or key of the environment', range);
}
