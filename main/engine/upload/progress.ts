/** How far the collector has been told: kept as a cursor in the log itself. */

import { z } from 'zod';
import { sha256 } from '../audit/chain.ts';
import type { Cursor } from '../audit/cursors.ts';

const gapSchema = z.strictObject({
  /** First and last record; the collector may have some of those between. */
  from: z.int(),
  to: z.int(),
  /** Records that it does not have. */
  count: z.int(),
  /**
   * `backlog`: more was waiting than may. `rejected`: the collector took the rest of a request. `unacceptable`: it refuses this record for
   * good. `too-large`: this record is larger than it takes. `cut`: the log has become shorter.
   */
  reason: z.enum(['backlog', 'rejected', 'unacceptable', 'too-large', 'cut']),
  /** What the collector said. */
  message: z.string(),
  /** Link of the last record, hex; empty where it is gone. */
  hash: z.string(),
  /** When that was found, ISO 8601. */
  at: z.string(),
});

/** Records that the collector does not get, and has still to be told of. */
export type OwedGap = z.infer<typeof gapSchema>;

const stateSchema = z.strictObject({
  /** The newest checkpoint that the collector has. */
  checkpoint: z.int(),
  /** Records that it has, and those that it has been or is owed to be told of as gaps. */
  uploaded: z.int(),
  passed: z.int(),
  owed: z.array(gapSchema),
  confirmedAt: z.string().nullable(),
});

export interface Progress extends z.infer<typeof stateSchema> {
  /** The last record that is dealt with. */
  readonly seq: number;
}

export const BEGINNING: Progress = { seq: 0, checkpoint: 0, uploaded: 0, passed: 0, owed: [], confirmedAt: null };

/** The destination's own: another URL is told everything anew. Not the URL itself, which may hold a key. */
export function cursorName(url: string): string {
  return `otlp ${sha256(url)}`;
}

export function cursorOf(name: string, { seq, ...state }: Progress): Cursor {
  return { name, seq, state: JSON.stringify(state) };
}

/** A state that cannot be read is begun anew from the same record: what is owed is lost with it, no record is. */
export function progressOf(cursor: Cursor | undefined): Progress {
  if (!cursor) return BEGINNING;
  const { seq, state } = cursor;
  try {
    return { seq, ...stateSchema.parse(JSON.parse(state)) };
  } catch {
    return { ...BEGINNING, seq };
  }
}
