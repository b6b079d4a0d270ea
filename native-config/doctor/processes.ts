/** Agents that run now, as the kernel shows them (proc(5)), read with bounds. */

import { closeSync, openSync, readdirSync, readlinkSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Process } from '../../main/contract/action.ts';
import { isKnownAgent, recogniseAgent } from '../../main/engine/interception/agents.ts';
import { describeProcess, identify } from '../../main/engine/interception/attribution/process.ts';

export interface RunningAgent {
  readonly name: string;
  readonly process: Process;
  /** What it was started with; undefined where that may not be seen. */
  readonly env: NodeJS.ProcessEnv | undefined;
  /** Inodes of its open sockets. */
  readonly sockets: ReadonlySet<string>;
}

const MOST_PROCESSES = 32_768;
const MOST_AGENTS = 200;
const MOST_BYTES = 256 * 1024;

/** Of this user; of all users for root. `proc`: where the kernel shows them. */
export async function runningAgents(proc: string, uid: number | undefined): Promise<readonly RunningAgent[]> {
  const found: RunningAgent[] = [];
  for (const pid of pidsIn(proc)) {
    if (found.length >= MOST_AGENTS) break;
    if (uid !== 0 && ownerOf(join(proc, String(pid))) !== uid) continue;
    const identity = identify(pid, proc);
    const process = identity && (await describeProcess(identity, '', proc));
    if (!process) continue;
    const { name } = recogniseAgent(process, undefined);
    if (isKnownAgent(name))
      found.push({ name, process, env: environmentOf(join(proc, String(pid))), sockets: socketsOf(join(proc, String(pid))) });
  }
  return found;
}

export function pidsIn(proc: string): readonly number[] {
  return names(proc)
    .filter((name) => /^\d{1,10}$/.test(name))
    .slice(0, MOST_PROCESSES)
    .map(Number);
}

function ownerOf(folder: string): number | undefined {
  try {
    return statSync(folder).uid;
  } catch {
    return undefined;
  }
}

function environmentOf(folder: string): NodeJS.ProcessEnv | undefined {
  try {
    const file = openSync(join(folder, 'environ'), 'r');
    try {
      const bytes = Buffer.alloc(MOST_BYTES);
      const length = readSync(file, bytes, 0, MOST_BYTES, 0);
      const pairs = bytes.toString('utf8', 0, length).split('\0');
      return Object.fromEntries(
        pairs.flatMap((pair) => (pair.indexOf('=') > 0 ? [[pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]] : [])),
      );
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

function socketsOf(folder: string): ReadonlySet<string> {
  const inodes = names(join(folder, 'fd')).flatMap((fd) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(join(folder, 'fd', fd)))?.[1] ?? [];
    } catch {
      return []; // Closed meanwhile.
    }
  });
  return new Set(inodes);
}

function names(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
