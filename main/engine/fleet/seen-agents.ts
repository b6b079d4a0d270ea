/** Tallies which programs talk to which models and MCP servers, from the log's records. Bounded, and kept across restarts. */

import { z } from 'zod';
import { messageOf } from '../../contract/errors.ts';
import { userIn } from '../../contract/own-record.ts';
import type { AuditRecord, Json } from '../../contract/record.ts';
import { MOST_SEEN, SEEN_HOW, type SeenAgent, type SeenHow, seenAgentSchema } from '../../contract/seen-agents.ts';
import type { Catalogue } from '../exchange/catalogue.ts';
import { isMcpHost } from '../exchange/mcp-hosts.ts';
import { hostMatches } from '../exchange/patterns.ts';
import { isKnownAgent } from '../interception/agents.ts';
import { AI_SITES } from './ai-sites.ts';

export interface SeenAgents {
  /** Told of every record of the log. Never throws. */
  note(record: AuditRecord): void;
  /** The last seen first: all of them, or only what programs of `user` did. */
  list(user?: string): SeenAgent[];
  /** Writes down what is not yet. */
  close(): void;
}

export interface SeenAgentsOptions {
  readonly catalogue: Pick<Catalogue, 'providerOf' | 'intercepts'>;
  /** What `save` was given last; undefined where that was never. */
  readonly load: () => string | undefined;
  readonly save: (text: string) => void;
  readonly log: (message: string) => void;
  /** Calls `work` once after a while; gives back what prevents that. */
  readonly setTimer: (work: () => void, ms: number) => () => void;
}

/** How long a new row waits for others before all is written down, and how long counts do. */
const NEW_MS = 1_000;
const COUNTS_MS = 30_000;
const MAX_NAME = 200;
const MAX_PATH = 1000;

const fileSchema = z.strictObject({ version: z.literal(1), seen: z.array(seenAgentSchema).max(MOST_SEEN) });

type Row = { -readonly [K in keyof SeenAgent]: SeenAgent[K] };
type Place = Pick<SeenAgent, 'to' | 'provider'>;

export function createSeenAgents({ catalogue, load, save, log, setTimer }: SeenAgentsOptions): SeenAgents {
  /** The last seen last. */
  const rows = new Map<string, Row>(kept().map((row) => [keyOf(row), { ...row }]));
  let planned: { readonly ms: number; readonly cancel: () => void } | undefined;

  return {
    note(record) {
      const seen = seenIn(record);
      if (!seen) return;
      plan(add(seen, record) ? NEW_MS : COUNTS_MS);
    },
    list: (user) =>
      [...rows.values()]
        .reverse()
        .filter((row) => user === undefined || row.user === user)
        .map((row) => ({ ...row })),
    close() {
      if (planned) write();
    },
  };

  function add(seen: Omit<SeenAgent, 'connections' | 'exchanges' | 'first' | 'last'>, { kind, at }: AuditRecord): boolean {
    const key = keyOf(seen);
    const before = rows.get(key);
    const row: Row = before ?? { ...seen, connections: 0, exchanges: 0, first: at, last: at };
    row.last = at;
    row.host = seen.host;
    row.version = seen.version ?? row.version;
    row.startedBy = seen.startedBy ?? row.startedBy;
    if (kind === 'connection') row.connections += 1;
    else row.exchanges += 1;
    rows.delete(key);
    rows.set(key, row);
    if (rows.size > MOST_SEEN) forgetOne();
    return before === undefined;
  }

  /** The longest unseen, of the user who has the most: nobody's programs go because somebody else has so many. */
  function forgetOne(): void {
    const users = [...Map.groupBy(rows, ([, { user }]) => user).values()];
    const most = users.reduce((a, b) => (b.length > a.length ? b : a));
    rows.delete(most[0]![0]);
  }

  function seenIn({ kind, verdict, agent, host, data }: AuditRecord): Parameters<typeof add>[0] | undefined {
    if (kind !== 'connection' && kind !== 'exchange') return undefined;
    const how = howOf(kind, verdict);
    const place = how && placeOf(kind, host, data);
    if (!place) return undefined;
    const process = objectIn(data.process);
    const name = textIn(agent, MAX_NAME) ?? 'Unknown program';
    return {
      ...place,
      how,
      agent: name,
      known: isKnownAgent(name),
      version: textIn(data.agentVersion, MAX_NAME),
      startedBy: textIn(data.startedBy, MAX_NAME),
      program: textIn(process.executable ?? data.executable, MAX_PATH),
      user: ownUser(data),
      host: (host ?? '').slice(0, MAX_NAME),
    };
  }

  /** Undefined for what has to do with no model. */
  function placeOf(kind: AuditRecord['kind'], host: string | null, data: AuditRecord['data']): Place | undefined {
    const server = textIn(objectIn(data.server).name, MAX_NAME);
    // Of a server that is a program, the start tells all.
    if (server !== null) return kind === 'connection' ? { to: 'mcp', provider: server } : undefined;
    if (host === null || host === '') return undefined;
    if (data.protocol === 'mcp' || isMcpHost(host)) return { to: 'mcp', provider: host.slice(0, MAX_NAME) };
    const { name, onlyIfAsked } = catalogue.providerOf(host);
    const isProvider = name !== host || catalogue.intercepts(host);
    if (isProvider) return { to: onlyIfAsked ? 'web' : 'model', provider: name.slice(0, MAX_NAME) };
    const site = Object.entries(AI_SITES).find(([, hosts]) => hosts.some((pattern) => hostMatches(pattern, host)));
    return site && { to: 'web', provider: site[0] };
  }

  function plan(ms: number): void {
    if (planned && planned.ms <= ms) return;
    planned?.cancel();
    planned = { ms, cancel: setTimer(write, ms) };
  }

  function write(): void {
    planned?.cancel();
    planned = undefined;
    try {
      save(JSON.stringify({ version: 1, seen: [...rows.values()] }));
    } catch (thrown) {
      log(`Which agents were seen could not be kept: ${messageOf(thrown)}`);
    }
  }

  function kept(): SeenAgent[] {
    try {
      const text = load();
      return text === undefined ? [] : fileSchema.parse(JSON.parse(text)).seen;
    } catch (thrown) {
      log(`Which agents were seen before cannot be read, so it is tallied anew: ${messageOf(thrown)}`);
      return [];
    }
  }
}

function keyOf({
  agent,
  program,
  user,
  to,
  provider,
  how,
}: Pick<SeenAgent, 'agent' | 'program' | 'user' | 'to' | 'provider' | 'how'>): string {
  return JSON.stringify([agent, program, user, to, provider, how]);
}

/** A connection tells by its verdict; an exchange that was read was intercepted, however it ended. */
function howOf(kind: 'connection' | 'exchange', verdict: string | null): SeenHow | undefined {
  if (kind === 'connection') return SEEN_HOW.find((how) => how === verdict);
  return verdict === 'passed' ? 'passed' : 'intercepted';
}

function objectIn(value: Json | undefined): { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as { readonly [key: string]: Json }) : {};
}

/** A name that is cut could be another's. */
function ownUser(data: AuditRecord['data']): string | null {
  const user = userIn(data);
  return user === undefined || user.length > MAX_NAME ? null : user;
}

function textIn(value: Json | undefined, max: number): string | null {
  return typeof value === 'string' && value !== '' ? value.slice(0, max) : null;
}
