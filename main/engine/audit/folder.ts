/** The log's place on disk: its folder, the modes of its files, and the public key beside it. */

import { createPublicKey, type KeyObject } from 'node:crypto';
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HoldpointError, messageOf } from '../../contract/errors.ts';
import { LOG_FILE, PUBLIC_KEY_FILE } from './schema.ts';

/**
 * Makes `dir` and an empty log of mode 0600 where there is none.
 * @returns whether a log was here before and is gone: its public key is still there.
 * @throws HoldpointError `audit-unwritable`
 */
export function prepareFolder(dir: string): boolean {
  const file = join(dir, LOG_FILE);
  const journal = `${file}-wal`;
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const gone = sizeOf(file) === 0;
    // SQLite would delete the journal together with the records that only it holds.
    if (gone && sizeOf(journal) > 0) {
      throw new HoldpointError(
        'audit-unwritable',
        `The audit log ${file} is gone, and its journal ${journal} is still there. Put the log back, or move the journal aside to start a new log.`,
      );
    }
    closeSync(openSync(file, 'a', 0o600));
    chmodSync(file, 0o600);
    return gone && existsSync(join(dir, PUBLIC_KEY_FILE));
  } catch (error) {
    if (error instanceof HoldpointError) throw error;
    throw new HoldpointError(
      'audit-unwritable',
      `The audit log cannot be kept in ${dir}: ${messageOf(error)}. Choose a folder that can be written, with --data-dir.`,
      error,
    );
  }
}

/** PEM (RFC 8410), for whoever verifies the log. */
export function writePublicKey(dir: string, key: KeyObject): void {
  const file = join(dir, PUBLIC_KEY_FILE);
  const pem = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
  if (existsSync(file) && readFileSync(file, 'utf8') === pem) return;
  writeFileSync(`${file}.new`, pem, { mode: 0o644 });
  renameSync(`${file}.new`, file);
}

/** 0 where there is no file. */
function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
