/** What was changed in agents' settings, so that it can be taken back: kept in the data folder, for its owner's eyes only. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { editShape, readEntries, writeEntries } from '../journal-file.ts';
import type { FileEdit, Made } from './edit.ts';

const entrySchema = z.strictObject({
  agent: z.string(),
  file: z.string(),
  ...editShape,
  before: z.string().nullable(),
  after: z.string(),
});

export interface JournalEntry {
  /** The agent's word on the command line. */
  readonly agent: string;
  /** Its real place, links followed. */
  readonly file: string;
  readonly edit: FileEdit;
  readonly made: Made;
  /** SHA-256 (hex) of the file before; null where there was none. */
  readonly before: string | null;
  /** The same, after. */
  readonly after: string;
}

const FILE = 'agents.json';

/** Throws HoldpointError `settings-unusable` where the file is damaged. */
export function readJournal(dataDir: string): readonly JournalEntry[] {
  return readEntries(join(dataDir, FILE), entrySchema, 'in agents’ settings');
}

export function writeJournal(dataDir: string, entries: readonly JournalEntry[]): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  writeEntries(join(dataDir, FILE), entries);
}
