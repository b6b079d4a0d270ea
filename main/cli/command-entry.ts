/** What is said of a command, and where it lies. */

import type { Command } from './io.ts';

export interface Entry {
  /** After `holdpoint`. */
  readonly usage: readonly string[];
  readonly says: string;
  readonly more?: readonly string[];
  /** Loaded when it is run: help must not wait for a policy engine. */
  readonly load: () => Promise<Command>;
}

/** Options of every command that has an engine. */
export const PLACE = [
  '--config FILE     configuration; all defaults where absent',
  '--data-dir DIR    data folder; beats the configuration’s',
];
