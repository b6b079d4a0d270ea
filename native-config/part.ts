/** What of a machine can be put behind the guard: one interface, with an implementation for each operating system behind each part. */

import type { Step } from './steps/step.ts';

export type PartName = 'service' | 'trust' | 'proxy' | 'agents';

/** How programs of this machine reach the guard. */
export interface GuardOfMachine {
  /** "http://127.0.0.1:PORT" */
  readonly proxyUrl: string;
  /** The device's authority, one certificate in PEM. */
  readonly caPem: string;
}

export interface Part {
  readonly name: PartName;
  /** What has to be done that is not done yet: nothing where all is. Throws HoldpointError where it cannot be done, before anything is. */
  plan(guard: GuardOfMachine): Promise<readonly Step[]>;
  /** Asks the system itself whether it is so; never what was once written down. */
  status(guard: GuardOfMachine): Promise<readonly PartState[]>;
}

/** `no` and `partly` come with a sentence that says what is missing and what to do. `absent`: there is no such thing on this machine. */
export interface PartState {
  /** "the system's certificate store", "GNOME's proxy settings" */
  readonly what: string;
  readonly state: 'yes' | 'no' | 'partly' | 'absent';
  readonly says: string;
}
