/** From a socket's inode to the process that has it open. */

import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type Identity, identify } from './process.ts';

export interface Holders {
  /** Of several holders the one that started last. Undefined where there is none that we may see, or `patience` ran out. */
  holderOf(inode: string, patience: AbortSignal): Promise<Identity | undefined>;
}

/** An agent opens many connections: whoever held the last ones is looked at before all the others. */
const REMEMBERED = 16;
const MAX_FAMILY = 256;

export function createHolders(proc: string): Holders {
  let recent: readonly number[] = [];

  return {
    async holderOf(inode, patience) {
      const target = `socket:[${inode}]`;
      const holder = (await amongRecent(target, patience)) ?? (await latest(await everyPid(), target, patience));
      if (holder) recent = [holder.pid, ...recent.filter((pid) => pid !== holder.pid)].slice(0, REMEMBERED);
      return holder;
    },
  };

  async function amongRecent(target: string, patience: AbortSignal): Promise<Identity | undefined> {
    for (const pid of recent) {
      if (await holds(pid, target)) return latest(await family(pid, target), target, patience);
    }
    return undefined;
  }

  async function latest(pids: Iterable<number>, target: string, patience: AbortSignal): Promise<Identity | undefined> {
    let found: Identity | undefined;
    for (const pid of pids) {
      if (patience.aborted) return undefined;
      if (!(await holds(pid, target))) continue;
      const identity = await identify(pid, proc);
      if (identity && (!found || comparable(identity) > comparable(found))) found = identity;
    }
    return found;
  }

  /** All that can share the socket by forking: the topmost ancestor that holds it, and what descends from that. */
  async function family(pid: number, target: string): Promise<ReadonlySet<number>> {
    let top = pid;
    for (let steps = 0; steps < MAX_FAMILY; steps++) {
      const parent = (await identify(top, proc))?.parent;
      if (parent === undefined || parent <= 1 || !(await holds(parent, target))) break;
      top = parent;
    }
    const members = new Set([top]);
    for (const member of members) {
      if (members.size < MAX_FAMILY) for (const child of await childrenOf(member)) members.add(child);
    }
    return members;
  }

  async function holds(pid: number, target: string): Promise<boolean> {
    const folder = join(proc, String(pid), 'fd');
    for (const fd of await readdir(folder).catch(() => [])) {
      if ((await readlink(join(folder, fd)).catch(() => undefined)) === target) return true;
    }
    return false;
  }

  async function childrenOf(pid: number): Promise<number[]> {
    const tasks = join(proc, String(pid), 'task');
    const lists = (await readdir(tasks).catch(() => [])).map((task) => readFile(join(tasks, task, 'children'), 'latin1').catch(() => ''));
    return (await Promise.all(lists))
      .flatMap((list) => list.trim().split(' '))
      .filter((child) => child !== '')
      .map(Number);
  }

  /** Highest first: an agent is rarely among the machine's oldest processes, and the time is limited. */
  async function everyPid(): Promise<number[]> {
    const names = await readdir(proc).catch(() => []);
    return names
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .sort((a, b) => b - a);
  }
}

function comparable({ started, pid }: Identity): number {
  return started + pid / 2 ** 23;
}
