/** What every file of a machine is, and what of it is another after something was done. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** By path: kind, mode, owner, size, hash or target, attributes; in words. Times are not among them: reading and rewriting changes them. */
export type Snapshot = ReadonlyMap<string, string>;

/**
 * What is left out, each for its reason: bookkeeping of the system's own that goes on whatever is done. All else counts. What is mounted
 * is left out as well (/proc, /sys, /dev, /run, /tmp): it is gone with the next start, and what runs is looked at by itself.
 */
const LEFT_OUT: Readonly<Record<string, string>> = {
  '/var/log/apt': 'apt notes each run',
  '/var/log/dpkg.log': 'dpkg notes each step',
  '/var/log/alternatives.log': 'made by any run of update-alternatives',
  '/var/log/journal': 'the system’s journal',
  '/var/log/lastlog': 'who was there last',
  '/var/log/wtmp': 'who was there',
  '/var/log/btmp': 'who could not come in',
  '/var/log/faillog': 'who could not come in',
  '/var/cache/apt': 'apt’s index of what it knows, built anew by any run',
  '/var/cache/ldconfig/aux-cache': 'times of libraries',
  '/var/lib/apt': 'apt’s notes of the lists that it has and of what was installed by itself',
  '/var/lib/dpkg/lock': 'held by any run',
  '/var/lib/dpkg/lock-frontend': 'held by any run',
  '/var/lib/dpkg/triggers': 'held by any run',
  '/var/lib/dpkg/status-old': 'the state before the last step',
  '/var/lib/dpkg/available': 'touched by any run',
  '/var/lib/systemd': 'times of timers, and the seed of random numbers',
  '/etc/passwd-': 'useradd’s own copy of the state before the last step',
  '/etc/group-': 'as above',
  '/etc/shadow-': 'as above',
  '/etc/gshadow-': 'as above',
  '/etc/subuid-': 'as above',
  '/etc/subgid-': 'as above',
};

/** Gives the script that lists a machine's files, and its arguments. */
export async function lister(): Promise<{ readonly script: string; readonly args: readonly string[] }> {
  return { script: await readFile(join(import.meta.dirname, 'snapshot.py'), 'utf8'), args: Object.keys(LEFT_OUT) };
}

export function snapshotOf(listed: string): Snapshot {
  return new Map(Object.entries(JSON.parse(listed) as Record<string, string>));
}

/** In words, a line each: what is new, gone, or another. */
export function differences(before: Snapshot, after: Snapshot): readonly string[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return paths.flatMap((path) => {
    const [was, is] = [before.get(path), after.get(path)];
    if (was === is) return [];
    if (was === undefined) return `new: ${path} (${is})`;
    return is === undefined ? `gone: ${path} (${was})` : `changed: ${path} (${was}; now ${is})`;
  });
}
