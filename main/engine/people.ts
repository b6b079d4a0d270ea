/** Whose programs the engine judges: their names, their homes, and what of the machine's files each of them sees. */

import { homedir } from 'node:os';
import type { Where } from './guard/facts/paths.ts';
import { seenBy } from './guard/facts/seen-by.ts';
import { createUsers, type Users } from './interception/attribution/users.ts';

export interface People {
  readonly users: Users;
  /** Where `~` is for a user, and for whoever is not known (undefined). */
  homeOf(user: string | undefined): Promise<string | undefined>;
  /** What is asked of other people's files is answered with the asker's rights, not with a service's. Absent: with the engine's own. */
  readonly lookUp?: (user: string | undefined) => Promise<Where['realpath']>;
}

/** `several`: the engine serves all of a machine's users, else one person. */
export async function openPeople({ several }: { readonly several: boolean }): Promise<People> {
  const users = createUsers();
  const ownName = await users.nameOf(process.getuid?.() ?? -1);
  // Of one person's engine nearly all is that person's, and all that nobody can be told to own.
  const ownHome = several ? undefined : homedir();
  const lookUp = async (user: string | undefined) => seenBy(user === undefined ? undefined : await users.idOf(user));
  return {
    users,
    homeOf: async (user) => (user === undefined || user === ownName ? ownHome : ((await users.homeOf(user)) ?? ownHome)),
    ...(several && process.platform !== 'win32' && { lookUp }),
  };
}
