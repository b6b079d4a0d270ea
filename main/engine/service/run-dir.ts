/** The folder of an engine that serves a machine in which everybody may look: what it publishes there, and that it is its own. */

import { chmodSync, closeSync, fchmodSync, fsyncSync, lstatSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HoldpointError, messageOf } from '../../contract/errors.ts';
import { PUBLISHED_BUNDLE, PUBLISHED_CA } from '../../contract/service-places.ts';

export interface RunDir {
  /** Replaces each file whole; readable for everybody. */
  publish(pem: { readonly ca: string; readonly bundle: string }): { readonly caFile: string };
}

/** Makes the folder where it is not there. Throws HoldpointError `data-dir-unusable` where it is not the engine's own, or others may write in it. */
export function openRunDir(dir: string): RunDir {
  try {
    mkdirSync(dir, { recursive: true });
    const found = lstatSync(dir);
    if (!found.isDirectory()) throw new Error('it is a link, or no folder');
    if (process.platform !== 'win32') {
      if (found.uid !== process.getuid?.()) throw new Error('it belongs to another user');
      chmodSync(dir, 0o755);
    }
  } catch (thrown) {
    throw new HoldpointError('data-dir-unusable', `The public folder ${dir} cannot be used: ${messageOf(thrown)}.`, thrown);
  }
  return {
    publish({ ca, bundle }) {
      const caFile = join(dir, PUBLISHED_CA);
      try {
        // First what holds more: whoever trusts the one has the other.
        publishFile(join(dir, PUBLISHED_BUNDLE), bundle);
        publishFile(caFile, ca);
      } catch (thrown) {
        throw new HoldpointError('data-dir-unusable', `${dir} cannot be written: ${messageOf(thrown)}. Make room on the disk.`, thrown);
      }
      return { caFile };
    },
  };
}

/** The mode is set by itself: what the process takes away from new files does not count here. */
function publishFile(file: string, content: string): void {
  const draft = `${file}.${process.pid}.tmp`;
  rmSync(draft, { force: true });
  const descriptor = openSync(draft, 'wx', 0o644);
  try {
    writeFileSync(descriptor, content);
    fchmodSync(descriptor, 0o644);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(draft, file);
}
