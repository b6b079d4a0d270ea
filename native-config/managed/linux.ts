/** Managed settings on Linux: /etc/holdpoint/managed.json, believed only where nobody but root can have written it. */

import { constants } from 'node:fs';
import { lstat, open, readlink } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
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
      const way = await wayTo(file, owners);
      if (way.state === 'none') return { state: 'none' };
      return way.state === 'unusable' ? unusable(way.why) : await readFrom(way.real);
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

type Way =
  | { readonly state: 'none' }
  | { readonly state: 'file'; readonly real: string }
  | { readonly state: 'unusable'; readonly why: string };

/** As many as Linux follows. */
const MAX_LINKS = 40;

/** Follows the path as the system does, folder by folder: whoever can write to one of them can put another file there. */
async function wayTo(file: string, owners: ReadonlySet<number>): Promise<Way> {
  const rest = file.split('/').filter((name) => name !== '');
  let links = 0;
  for (let at = '/'; ; ) {
    const why = await folderProblem(at, owners);
    if (why !== undefined) return { state: 'unusable', why };
    const [name] = rest.splice(0, 1);
    if (name === undefined) return { state: 'unusable', why: 'it is not a file' };
    const next = resolve(at, name);
    const found = await lstat(next).catch((thrown: unknown) => {
      if (isMissing(thrown)) return undefined;
      throw thrown;
    });
    if (found === undefined) return links === 0 ? { state: 'none' } : { state: 'unusable', why: 'it is a link to nothing' };
    if (found.isSymbolicLink()) {
      links += 1;
      if (links > MAX_LINKS) return { state: 'unusable', why: 'its links lead round in a circle' };
      const target = await readlink(next);
      rest.unshift(...target.split('/').filter((part) => part !== ''));
      if (target.startsWith('/')) at = '/';
      if (await isShared(dirname(next))) return { state: 'unusable', why: shared(dirname(next)) };
    } else if (rest.length > 0 && found.isDirectory()) at = next;
    else if (rest.length > 0) return { state: 'none' };
    // What is there was root's to put there, but in a shared folder others could have been first.
    else return (await isShared(at)) ? { state: 'unusable', why: shared(at) } : { state: 'file', real: next };
  }
}

async function folderProblem(folder: string, owners: ReadonlySet<number>): Promise<string | undefined> {
  const { uid, mode } = await lstat(folder);
  if (!owners.has(uid)) return `its folder ${folder} belongs to user ${uid}; make it root’s: chown root ${folder}`;
  // In a sticky folder nobody can replace what is root's.
  return mode & WRITABLE && !(mode & STICKY) ? shared(folder) : undefined;
}

async function isShared(folder: string): Promise<boolean> {
  return ((await lstat(folder)).mode & WRITABLE) !== 0;
}

function shared(folder: string): string {
  return `others than root can write to its folder ${folder}; take that from them: chmod go-w ${folder}`;
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
