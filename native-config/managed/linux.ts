/** Managed settings on Linux: /etc/holdpoint/managed.json, believed only where nobody but root can have written it. */

import { constants } from 'node:fs';
import { lstat, open, realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf } from '../../main/contract/errors.ts';
import type { ManagedReading, ReadManaged } from '../../main/contract/settings/layers.ts';

export const LINUX_MANAGED_FILE = '/etc/holdpoint/managed.json';

const MAX_BYTES = 1024 * 1024;
/** Write permission of group and others. */
const WRITABLE = 0o022;
const STICKY = 0o1000;

export interface LinuxManagedOptions {
  /** For tests. Nothing that a user controls, no variable and no option of a command, may lead here. */
  readonly file?: string;
  /** Who must own file and folders besides root; for tests that do not run as root. */
  readonly owner?: number;
}

export function createLinuxManaged({ file = LINUX_MANAGED_FILE, owner = 0 }: LinuxManagedOptions = {}): ReadManaged {
  const owners = new Set([0, owner]);
  return async () => {
    try {
      const real = await resolved(file);
      if (real === undefined) return { state: 'none' };
      const why = (await folderProblem(file, owners)) ?? (await folderProblem(real, owners));
      return why === undefined ? await readFrom(real) : unusable(why);
    } catch (thrown) {
      return unusable(`it cannot be read: ${messageOf(thrown)}`);
    }
  };

  async function readFrom(real: string): Promise<ManagedReading> {
    const handle = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const found = await handle.stat();
      if (!found.isFile()) return unusable('it is not a file');
      if (!owners.has(found.uid)) return unusable(`it belongs to user ${found.uid}; make it root’s: chown root ${file}`);
      if (found.mode & WRITABLE) return unusable(`others than root can write it; take that from them: chmod go-w ${file}`);
      if (found.size > MAX_BYTES) return unusable(`it is ${found.size} bytes long, more than ${MAX_BYTES}`);
      const text = new TextDecoder('utf-8', { fatal: true }).decode(await handle.readFile());
      return { state: 'settings', json: parsed(text), source: file, base: dirname(file) };
    } finally {
      await handle.close();
    }
  }

  function unusable(why: string): ManagedReading {
    return { state: 'unusable', source: file, why: `The managed settings ${file} cannot be used: ${why}.` };
  }
}

/** Where the file lies, links followed; undefined where there is none. A link to nothing is something. */
async function resolved(file: string): Promise<string | undefined> {
  try {
    return await realpath(file);
  } catch (thrown) {
    if (!isMissing(thrown)) throw thrown;
    try {
      await lstat(file);
    } catch (gone) {
      if (isMissing(gone)) return undefined;
      throw gone;
    }
    throw new Error('it is a link to nothing');
  }
}

/** Whoever can write to a folder on the way can put another file there. */
async function folderProblem(file: string, owners: ReadonlySet<number>): Promise<string | undefined> {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const { uid, mode } = await lstat(folder);
    if (!owners.has(uid)) return `its folder ${folder} belongs to user ${uid}; make it root’s: chown root ${folder}`;
    // In a sticky folder nobody can replace what is root's, except where they were first: so not in the file's own.
    const isOpen = mode & WRITABLE && !(mode & STICKY && folder !== dirname(file));
    if (isOpen && !isLink(mode)) return `others than root can write to its folder ${folder}; take that from them: chmod go-w ${folder}`;
    if (folder === dirname(folder)) return undefined;
  }
}

/** A link's own mode says nothing; the folder that it leads to is looked at on the resolved path. */
function isLink(mode: number): boolean {
  return (mode & constants.S_IFMT) === constants.S_IFLNK;
}

function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR');
}

/** The parser's own message quotes the file, which may hold secrets: only the place is told. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (thrown) {
    throw new Error(`it is not valid JSON ${/\(line \d+ column \d+\)/.exec(messageOf(thrown))?.[0] ?? '(it may be cut off)'}`);
  }
}
