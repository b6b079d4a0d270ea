/** `holdpoint status`: is it guarding, and with what. */

import { parseArgs } from 'node:util';
import type { FleetStatus, Status } from '../contract/control.ts';
import { type UninspectedRow, uninspectedFate, uninspectedPhrase, uninspectedSentence } from '../contract/uninspected.ts';
import { visibleLines } from '../engine/approvals/visible.ts';
import { type Command, DONE, PLACE_OPTIONS, placeOf, print, printJson } from './io.ts';
import { clock } from './paint.ts';
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

function linesOf({ engine, state, notes, policy, approvals, counts, uninspected, audit, keys, fleet, upload }: Status): string[] {
  const known = uninspectedSentence(uninspected, counts.uninspected);
  const others = counts.uninspected - uninspected.reduce((sum, { count }) => sum + count, 0);
  const rows: [string, string][] = [
    ['proxy', engine.proxyUrl],
    ['authority', engine.caFile],
    ['policy', `${policy.name}, ${plural(policy.count, 'policy', 'policies')}, ${policy.hash.slice(0, 12)}`],
    ...(fleet ? [['fleet', fleetLine(fleet)] satisfies [string, string]] : []),
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
    ...(upload ? [['upload', uploadLine(upload)] satisfies [string, string]] : []),
    [
      'keys',
      keys === 'keystore'
        ? 'in the system’s keystore'
        : `in files only ${engine.service ? 'the service’s own user' : 'this user'} can read`,
    ],
    ['data', engine.dataDir],
    ['since', `${engine.startedAt}, process ${engine.pid}`],
  ];
  return [
    `Holdpoint ${engine.version} ${STATES[state]}.`,
    // That one is told row by row.
    ...notes.filter((note) => note !== known).map((note) => `  ! ${visibleLines(note)}`),
    ...uninspected.map((row) => `  ! ${visibleLines(unreadLine(row))}`),
    ...(others > 0 ? [`  ! ${others} more could not be read: holdpoint audit search "could not be read"`] : []),
    '',
    ...rows.map(([name, value]) => `  ${name.padEnd(11)}${visibleLines(value)}`),
  ];
}

/** "1204 records at https://collector.example.com/v1/logs, 3 waiting, last at 14:32:05". */
function uploadLine({ url, uploaded, pending, confirmedAt, problem }: NonNullable<Status['upload']>): string {
  const last = confirmedAt === null ? 'none confirmed yet' : `last at ${clock(confirmedAt)}`;
  return `${plural(uploaded, 'record', 'records')} at ${url}, ${pending} waiting, ${last}${problem === null ? '' : `: ${problem}`}`;
}

/** "Codex on api.openai.com: 3 requests to a path that Holdpoint does not know (/v1/odd), let through, last at 14:32:05". */
function unreadLine(row: UninspectedRow): string {
  const { agent, host, path, last } = row;
  return `${agent} on ${host}: ${uninspectedPhrase(row)}${path === '' ? '' : ` (${path})`}, ${uninspectedFate(row)}, last at ${clock(last)}`;
}

const FLEET_STATES: Record<FleetStatus['state'], string> = {
  starting: 'not asked yet',
  current: 'current',
  offline: 'server not reached',
  refused: 'what the server offers is REFUSED',
  stale: 'OLDER THAN PERMITTED',
};

/** "revision 12 for stable, current, confirmed 2026-11-28T05:00:00.000Z" */
export function fleetLine({ revision, ring, state, confirmedAt }: FleetStatus): string {
  const inForce = revision === null ? `no revision for ${ring}` : `revision ${revision} for ${ring}`;
  return `${inForce}, ${FLEET_STATES[state]}, ${confirmedAt === null ? 'never confirmed' : `confirmed ${confirmedAt}`}`;
}

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
