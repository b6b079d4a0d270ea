/** Small private files: written whole or not at all, and read only where nobody else could have put them there. */

import { randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { mkdir, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HoldpointError, messageOf } from '../../contract/errors.ts';

/** Nothing that is kept this way is longer. */
const LONGEST = 1024 * 1024;

/** `private`: for the owner's eyes only (0600). `public`: readable by all (0644). */
export type Privacy = 'private' | 'public';

/** The file's text; undefined where there is no such file. `HoldpointError` `ca-invalid` where it is not as we would have written it. */
export async function readOwnFile(path: string, privacy: Privacy): Promise<string | undefined> {
  try {
    const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    try {
      const stats = await file.stat();
      const fault = faultOf(stats, privacy, path);
      if (fault) throw new HoldpointError('ca-invalid', `${path} ${fault}`);
      return await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof HoldpointError) throw error;
    if (codeOf(error) === 'ENOENT') return undefined;
    if (codeOf(error) === 'ELOOP')
      throw new HoldpointError(
        'ca-invalid',
        `${path} is a symbolic link, which is not followed. Put the file itself there, or remove the link.`,
        error,
      );
    throw new HoldpointError(
      'ca-invalid',
      `${path} cannot be read: ${messageOf(error)}. Make it readable for your user, or remove it.`,
      error,
    );
  }
}

/** Replaces the file in one step: a reader, or a machine that loses power, sees the old one or the new one. */
export async function writeOwnFile(path: string, text: string, privacy: Privacy): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(temporary, 'wx', privacy === 'private' ? 0o600 : 0o644);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw new HoldpointError(
      'data-dir-unusable',
      `${path} cannot be written: ${messageOf(error)}. Check the folder's owner and free space.`,
      error,
    );
  }
}

/** False where there is no such file. */
export async function removeOwnFile(path: string): Promise<boolean> {
  try {
    await unlink(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw new HoldpointError(
      'data-dir-unusable',
      `${path} cannot be removed: ${messageOf(error)}. Check the folder's owner, or remove it yourself.`,
      error,
    );
  }
}

/** Windows has no such modes: there the profile folder's own list of rights protects the file. */
function faultOf(stats: Stats, privacy: Privacy, path: string): string | undefined {
  if (!stats.isFile()) return 'is not a plain file. Remove it, or put the file itself there.';
  if (stats.size > LONGEST) return 'is too long to be what Holdpoint wrote. Restore it from a backup, or remove it.';
  if (process.platform === 'win32') return undefined;
  if (stats.uid !== process.getuid?.()) return 'belongs to another user. Give it to your user with chown, or remove it.';
  const foreign = privacy === 'private' ? 0o077 : 0o022;
  if ((stats.mode & foreign) === 0) return undefined;
  return privacy === 'private'
    ? `can be read by other users. If none of them has, run: chmod 600 '${path}'. Else remove it, and what it belongs to is made anew.`
    : `can be changed by other users. If it is still yours, run: chmod 644 '${path}'. Else remove it.`;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
