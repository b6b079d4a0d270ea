/** Whose programs run on a machine: the accounts with a home, and how a tool is run as one of them. */

import { lstatSync } from 'node:fs';
import type { ToolCall } from '../steps/step.ts';
import type { System } from '../system.ts';
import { toolAt } from './layouts.ts';

export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

const MAX_ACCOUNTS = 500;

/**
 * Shell for the accounts as lines of passwd(5): those the system lists, and whoever owns a folder in /home, since a directory service may
 * know people that it does not list. System accounts have numbers below 1000, and nobody 65534.
 */
export const ACCOUNTS = [
  '{ getent passwd; for home in /home/*; do [ -d "$home" ] && getent passwd "$(stat -c %u "$home")"; done; }',
  'sort -u',
  `awk -F: '($3 == 0 || $3 >= 1000) && $3 != 65534 && $6 ~ "^/."'`,
].join(' | ');

/** Root's own environment is no business of the account's. */
const CLEAN = ['/usr/bin/env', '-i', 'PATH=/usr/bin:/bin'] as const;

/** With homes that are there. */
export async function accountsOf(system: System): Promise<readonly Account[]> {
  if (system.uid !== 0) {
    const uid = system.uid ?? 0;
    return [{ name: system.env.USER || String(uid), uid, gid: process.getgid?.() ?? uid, home: system.home }];
  }
  const { out } = await system.run('/bin/sh', ['-c', ACCOUNTS]);
  const lines = out.split('\n').slice(0, MAX_ACCOUNTS);
  return lines.flatMap((line) => {
    const [name = '', , uid = '', gid = '', , home = ''] = line.split(':');
    const isWhole = /^\d{1,10}$/.test(uid) && /^\d{1,10}$/.test(gid) && home.startsWith('/') && isFolder(system.root + home);
    return isWhole ? [{ name, uid: Number(uid), gid: Number(gid), home }] : [];
  });
}

/** The same call, with the account's rights and no more: what lies in a home may be a link to anywhere. */
export function asAccount(system: System, { uid, gid, home }: Account, call: ToolCall): ToolCall {
  if (system.uid === uid) return call;
  const setpriv = toolAt(system, 'setpriv') ?? '/usr/bin/setpriv';
  return [...CLEAN, `HOME=${home}`, setpriv, `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--', ...call];
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
