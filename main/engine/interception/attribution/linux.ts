/** Attribution on Linux, from the kernel's process file system. */

import { setTimeout as pause } from 'node:timers/promises';
import type { Process } from '../../../contract/action.ts';
import type { Endpoints, Holder } from './endpoints.ts';
import { createHolders } from './holders.ts';
import { describeProcess } from './process.ts';
import { createSocketTable } from './socket-table.ts';
import type { Users } from './users.ts';

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
export function createLinuxLookup({ proc, users }: { proc: string; users: Users }) {
  const table = createSocketTable(proc);
  const holders = createHolders(proc);

  return async (endpoints: Endpoints, patience: AbortSignal): Promise<Holder> => {
    let user: string | undefined;
    for (let attempt = 1; !patience.aborted; attempt++) {
      const { found, uid } = await look(endpoints, patience);
      if (uid !== undefined) user = await users.nameOf(uid);
      if (found !== undefined || attempt === (uid === undefined ? ATTEMPTS : ATTEMPTS_OF_OWNED)) return { process: found, user };
      await pause(attempt * PAUSE_MS);
    }
    return { process: undefined, user };
  };

  async function look(endpoints: Endpoints, patience: AbortSignal): Promise<Look> {
    const owner = table.ownerOf(endpoints);
    // The kernel takes milliseconds for its table. Whoever connected has had the socket open since before we were asked.
    const seen = holders.glance();
    const socket = await owner;
    if (socket === undefined || patience.aborted) return { found: undefined, uid: undefined };
    const { uid } = socket;
    const holder = await holders.holderOf(socket.inode, seen, patience);
    return { found: holder && (await describeProcess(holder, await users.nameOf(uid), proc)), uid };
  }
}

interface Look {
  readonly found: Process | undefined;
  /** Of the socket, where the kernel's table has it. */
  readonly uid: number | undefined;
}
