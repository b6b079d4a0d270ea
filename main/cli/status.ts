/** `holdpoint status`: is it guarding, and with what. */

import { parseArgs } from 'node:util';
import type { Status } from '../contract/control.ts';
import { visibleLines } from '../engine/approvals/visible.ts';
import { type Command, DONE, PLACE_OPTIONS, placeOf, print, printJson } from './io.ts';
import { withEngine } from './with-engine.ts';

export const status: Command = (args, io) => {
  const { values } = parseArgs({ args: [...args], options: { ...PLACE_OPTIONS, json: { type: 'boolean' } } });
  return withEngine(placeOf(values), async (client) => {
    const now = await client.call('status', {});
    if (values.json) printJson(io, now);
    else print(io, ...linesOf(now));
    return DONE;
  });
};

const STATES: Record<Status['state'], string> = {
  protecting: 'is protecting',
  asking: 'is protecting, and waits for an answer',
  attention: 'is protecting, and needs attention',
};

function linesOf({ engine, state, notes, policy, approvals, counts, audit, keys }: Status): string[] {
  const rows: [string, string][] = [
    ['proxy', engine.proxyUrl],
    ['authority', engine.caFile],
    ['policy', `${policy.name}, ${plural(policy.count, 'policy', 'policies')}, ${policy.hash.slice(0, 12)}`],
    [
      'approvals',
      `${approvals.open} open, ${approvals.missed} missed, ${approvals.grants} remembered; ${approvals.attended ? 'somebody is asked' : 'nobody is there to be asked'}`,
    ],
    ['calls', `${counts.held} held: ${counts.released} released, ${counts.refused} refused, ${counts.abandoned} abandoned`],
    [
      'traffic',
      `${plural(counts.exchanges, 'exchange', 'exchanges')} read, ${counts.uninspected} not readable, ${plural(counts.tunnels, 'tunnel', 'tunnels')} unread`,
    ],
    ['log', `${plural(audit.records, 'record', 'records')}, content ${audit.capture}${audit.writable ? '' : ', NOT WRITABLE'}`],
    ['keys', keys === 'keystore' ? 'in the system’s keystore' : 'in files only this user can read'],
    ['data', engine.dataDir],
    ['since', `${engine.startedAt}, process ${engine.pid}`],
  ];
  return [
    `Holdpoint ${engine.version} ${STATES[state]}.`,
    ...notes.map((note) => `  ! ${visibleLines(note)}`),
    '',
    ...rows.map(([name, value]) => `  ${name.padEnd(11)}${visibleLines(value)}`),
  ];
}

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
