/** The data folder's files when an engine starts: nobody else's, no links, and for nobody else's eyes. */

import { chmodSync, lstatSync, readdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { HoldpointError, messageOf } from '../../contract/errors.ts';
import type { AuditEntry } from '../../contract/record.ts';

/** Folders are entered down to this depth; the engine's own are not deeper. */
const MAX_DEPTH = 3;
const MAX_ENTRIES = 5_000;
/** What the app and its browser keep there is theirs to look after. */
const NOT_OURS = new Set(['app']);
/** Read where they are used, by a reader that refuses what it should not find. */
const CHECKED_ELSEWHERE = /\.key$/;
/** Certificates and public keys: anybody may read them, where they can be reached. */
const PUBLIC = /\.(pem|pub|lock)$/;

/**
 * Takes from others the rights that they should not have, and gives a record for each file that had been open to them.
 * Throws HoldpointError `data-dir-unusable` where something lies there that the engine would not have made: a link, another user's file.
 */
export function securedFolder(dir: string): readonly AuditEntry[] {
  if (process.platform === 'win32') return [];
  const uid = process.getuid?.();
  const records: AuditEntry[] = [];
  let seen = 0;
  look(dir, 1);
  return records;

  function look(folder: string, depth: number): void {
    for (const name of readdirSync(folder)) {
      if (depth === 1 && NOT_OURS.has(name)) continue;
      if (++seen > MAX_ENTRIES) return;
      const path = join(folder, name);
      const stats = lstatSync(path, { throwIfNoEntry: false });
      if (!stats || CHECKED_ELSEWHERE.test(name)) continue;
      const foreign = foreignness(stats, uid);
      if (foreign !== undefined)
        throw new HoldpointError(
          'data-dir-unusable',
          `${path} ${foreign}. Holdpoint has not put it there: look where it comes from, and remove it.`,
        );
      const excess = stats.mode & (stats.isFile() && PUBLIC.test(name) ? 0o022 : 0o077);
      if (excess !== 0) records.push(closed(path, stats));
      if (stats.isDirectory() && depth < MAX_DEPTH) look(path, depth + 1);
    }
  }
}

function foreignness(stats: Stats, uid: number | undefined): string | undefined {
  if (stats.isSymbolicLink()) return 'is a link';
  if (!stats.isFile() && !stats.isDirectory() && !stats.isSocket()) return 'is neither a file nor a folder';
  return stats.uid === uid ? undefined : `belongs to user ${stats.uid}`;
}

function closed(path: string, { mode }: Stats): AuditEntry {
  const rights = (mode & 0o777).toString(8).padStart(4, '0');
  try {
    chmodSync(path, mode & 0o700);
  } catch (thrown) {
    throw new HoldpointError(
      'data-dir-unusable',
      `${path} is open to other users (${rights}), and that cannot be changed: ${messageOf(thrown)}.`,
      thrown,
    );
  }
  return {
    kind: 'tamper',
    verdict: 'file-open',
    summary: `${path} was open to other users of this computer (${rights}); it is not any more`,
    data: { source: path, says: `mode ${rights}` },
  };
}
