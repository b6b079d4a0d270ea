/** Counts the engine's warnings and errors by their event, such as a thread that was replaced: part of the device's health. */

import type { Log } from '../log.ts';

export interface Troubles {
  /** Writes to the log that was given, and counts. */
  readonly log: Log;
  /** Since the start. */
  counts(): { readonly [event: string]: number };
}

/** Events are names in our own code: this is only against a mistake there. */
const MOST_EVENTS = 100;

export function createTroubles(log: Log): Troubles {
  const counts = new Map<string, number>();

  return {
    log: {
      info: log.info,
      warn(event, fields) {
        count(event);
        log.warn(event, fields);
      },
      error(event, fields) {
        count(event);
        log.error(event, fields);
      },
    },
    counts: () => Object.fromEntries(counts),
  };

  function count(event: string): void {
    if (counts.has(event) || counts.size < MOST_EVENTS) counts.set(event, (counts.get(event) ?? 0) + 1);
  }
}
