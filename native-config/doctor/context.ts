/** What the checks know of the guard and the machine before they ask. */

import type { Status } from '../../main/contract/control.ts';
import type { CheckFix } from '../../main/contract/doctor.ts';
import type { System } from '../system.ts';

/** Where the running engine is, for programs on this machine. */
export interface GuardHere {
  readonly proxyUrl: string;
  /** A file that the person can read. */
  readonly caFile: string;
  readonly dataDir: string;
  readonly caPem: string;
}

export interface DoctorContext {
  readonly system: System;
  /** `own`: one person's engine. `service`: the machine's. */
  readonly mode: 'own' | 'service';
  /** Absent where no engine runs. */
  readonly guard?: GuardHere;
  readonly status?: Status;
  /** What a shell of the person's has that is opened now; undefined where it could not be asked. */
  readonly shellEnv: Promise<NodeJS.ProcessEnv | undefined>;
  /** `holdpoint VERB` as it can be typed here. */
  command(verb: string): string;
}

/** The port that the engine listens on. */
export function portOf({ proxyUrl }: Pick<GuardHere, 'proxyUrl'>): number {
  return Number(new URL(proxyUrl).port);
}

export function typed(says: string, command: string, root = false): CheckFix {
  return { says, command, repairs: false, root };
}

export function repaired(says: string, command?: string): CheckFix {
  return { says, repairs: true, root: false, ...(command !== undefined && { command }) };
}
