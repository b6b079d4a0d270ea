/** A file that is replaced whole. */

import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs';

/** Readers see the old content or the new, never a part, and what was written is on the disk; for this user alone unless `mode` says more. */
export function writeFileAtomically(file: string, content: string | Uint8Array, mode = 0o600): void {
  const draft = `${file}.${process.pid}.tmp`;
  const descriptor = openSync(draft, 'w', mode);
  try {
    writeFileSync(descriptor, content);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(draft, file);
}
