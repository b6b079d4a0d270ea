/** From a socket's inode to the process that has it open. */

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Identity, identify } from './process.ts';

/** Who of the remembered processes has which sockets open, by their links' targets. */
export type Glance = ReadonlyMap<number, ReadonlySet<string>>;

export interface Holders {
  /** What the holders of the last connections have open now. An agent opens many: it is mostly one of them. */
  glance(): Glance;
  /** Of several holders the one that started last. Undefined where there is none that we may see, or `patience` ran out. */
  holderOf(inode: string, glance: Glance, patience: AbortSignal): Promise<Identity | undefined>;
}

const REMEMBERED = 8;
const MAX_FAMILY = 256;
/** Other connections' traffic waits no longer than this for a search. */
const SLICE_MS = 1;

/**
 * Reads synchronously, in slices: a link of /proc/PID/fd is in the kernel's memory and costs 3 µs, a hundred times less than by a thread,
 * and cannot block, whatever the process does.
 */
export function createHolders(proc: string): Holders {
  let recent: readonly number[] = [];

  return {
    glance: () => new Map(recent.map((pid) => [pid, socketsOf(pid)])),
    async holderOf(inode, glance, patience) {
      const target = `socket:[${inode}]`;
      const first = [...glance].find(([, sockets]) => sockets.has(target))?.[0] ?? (await search(target, patience));
      const holder = first === undefined ? undefined : latest(family(first, target), target);
      if (holder) recent = [holder.pid, ...recent.filter((pid) => pid !== holder.pid)].slice(0, REMEMBERED);
      return holder;
    },
  };

  async function search(target: string, patience: AbortSignal): Promise<number | undefined> {
    let sliceEnds = performance.now() + SLICE_MS;
    for (const pid of everyPid()) {
      if (holds(pid, target)) return pid;
      if (performance.now() < sliceEnds) continue;
      await nextTurn();
      if (patience.aborted) return undefined;
      sliceEnds = performance.now() + SLICE_MS;
    }
    return undefined;
  }

  function latest(pids: Iterable<number>, target: string): Identity | undefined {
    let found: Identity | undefined;
    for (const pid of pids) {
      const identity = holds(pid, target) ? identify(pid, proc) : undefined;
      if (identity && (!found || comparable(identity) > comparable(found))) found = identity;
    }
    return found;
  }

  /** All that can share the socket by forking: the topmost ancestor that holds it, and what descends from that. */
  function family(pid: number, target: string): ReadonlySet<number> {
    let top = pid;
    for (let steps = 0; steps < MAX_FAMILY; steps++) {
      const parent = identify(top, proc)?.parent;
      if (parent === undefined || parent <= 1 || !holds(parent, target)) break;
      top = parent;
    }
    const members = new Set([top]);
    for (const member of members) {
      if (members.size < MAX_FAMILY) for (const child of childrenOf(member)) members.add(child);
    }
    return members;
  }

  function holds(pid: number, target: string): boolean {
    return linksOf(pid).some((link) => link === target);
  }

  function socketsOf(pid: number): ReadonlySet<string> {
    return new Set(linksOf(pid).filter((link) => link.startsWith('socket:')));
  }

  function linksOf(pid: number): string[] {
    const folder = join(proc, String(pid), 'fd');
    return names(folder).map((fd) => {
      try {
        return readlinkSync(`${folder}/${fd}`);
      } catch {
        return ''; // Closed meanwhile.
      }
    });
  }

  function childrenOf(pid: number): number[] {
    const tasks = join(proc, String(pid), 'task');
    return names(tasks)
      .flatMap((task) => {
        try {
          return readFileSync(`${tasks}/${task}/children`, 'latin1').trim().split(' ');
        } catch {
          return [];
        }
      })
      .filter((child) => child !== '')
      .map(Number);
  }

  /** Highest first: an agent is rarely among the machine's oldest processes. */
  function everyPid(): number[] {
    return names(proc)
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .sort((a, b) => b - a);
  }
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function comparable({ started, pid }: Identity): number {
  return started + pid / 2 ** 23;
}
