/** Login names and home folders of numeric user ids (passwd(5)). */

import { readFile, stat } from 'node:fs/promises';

export interface Users {
  /** The id itself, as text, where no name is known: users of a directory service do not stand in the file. */
  nameOf(uid: number): Promise<string>;
  /** Undefined where it is not known. */
  homeOf(uid: number): Promise<string | undefined>;
}

interface Known {
  readonly name: string;
  readonly home: string | undefined;
}

/** Read anew when the file has changed: an engine that serves a machine outlives the making of a user. */
export function createUsers(passwdFile: string): Users {
  let read: { readonly version: string; readonly users: Promise<ReadonlyMap<number, Known>> } | undefined;

  return {
    nameOf: async (uid) => (await known(uid))?.name ?? String(uid),
    homeOf: async (uid) => (await known(uid))?.home,
  };

  async function known(uid: number): Promise<Known | undefined> {
    const version = await stat(passwdFile).then(
      ({ mtimeMs, size, ino }) => `${mtimeMs} ${size} ${ino}`,
      () => '',
    );
    if (read?.version !== version) read = { version, users: usersIn(passwdFile) };
    return (await read.users).get(uid);
  }
}

async function usersIn(passwdFile: string): Promise<ReadonlyMap<number, Known>> {
  const text = await readFile(passwdFile, 'utf8').catch(() => '');
  const users = new Map<number, Known>();
  for (const line of text.split('\n')) {
    const [name, , uid, , , home] = line.split(':');
    if (name && uid && !users.has(Number(uid))) users.set(Number(uid), { name, home: home?.startsWith('/') ? home : undefined });
  }
  return users;
}
