/** What was changed in agents' settings, so that it can be taken back: kept in the data folder, for its owner's eyes only. */

import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { HoldpointError, messageOf } from '../../main/contract/errors.ts';
import { writeFileAtomically } from '../../main/engine/atomic-file.ts';
import type { FileEdit, Made } from './edit.ts';

const editSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('members'), at: z.string(), members: z.record(z.string(), z.string()) }),
  z.strictObject({ kind: z.literal('block'), mark: z.string(), lines: z.array(z.string()) }),
]);

const entrySchema = z.strictObject({
  agent: z.string(),
  file: z.string(),
  edit: editSchema,
  made: z.strictObject({
    splices: z.array(z.strictObject({ at: z.int(), length: z.int(), removed: z.string() })),
    previous: z.record(z.string(), z.unknown()),
    created: z.boolean(),
  }),
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

const journalSchema = z.strictObject({ version: z.literal(1), entries: z.array(entrySchema) });

const FILE = 'agents.json';

export function readJournal(dataDir: string): readonly JournalEntry[] {
  const file = join(dataDir, FILE);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return [];
    throw new HoldpointError('settings-unusable', `${file} cannot be read: ${messageOf(thrown)}.`, thrown);
  }
  try {
    return journalSchema.parse(JSON.parse(text)).entries;
  } catch (thrown) {
    throw new HoldpointError(
      'settings-unusable',
      `${file}, which says what was changed in agents’ settings, is damaged. Restore it from a backup, or remove it and take the changes back yourself.`,
      thrown,
    );
  }
}

export function writeJournal(dataDir: string, entries: readonly JournalEntry[]): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  writeFileAtomically(join(dataDir, FILE), `${JSON.stringify({ version: 1, entries }, null, 2)}\n`);
}
