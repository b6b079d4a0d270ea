/** What a process holds in memory. */

import { readFileSync } from 'node:fs';

export interface Memory {
  /** All of it that is in memory, what it shares with others included. */
  readonly residentMb: number;
  /** What is its own alone. */
  readonly ownMb: number;
}

/** Undefined where the system does not tell. */
export function memoryOf(pid: number): Memory | undefined {
  try {
    const told = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    const mb = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(told)?.[1] ?? 0) / 1024;
    return { residentMb: mb('Rss'), ownMb: mb('Private_Dirty') + mb('Private_Clean') };
  } catch {
    return undefined;
  }
}
