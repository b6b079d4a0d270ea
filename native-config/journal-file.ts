/** A file of what was changed, so that it can be taken back: of this machine, and of one person's agents. */

import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { HoldpointError, messageOf } from '../main/contract/errors.ts';
import { writeFileAtomically } from '../main/engine/atomic-file.ts';

/** A change within a file, and what it replaced: `FileEdit` and `Made`. */
export const editShape = {
  edit: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('members'), at: z.string(), members: z.record(z.string(), z.string()) }),
    z.strictObject({ kind: z.literal('items'), path: z.array(z.string()), items: z.array(z.string()) }),
    z.strictObject({ kind: z.literal('block'), mark: z.string(), lines: z.array(z.string()) }),
  ]),
  made: z.strictObject({
    splices: z.array(z.strictObject({ at: z.int(), length: z.int(), removed: z.string() })),
    previous: z.record(z.string(), z.unknown()),
    created: z.boolean(),
  }),
};

/** None where there is no file. `where`: "on this machine". Throws HoldpointError `settings-unusable` where it is damaged. */
export function readEntries<E>(file: string, entry: z.ZodType<E>, where: string): readonly E[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return [];
    throw new HoldpointError('settings-unusable', `${file} cannot be read: ${messageOf(thrown)}.`, thrown);
  }
  try {
    return z.strictObject({ version: z.literal(1), entries: z.array(entry) }).parse(JSON.parse(text)).entries;
  } catch (thrown) {
    throw new HoldpointError(
      'settings-unusable',
      `${file}, which says what was changed ${where}, is damaged. Restore it from a backup, or remove it and take the changes back yourself.`,
      thrown,
    );
  }
}

/** For its owner's eyes only. */
export function writeEntries(file: string, entries: readonly unknown[]): void {
  writeFileAtomically(file, `${JSON.stringify({ version: 1, entries }, null, 2)}\n`, 0o600);
}
