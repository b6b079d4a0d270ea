/**
 * Where a path leads for one user of the machine. An engine that serves several has rights that none of them has: what it finds behind a
 * folder that is closed to the asker would tell who asks of other people's files, and no program of theirs gets there anyway.
 */

import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import { dirname, join } from 'node:path';

/** Linux's own bound (path_resolution(7)). */
const MOST_LINKS = 40;

/**
 * The path with its links followed; undefined where nothing is there. Behind a folder that is closed to this user it is as it is written,
 * whatever is there: with sudo a program would get there. Groups are not looked up: what is open to a folder's group is taken to be open
 * to the user. `uid`: undefined for somebody of whom nothing is known.
 */
export function seenBy(uid: number | undefined): (path: string) => string | undefined {
  return (path) => {
    try {
      return followed(path, uid);
    } catch {
      return undefined; // Not there, or not to be seen by the engine itself.
    }
  };
}

function followed(path: string, uid: number | undefined): string | undefined {
  const left = path.split('/');
  let links = 0;
  let current = '/';
  while (left.length > 0) {
    const segment = left.shift();
    if (segment === undefined || segment === '' || segment === '.') continue;
    const folder = lstatSync(current);
    if (!folder.isDirectory()) return undefined;
    if (!mayPass(folder, uid)) return join(current, segment, ...left);
    if (segment === '..') {
      current = dirname(current);
      continue;
    }
    const next = join(current, segment);
    if (!lstatSync(next).isSymbolicLink()) {
      current = next;
      continue;
    }
    links += 1;
    if (links > MOST_LINKS) return undefined;
    const target = readlinkSync(next);
    left.unshift(...target.split('/'));
    if (target.startsWith('/')) current = '/';
  }
  return current;
}

/** Whether what lies in a folder can be reached (its `x`). */
function mayPass(folder: Stats, uid: number | undefined): boolean {
  if (uid === 0) return true;
  return (folder.mode & (folder.uid === uid ? 0o100 : 0o011)) !== 0;
}
