/** Attribution on Linux, from the kernel's process file system. */

import { setTimeout as pause } from 'node:timers/promises';
import type { Process } from '../../../contract/action.ts';
import type { Endpoints } from './endpoints.ts';
import { createHolders } from './holders.ts';
import { describeProcess } from './process.ts';
import { createSocketTable } from './socket-table.ts';
import { createUsers } from './users.ts';

/**
 * The kernel's tables change while they are read, and a child that was forked a moment ago has its parent's sockets until it runs its own
 * program, as Copilot's helpers do: what was missed at once is there a moment later.
 */
const ATTEMPTS = 4;
/** Of a socket that is in the table somebody has it open. On a machine that is busy a fork can take its time. */
const ATTEMPTS_OF_OWNED = 6;
const PAUSE_MS = 5;

/**
 * By the socket's row in /proc/net/tcp or tcp6 and the process that has the row's inode open. A process of another user is found only
 * where we may read its file descriptors (as root); one in another network namespace, as in a container, has no row here and is not found.
 *
 * Where several processes hold the socket, because one forked after connecting, it is the one that started last: the child.
 */
export function createLinuxLookup({ proc, passwdFile }: { proc: string; passwdFile: string }) {
  const table = createSocketTable(proc);
  const holders = createHolders(proc);
  const users = createUsers(passwdFile);

  return async (endpoints: Endpoints, patience: AbortSignal): Promise<Process | undefined> => {
    for (let attempt = 1; !patience.aborted; attempt++) {
      const { found, owned } = await look(endpoints, patience);
      if (found !== undefined || attempt === (owned ? ATTEMPTS_OF_OWNED : ATTEMPTS)) return found;
      await pause(attempt * PAUSE_MS);
    }
    return undefined;
  };

  async function look(endpoints: Endpoints, patience: AbortSignal): Promise<Look> {
    const owner = table.ownerOf(endpoints);
    // The kernel takes milliseconds for its table. Whoever connected has had the socket open since before we were asked.
    const seen = holders.glance();
    const socket = await owner;
    if (socket === undefined || patience.aborted) return { found: undefined, owned: false };
    const holder = await holders.holderOf(socket.inode, seen, patience);
    return { found: holder && (await describeProcess(holder, await users.nameOf(socket.uid), proc)), owned: true };
  }
}

interface Look {
  readonly found: Process | undefined;
  /** Whether the kernel's table has the socket. */
  readonly owned: boolean;
}
