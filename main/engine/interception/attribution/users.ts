/** Login names of numeric user ids, and people's home folders (passwd(5)). */

import { readFile, stat } from 'node:fs/promises';

export interface Users {
  /** The id itself, as text, where no name is known: users of a directory service do not stand in the file. */
  nameOf(uid: number): Promise<string>;
  /** Undefined where it is not known. */
  homeOf(name: string): Promise<string | undefined>;
  /** The user id of what `nameOf` gives. */
  idOf(name: string): Promise<number | undefined>;
}

interface Known {
  readonly names: ReadonlyMap<number, string>;
  readonly homes: ReadonlyMap<string, string>;
  readonly ids: ReadonlyMap<string, number>;
}

/** Read anew when the file has changed: an engine that serves a machine outlives the making of a user. */
export function createUsers(passwdFile = '/etc/passwd'): Users {
  let read: { readonly version: string; readonly users: Promise<Known> } | undefined;

  return {
    nameOf: async (uid) => (await known()).names.get(uid) ?? String(uid),
    homeOf: async (name) => (await known()).homes.get(name),
    idOf: async (name) => (await known()).ids.get(name) ?? (/^\d{1,10}$/.test(name) ? Number(name) : undefined),
  };

  async function known(): Promise<Known> {
    const version = await stat(passwdFile).then(
      ({ mtimeMs, size, ino }) => `${mtimeMs} ${size} ${ino}`,
      () => '',
    );
    if (read?.version !== version) read = { version, users: usersIn(passwdFile) };
    return read.users;
  }
}

async function usersIn(passwdFile: string): Promise<Known> {
  const text = await readFile(passwdFile, 'utf8').catch(() => '');
  const names = new Map<number, string>();
  const homes = new Map<string, string>();
  const ids = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [name, , uid, , , home] = line.split(':');
    if (!name || !uid) continue;
    if (!names.has(Number(uid))) names.set(Number(uid), name);
    if (!ids.has(name)) ids.set(name, Number(uid));
    if (home?.startsWith('/') && !homes.has(name)) homes.set(name, home);
  }
  return { names, homes, ids };
}
