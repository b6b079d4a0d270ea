/** A place where a machine, or programs on it, keep what they trust. */

import type { PartState } from '../part.ts';
import type { RunStep, Step } from '../steps/step.ts';
import type { Authority } from './authority.ts';

export interface TrustStore {
  /** What makes it trust the authority and none of Holdpoint's older ones; nothing where it is so. */
  plan(authority: Authority): Promise<readonly Step[]>;
  /** Asks the store, or the tool that reads it. Empty where there is no such store here and none is missed. */
  status(authority: Authority): Promise<readonly PartState[]>;
}

/**
 * Removes a file that an older authority of Holdpoint stands in. Nothing brings it back: its key is gone or lies about in an old folder,
 * and whoever finds it could pretend to be any server.
 */
export function removeOld(file: string, where: string): RunStep {
  return {
    kind: 'run',
    says: `Removes an older authority of Holdpoint from ${where}, for good: nothing uses its key any more`,
    command: ['/bin/rm', '-f', '--', file],
  };
}

/** What to do, said the same way everywhere. */
export const INSTALL = 'As root, run: holdpoint trust install';
