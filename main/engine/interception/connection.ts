/** One connection of a client, from its acceptance to its end: who it is, where it goes, what it keeps open. */

import type { Socket } from 'node:net';
import type { Process } from '../../contract/action.ts';
import type { Client, ConnectionEvent, Inspector } from './inspection.ts';
import type { Log } from './log.ts';
import type { Target } from './target.ts';
import { createTargetAgent, type TargetAgent, type Upstream } from './upstream.ts';

/** What a connection may be reported as. */
type Report = { readonly kind: 'intercepted' | 'tunnelled' } | { readonly kind: 'tls-refused' | 'refused'; readonly message: string };

/** Each may keep a connection open. */
const MOST_TARGETS = 32;

export interface Connection {
  readonly client: Client;
  /** An exchange begins; `end` is called if the connection closes before it is over. Returns what to call when it is. */
  begin(end: () => void): () => void;
  busy(): boolean;
  /** Closes as soon as no exchange is under way. */
  closeWhenIdle(): void;
  /** The connections to a target that belong to this one. */
  agentFor(target: Target): TargetAgent;
  report(target: Pick<Target, 'host' | 'port'>, report: Report): void;
  /** Reports only where it differs from the last one: a kept-alive connection is not news at each request. */
  reportOnce(target: Pick<Target, 'host' | 'port'>, kind: 'intercepted' | 'tunnelled'): void;
}

export function createConnection(options: {
  id: string;
  socket: Socket;
  upstream: Upstream;
  inspector: Pick<Inspector, 'connection'>;
  processOf(socket: Socket): Promise<Process | undefined>;
  /** Told of an inspector that threw. */
  log: Log;
}): Connection {
  const { id, socket, upstream, inspector, processOf, log } = options;
  const client: Client = { connection: id, process: processOf(socket).catch(() => undefined) };
  /** Least recently asked for first. A tunnel has one; a client that speaks absolute-form may ask for many. */
  const agents = new Map<string, TargetAgent>();
  let lastReport = '';
  const exchanges = new Set<() => void>();
  let closing = false;
  socket.once('close', () => {
    for (const end of exchanges) end();
    for (const agent of agents.values()) agent.close();
  });

  return {
    client,
    begin(end) {
      exchanges.add(end);
      return () => {
        exchanges.delete(end);
        closeIfIdle();
      };
    },
    busy: () => exchanges.size > 0,
    closeWhenIdle() {
      closing = true;
      closeIfIdle();
    },
    agentFor(target) {
      const key = `${target.secure} ${target.host} ${target.port}`;
      const agent = agents.get(key) ?? createTargetAgent(upstream, target);
      agents.delete(key);
      agents.set(key, agent);
      if (agents.size > MOST_TARGETS) closeOldest();
      return agent;
    },
    report,
    reportOnce(target, kind) {
      const news = `${kind} ${target.host}:${target.port}`;
      if (news === lastReport) return;
      lastReport = news;
      report(target, { kind });
    },
  };

  function closeOldest(): void {
    const [key, agent] = agents.entries().next().value!;
    agents.delete(key);
    agent.close();
  }

  function closeIfIdle(): void {
    if (closing && exchanges.size === 0) socket.destroySoon();
  }

  function report(target: Pick<Target, 'host' | 'port'>, report: Report): void {
    const event: ConnectionEvent = { client, host: target.host, port: target.port, ...report };
    try {
      inspector.connection(event);
    } catch (error) {
      log({ kind: 'inspector-failed', error });
    }
  }
}
