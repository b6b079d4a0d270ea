/** Login names of numeric user ids (passwd(5)). */

import { readFile } from 'node:fs/promises';

export interface Users {
  /** The id itself, as text, where no name is known: users of a directory service do not stand in the file. */
  nameOf(uid: number): Promise<string>;
}

export function createUsers(passwdFile: string): Users {
  let names: Promise<ReadonlyMap<number, string>> | undefined;
  return {
    async nameOf(uid) {
      names ??= namesIn(passwdFile);
      const known = (await names).get(uid);
      if (known !== undefined) return known;
      // Somebody may have come since it was read.
      names = namesIn(passwdFile);
      return (await names).get(uid) ?? String(uid);
    },
  };
}

async function namesIn(passwdFile: string): Promise<ReadonlyMap<number, string>> {
  const text = await readFile(passwdFile, 'utf8').catch(() => '');
  const names = new Map<number, string>();
  for (const line of text.split('\n')) {
    const [name, , uid] = line.split(':');
    if (name && uid && !names.has(Number(uid))) names.set(Number(uid), name);
  }
  return names;
}
