/** `holdpoint agents seen`: which programs on this machine talk to models, also those that nobody has put behind the guard. */

import { type SeenAgent, seenConcern } from '../contract/seen-agents.ts';
import { visibleLine } from '../engine/approvals/visible.ts';
import { DONE, type Io, print, printJson } from './io.ts';

/** How an agent that can be set up is attached, by its name. */
export type AttachedBy = ReadonlyMap<string, 'setup' | 'environment'>;

export function showSeen(seen: readonly SeenAgent[], attached: AttachedBy, io: Io, json: boolean): number {
  if (json) {
    printJson(io, { agents: seen.map((row) => ({ ...row, concern: seenConcern(row) ?? null, attachedBy: attachedBy(row, attached) })) });
    return DONE;
  }
  if (seen.length === 0) print(io, 'No program has talked to a model or an MCP server through Holdpoint yet.');
  const [looked, fine] = [seen.filter((row) => seenConcern(row) !== undefined), seen.filter((row) => seenConcern(row) === undefined)];
  for (const row of [...looked, ...fine]) print(io, ...rowsOf(row, attached).map((line) => visibleLine(line, 500)));
  return DONE;
}

const HOW: Record<SeenAgent['how'], string> = {
  intercepted: 'read and judged',
  passed: 'requests beside model calls',
  tunnelled: 'tunnelled unread',
  'tls-refused': 'refused Holdpoint’s certificate',
  refused: 'not let through',
};

const CONCERNS = {
  unguarded:
    'not guarded: it does not trust Holdpoint’s certificate. What it does instead is not seen. Try: holdpoint agents setup, or holdpoint run',
  unread: 'not read: Holdpoint does not decrypt this. To guard it, name its host in intercept.hosts',
  unknown: 'not recognised: no agent that Holdpoint knows. What it does is judged all the same',
} as const;

/** "Claude Code 2.1.4 → Anthropic: read and judged, 3 connections, 12 exchanges, last 2026-05-01 09:30". */
function rowsOf(row: SeenAgent, attached: AttachedBy): string[] {
  const { agent, version, startedBy, program, user, provider, how, connections, exchanges, last } = row;
  const name = `${agent}${version === null ? '' : ` ${version}`}${startedBy === null ? '' : ` (started by ${startedBy})`}`;
  const counts = [plural(connections, 'connection'), plural(exchanges, 'exchange')].filter((text) => text !== undefined);
  const concern = seenConcern(row);
  return [
    `${concern === undefined ? ' ' : '!'} ${name} → ${provider}: ${[HOW[how], ...counts].join(', ')}, last ${last.slice(0, 16).replace('T', ' ')}`,
    `    ${program ?? 'program not found'}${user === null ? '' : `, user ${user}`}`,
    ...(concern === undefined ? [] : [`    ${CONCERNS[concern]}`]),
    ...(attachedBy(row, attached) === 'environment'
      ? ['    guarded only where its environment says so (holdpoint run, HTTPS_PROXY): not set up for good']
      : []),
  ];
}

/** Null where nothing can be said: it was not read, or there is no set-up for it. */
function attachedBy({ agent, how }: SeenAgent, attached: AttachedBy): 'setup' | 'environment' | null {
  return how === 'intercepted' || how === 'passed' ? (attached.get(agent) ?? null) : null;
}

function plural(count: number, what: string): string | undefined {
  return count === 0 ? undefined : `${count} ${what}${count === 1 ? '' : 's'}`;
}
