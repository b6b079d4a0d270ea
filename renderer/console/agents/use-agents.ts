/** Agents, servers and others, asked for when the engine has news, and not oftener than a person could read. */

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ConsoleView, Reply } from '../../../main/app/channels.ts';
import type { AgentHere, Said } from '../../../main/contract/agents-here.ts';
import type { McpServerSeen } from '../../../main/contract/mcp-servers.ts';
import type { SeenAgent } from '../../../main/contract/seen-agents.ts';
import { ask } from '../../ask.ts';
import { bridge } from '../../bridge.ts';
import { type AgentRow, agentRows, concernsIn, othersIn } from './agent-rows.ts';

export interface Agents {
  readonly rows: readonly AgentRow[];
  readonly servers: readonly McpServerSeen[];
  readonly others: readonly SeenAgent[];
  readonly concerns: number;
  /** Why the settings of this machine's agents could not be looked at. */
  readonly problem: string | undefined;
  /** Why the engine has not told what it has seen. */
  readonly unseen: string | undefined;
  /** Resolves when it has been looked at anew. */
  refresh(): Promise<void>;
}

/** The log may grow by hundreds of records a second. */
const EVERY_MS = 3_000;

interface Found {
  readonly here: Said<readonly AgentHere[]>;
  readonly seen: Reply<readonly SeenAgent[]>;
  readonly servers: Reply<readonly McpServerSeen[]>;
}

/** Undefined until it was looked at for the first time. */
export function useAgents(view: ConsoleView | undefined): Agents | undefined {
  const [found, setFound] = useState<Found>();
  const asked = useRef({ at: 0, count: 0, withEngine: false });
  const status = view?.status;
  const isReady = view !== undefined;

  const look = useCallback(async () => {
    const count = ++asked.current.count;
    asked.current.at = performance.now();
    const [here, seen, servers] = await Promise.all([agentsHere(), ask('seenAgents', {}), ask('mcpServers', {})]);
    // The answers of an older look would undo what a newer one has shown.
    if (count !== asked.current.count) return;
    setFound({ here, seen, servers });
  }, []);

  // A new status is the engine's word that something has happened.
  useEffect(() => {
    if (!isReady) return;
    const withEngine = Boolean(status);
    const isOther = asked.current.at === 0 || asked.current.withEngine !== withEngine;
    asked.current.withEngine = withEngine;
    const timer = setTimeout(() => void look(), isOther ? 0 : Math.max(0, asked.current.at + EVERY_MS - performance.now()));
    return () => clearTimeout(timer);
  }, [isReady, status, look]);

  return useMemo(() => {
    if (!found) return undefined;
    const { here } = found;
    const [seen, servers] = [resultOf(found.seen), resultOf(found.servers)];
    const rows = agentRows(here.ok ? here.result : [], seen);
    const others = othersIn(seen);
    return {
      rows,
      others,
      servers,
      concerns: concernsIn(rows, others, servers, Date.now()),
      problem: here.ok ? undefined : here.says,
      unseen: whyNot(found.seen) ?? whyNot(found.servers),
      refresh: look,
    };
  }, [found, look]);
}

function resultOf<T>(reply: Reply<readonly T[]>): readonly T[] {
  return reply.ok ? reply.result : [];
}

function whyNot(reply: Reply<unknown>): string | undefined {
  return reply.ok ? undefined : reply.says;
}

async function agentsHere(): Promise<Said<readonly AgentHere[]>> {
  try {
    return await bridge().call('console:agents', {});
  } catch {
    return { ok: false, says: '' };
  }
}
