/** What was changed on the machine, so that it can be taken back exactly: root's own file. */

import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { HoldpointError, messageOf } from '../../main/contract/errors.ts';
import { writeFileAtomically } from '../../main/engine/atomic-file.ts';
import type { FileEdit, Made } from '../agents/edit.ts';
import type { PartName } from '../part.ts';

const editSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('members'), at: z.string(), members: z.record(z.string(), z.string()) }),
  z.strictObject({ kind: z.literal('items'), path: z.array(z.string()), items: z.array(z.string()) }),
  z.strictObject({ kind: z.literal('block'), mark: z.string(), lines: z.array(z.string()) }),
]);
const callSchema = z.array(z.string()).min(1);
const common = { part: z.enum(['service', 'trust', 'proxy', 'agents']), says: z.string(), finished: z.boolean() };
const fileBefore = {
  file: z.string(),
  before: z.string().nullable(),
  beforeMode: z.int().nullable(),
  folders: z.array(z.string()),
  after: z.string(),
};
const entrySchema = z.discriminatedUnion('kind', [
  z.strictObject({ ...common, ...fileBefore, kind: z.literal('write') }),
  z.strictObject({
    ...common,
    ...fileBefore,
    kind: z.literal('edit'),
    edit: editSchema,
    made: z.strictObject({
      splices: z.array(z.strictObject({ at: z.int(), length: z.int(), removed: z.string() })),
      previous: z.record(z.string(), z.unknown()),
      created: z.boolean(),
    }),
  }),
  z.strictObject({ ...common, kind: z.literal('run'), undo: callSchema, undoMayFail: z.boolean() }),
]);
const journalSchema = z.strictObject({ version: z.literal(1), entries: z.array(entrySchema) });

/** `finished` is false while it is being done: an interrupted step is taken back like a finished one. */
export type Entry = FileEntry | UndoEntry;

interface CommonEntry {
  readonly part: PartName;
  readonly says: string;
  readonly finished: boolean;
}

export type FileEntry = WriteEntry | EditEntry;

interface WriteEntry extends CommonEntry, FileBefore {
  readonly kind: 'write';
}

export interface EditEntry extends CommonEntry, FileBefore {
  readonly kind: 'edit';
  readonly edit: FileEdit;
  readonly made: Made;
}

interface UndoEntry extends CommonEntry {
  readonly kind: 'run';
  readonly undo: readonly string[];
  readonly undoMayFail: boolean;
}

interface FileBefore {
  readonly file: string;
  /** What stood there, in base64; null where there was no file. */
  readonly before: string | null;
  readonly beforeMode: number | null;
  /** Folders that were made for it, outermost first. */
  readonly folders: readonly string[];
  /** SHA-256 (hex) of what was put there. */
  readonly after: string;
}

/** Throws HoldpointError `settings-unusable` where the file is damaged. */
export function readJournal(file: string): readonly Entry[] {
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
      `${file}, which says what was changed on this machine, is damaged. Restore it from a backup, or remove it and take the changes back yourself.`,
      thrown,
    );
  }
}

export function writeJournal(file: string, entries: readonly Entry[]): void {
  writeFileAtomically(file, `${JSON.stringify({ version: 1, entries }, null, 2)}\n`, 0o600);
}
