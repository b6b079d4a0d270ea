/** What was changed on the machine, so that it can be taken back exactly: root's own file. */

import { z } from 'zod';
import type { FileEdit, Made } from '../agents/edit.ts';
import { editShape, readEntries, writeEntries } from '../journal-file.ts';
import type { PartName } from '../part.ts';

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
    ...editShape,
  }),
  z.strictObject({ ...common, kind: z.literal('run'), undo: callSchema, undoMayFail: z.boolean() }),
]);

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
  return readEntries(file, entrySchema, 'on this machine');
}

export function writeJournal(file: string, entries: readonly Entry[]): void {
  writeEntries(file, entries);
}
