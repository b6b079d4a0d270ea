/** The folder of the app's own in the data folder, made where it is not there yet. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../contract/errors.ts';

/** `problem`: a sentence for a person, where there can be none. */
export function openOwnFolder(
  dataDir: string,
  make: typeof mkdirSync = mkdirSync,
): { readonly path: string } | { readonly problem: string } {
  const path = join(dataDir, 'app');
  try {
    make(path, { recursive: true, mode: 0o700 });
    return { path };
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
    const why = code === 'EACCES' || code === 'EPERM' ? 'it belongs to another user of this computer' : messageOf(thrown);
    return { problem: `The folder ${dataDir} can’t be used: ${why}. Start Holdpoint with a folder of your own: --data-dir FOLDER.` };
  }
}
