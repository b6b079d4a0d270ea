/** Whom the engine has seen that could not be guarded: programs that do not trust its certificate, and those that went through unread. */

import { type SeenAgent, seenConcern } from '../../main/contract/seen-agents.ts';
import type { Check, Finding } from './check.ts';
import type { DoctorContext } from './context.ts';

const WEEK_MS = 7 * 86_400_000;
const MOST_TOLD = 5;

/** `seen`: asked of the engine. */
export function seenChecks(context: DoctorContext, facts: { seen(): Promise<readonly SeenAgent[]>; now(): Date }): readonly Check[] {
  const recent = async () => (await facts.seen()).filter(({ last }) => facts.now().getTime() - Date.parse(last) < WEEK_MS);
  return [
    {
      id: 'bypass.distrusts',
      group: 'bypass',
      title: 'No program has refused the guard’s certificate',
      run: async () => distrusts(context, await recent()),
    },
    { id: 'bypass.unread', group: 'bypass', title: 'No agent went through unread', run: async () => unread(await recent()) },
  ];
}

function distrusts({ command }: DoctorContext, seen: readonly SeenAgent[]): Finding {
  const found = seen.filter((row) => seenConcern(row) === 'unguarded');
  if (found.length === 0) return { state: 'ok', says: 'None in the last seven days.' };
  return {
    state: 'problem',
    says: `In the last seven days these did not trust it, so they could not be guarded: ${listed(found)}.`,
    fix: {
      says: 'Start them by holdpoint run, or set them up. The Agents page tells more of each.',
      command: command('agents seen'),
      repairs: false,
      root: false,
    },
  };
}

function unread(seen: readonly SeenAgent[]): Finding {
  const found = seen.filter((row) => row.known && seenConcern(row) === 'unread');
  if (found.length === 0) return { state: 'ok', says: 'None in the last seven days.' };
  return {
    state: 'warning',
    says: `In the last seven days these reached a host that is not inspected: ${listed(found)}.`,
    fix: { says: 'Add the host to intercept.hosts in the configuration, if it serves a model.', repairs: false, root: false },
  };
}

function listed(rows: readonly SeenAgent[]): string {
  const names = [...new Set(rows.map(({ agent, program, host }) => `${agent}${program === null ? '' : ` (${program})`} to ${host}`))];
  return [...names.slice(0, MOST_TOLD), ...(names.length > MOST_TOLD ? [`${names.length - MOST_TOLD} more`] : [])].join(', ');
}
