/** What the device remembers of its fleet across restarts. A disk that is full or damaged costs the memory, never the policy in force. */

import { mkdirSync } from 'node:fs';
import { messageOf } from '../../contract/errors.ts';
import { type FleetState, type KeptFiles, type KnownMetadata, type LastGood, NO_STATE } from './kept.ts';

export interface FleetMemory {
  readonly state: FleetState;
  /** Metadata that `verify` accepts; undefined where there is none. */
  metadata(verify: (known: KnownMetadata) => void): KnownMetadata | undefined;
  keepMetadata(known: KnownMetadata): void;
  keepLastGood(good: LastGood): void;
  /** Anything else that is to be written. */
  attempt(write: () => void): void;
  /** Writes what is still to be written. Gives why something could not be, since the last time; undefined where all was. */
  settle(): string | undefined;
}

export function createFleetMemory(options: { dir: string; kept: KeptFiles; log(message: string): void }): FleetMemory {
  const { dir, kept, log } = options;
  const state = readState();
  let unkept: LastGood | undefined;
  let fault: string | undefined;
  attempt(() => mkdirSync(dir, { recursive: true, mode: 0o700 }));

  return {
    state,
    metadata(verify) {
      try {
        const found = kept.metadata();
        if (found) verify(found);
        return found;
      } catch (thrown) {
        // It is got again; the highest revision accepted is kept elsewhere, so that policy cannot go back meanwhile.
        log(`what was kept of the fleet’s metadata is not used: ${messageOf(thrown)}`);
        return undefined;
      }
    },
    keepMetadata: (known) => attempt(() => kept.keepMetadata(known)),
    keepLastGood,
    attempt,
    settle() {
      if (unkept) keepLastGood(unkept);
      attempt(() => kept.keepState(state));
      const told = fault;
      fault = undefined;
      return told;
    },
  };

  function keepLastGood(good: LastGood): void {
    unkept = good;
    attempt(() => {
      kept.keepLastGood(good);
      unkept = undefined;
    });
  }

  function attempt(write: () => void): void {
    try {
      write();
    } catch (thrown) {
      fault = messageOf(thrown);
    }
  }

  function readState(): FleetState {
    try {
      return kept.state() ?? structuredClone(NO_STATE);
    } catch (thrown) {
      log(`what was kept of the fleet’s state is not used: ${messageOf(thrown)}`);
      return structuredClone(NO_STATE);
    }
  }
}
