/** Settings files that belong to somebody else: read whole, and replaced in one step with their owner and rights kept. */

import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { HoldpointError, messageOf } from '../../main/contract/errors.ts';

const MAX_BYTES = 4 * 1024 * 1024;

/** Where a file really lies: many keep theirs in a repository and link to it. A link to nothing is followed as well. */
export function realPlace(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    try {
      return resolve(dirname(file), readlinkSync(file));
    } catch {
      return file;
    }
  }
}

/** Undefined where there is no such file. Throws HoldpointError where it cannot be read, or is not text of a length that settings have. */
export function readSettings(file: string): string | undefined {
  const stats = statsOf(file);
  if (stats === undefined) return undefined;
  if (!stats.isFile()) throw unusable(file, 'it is not a file');
  if (stats.size > MAX_BYTES) throw unusable(file, 'it is too long for settings');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(file));
  } catch (thrown) {
    throw unusable(file, messageOf(thrown), thrown);
  }
}

/** A new file is for its owner only (0600). */
export function writeSettings(file: string, text: string): void {
  const draft = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const stats = statsOf(file);
    const descriptor = openSync(draft, 'wx', 0o600);
    try {
      writeFileSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    if (stats) {
      chmodSync(draft, stats.mode & 0o7777);
      if (stats.uid !== process.getuid?.() || stats.gid !== process.getgid?.()) chownSync(draft, stats.uid, stats.gid);
    }
    renameSync(draft, file);
  } catch (thrown) {
    rmSync(draft, { force: true });
    throw unusable(file, messageOf(thrown), thrown);
  }
}

export function removeSettings(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch (thrown) {
    throw unusable(file, messageOf(thrown), thrown);
  }
}

function statsOf(file: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch (thrown) {
    throw unusable(file, messageOf(thrown), thrown);
  }
}

function unusable(file: string, why: string, cause?: unknown): HoldpointError {
  return new HoldpointError('settings-unusable', `${file} cannot be changed: ${why}. Nothing of it was changed.`, cause);
}
