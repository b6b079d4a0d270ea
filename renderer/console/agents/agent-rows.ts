/** What there is to say of each agent: what its settings say, joined with what was seen of it. Pure. */

import type { AgentHere } from '../../../main/contract/agents-here.ts';
import type { McpServerSeen } from '../../../main/contract/mcp-servers.ts';
import { type SeenAgent, seenConcern } from '../../../main/contract/seen-agents.ts';

export type Action = 'attach' | 'repair' | 'detach';

export interface AgentRow {
  readonly name: string;
  /** Undefined for one that Holdpoint knows, and has no settings of to change. */
  readonly here: AgentHere | undefined;
  readonly version: string | null;
  /** ISO 8601; null where it was not seen. */
  readonly last: string | null;
  /** `sometimes`: only where it is started with the right environment. */
  readonly guarded: 'yes' | 'sometimes' | 'no';
  readonly how: 'settings' | 'shell' | 'machine' | 'partly' | 'environment' | 'elsewhere' | 'none' | 'bare' | 'notHere' | 'unknown';
  /** What its last connection to a model showed. */
  readonly trust: 'fine' | 'distrusts' | 'unread' | 'notSeen';
  /** That it last talked to; empty where it was not seen. */
  readonly host: string;
  readonly action: Action | null;
}

/** Those that were found on this machine, were attached, or were seen, by name: a row must stay where it is when it is acted on. */
export function agentRows(here: readonly AgentHere[], seen: readonly SeenAgent[]): readonly AgentRow[] {
  const talked = seen.filter(({ known, to }) => known && to === 'model');
  const names = new Set([
    ...here.filter(({ found, attached }) => found || (attached !== 'no' && attached !== 'machine')).map(({ name }) => name),
    ...talked.map(({ agent }) => agent),
  ]);
  return [...names]
    .map((name) =>
      rowOf(
        name,
        here.find((agent) => agent.name === name),
        talked.filter(({ agent }) => agent === name),
      ),
    )
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** Unknown programs and web sites, the last seen first; of the same program and provider, what was so last. */
export function othersIn(seen: readonly SeenAgent[]): readonly SeenAgent[] {
  const found = new Map<string, SeenAgent>();
  for (const row of seen) {
    if (row.to === 'mcp' || (row.known && row.to === 'model')) continue;
    const key = JSON.stringify([row.agent, row.program, row.user, row.provider]);
    if (!found.has(key)) found.set(key, row);
  }
  return [...found.values()];
}

/** How many things somebody should look at. An unknown program that is judged all the same is none. */
export function concernsIn(
  rows: readonly AgentRow[],
  others: readonly SeenAgent[],
  servers: readonly McpServerSeen[],
  now: number,
): number {
  const lately = others.filter((row) => Date.parse(row.last) > now - LATELY_MS && ['unguarded', 'unread'].includes(seenConcern(row) ?? ''));
  return rows.filter(({ guarded }) => guarded === 'no').length + lately.length + servers.filter(({ changed }) => changed.length > 0).length;
}

export function summaryOf(rows: readonly AgentRow[]): { readonly guarded: number; readonly sometimes: number; readonly not: number } {
  const count = (which: AgentRow['guarded']) => rows.filter(({ guarded }) => guarded === which).length;
  return { guarded: count('yes'), sometimes: count('sometimes'), not: count('no') };
}

const LATELY_MS = 7 * 86_400_000;

function rowOf(name: string, here: AgentHere | undefined, talked: readonly SeenAgent[]): AgentRow {
  // What was not let through tells nothing of how the agent is attached.
  const latest = talked.find(({ how }) => how !== 'refused');
  const trust = trustOf(latest);
  const how = howOf(here, trust);
  return {
    name,
    here,
    version: talked.find(({ version }) => version !== null)?.version ?? null,
    last: talked[0]?.last ?? null,
    guarded: guardedOf(how, trust),
    how,
    trust,
    host: latest?.host ?? '',
    action: actionOf(here),
  };
}

function trustOf(latest: SeenAgent | undefined): AgentRow['trust'] {
  if (latest === undefined) return 'notSeen';
  if (latest.how === 'tls-refused') return 'distrusts';
  return latest.how === 'tunnelled' ? 'unread' : 'fine';
}

function howOf(here: AgentHere | undefined, trust: AgentRow['trust']): AgentRow['how'] {
  if (here === undefined) return trust === 'fine' ? 'elsewhere' : 'notHere';
  if (here.attached === 'unknown' || here.attached === 'partly' || here.attached === 'machine') return here.attached;
  if (here.attached === 'yes') return here.attach;
  if (trust === 'fine') return 'environment';
  return trust === 'notSeen' ? 'none' : 'bare';
}

function guardedOf(how: AgentRow['how'], trust: AgentRow['trust']): AgentRow['guarded'] {
  if (trust === 'distrusts' || trust === 'unread') return 'no';
  if (how === 'settings' || how === 'shell' || how === 'machine') return 'yes';
  return how === 'environment' || how === 'elsewhere' ? 'sometimes' : 'no';
}

function actionOf(here: AgentHere | undefined): Action | null {
  switch (here?.attached) {
    case 'no':
      return 'attach';
    case 'partly':
      return 'repair';
    case 'yes':
      return 'detach';
    default:
      return null;
  }
}
