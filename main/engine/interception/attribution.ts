/** Attribution: which process holds the other end of a connection on this machine. */

import type { Process } from '../../contract/action.ts';
import { createHolders } from './attribution/holders.ts';
import { createLimit } from './attribution/limit.ts';
import { describeProcess } from './attribution/process.ts';
import { type Endpoints, ownerOf } from './attribution/socket-table.ts';
import { createUsers } from './attribution/users.ts';

export interface Attribution {
  /** Never rejects and never waits longer than its time-out: undefined is a process that could not be found. */
  processOf(endpoints: Endpoints): Promise<Process | undefined>;
}

export interface AttributionOptions {
  /** Where the kernel's process file system is. */
  readonly proc?: string;
  readonly passwdFile?: string;
  readonly platform?: NodeJS.Platform;
  /** Our own process, which is nobody's agent. */
  readonly self?: number;
  readonly timeoutMs?: number;
}

/** Lookups at a time: each reads many small files, and file reads share four threads with everything else in the engine. */
const AT_A_TIME = 2;

/**
 * On Linux, by the socket's row in /proc/net/tcp or tcp6 and the process that has the row's inode open. A process of another
 * user is found only where we may read its file descriptors (as root). On other platforms every answer is undefined.
 *
 * Where several processes hold the socket, because one forked after connecting, it is the one that started last: the child.
 */
export function createAttribution(options: AttributionOptions = {}): Attribution {
  const { proc = '/proc', passwdFile = '/etc/passwd', platform = process.platform, self = process.pid, timeoutMs = 2000 } = options;
  const limit = createLimit(AT_A_TIME);
  const holders = createHolders(proc);
  const users = createUsers(passwdFile);

  return {
    async processOf(endpoints) {
      if (platform !== 'linux') return undefined;
      const patience = AbortSignal.timeout(timeoutMs);
      const gaveUp = new Promise<undefined>((resolve) => patience.addEventListener('abort', () => resolve(undefined), { once: true }));
      return Promise.race([gaveUp, limit(() => find(endpoints, patience)).catch(() => undefined)]);
    },
  };

  async function find(endpoints: Endpoints, patience: AbortSignal): Promise<Process | undefined> {
    if (patience.aborted) return undefined;
    const socket = await ownerOf(endpoints, proc);
    if (socket === undefined) return undefined;
    const holder = await holders.holderOf(socket.inode, patience);
    if (holder === undefined || holder.pid === self) return undefined;
    return describeProcess(holder, await users.nameOf(socket.uid), proc);
  }
}
