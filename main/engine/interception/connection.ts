/** One connection of a client, from its acceptance to its end: who it is, where it goes, what it keeps open. */

import type { Socket } from 'node:net';
import type { Process } from '../../contract/action.ts';
import type { Client, ConnectionEvent, ConnectOutcome, Inspector } from './inspection.ts';
import type { Log } from './log.ts';
import type { Target } from './target.ts';
import { createTargetAgent, type TargetAgent } from './target-agent.ts';
import type { Upstream } from './upstream.ts';

/** What a connection may be reported as. */
type Report =
  | { readonly kind: 'intercepted' | 'tunnelled' | 'header-only' }
  | { readonly kind: 'tls-refused' | 'refused'; readonly message: string };

/** Each may keep a connection open. */
const MOST_TARGETS = 32;

export interface Connection {
  readonly client: Client;
  /** An exchange begins; `end` is called if the connection closes before it is over. Returns what to call when it is. */
  begin(end: () => void): () => void;
  busy(): boolean;
  /** Closes as soon as no exchange is under way. */
  closeWhenIdle(): void;
  /** Calls when the connection is to close as soon as it can. */
  onceClosing(tell: () => void): void;
  /** The connections to a target that belong to this one. `streams`, at the first call: see `createTargetAgent`. */
  agentFor(target: Target, streams?: number): TargetAgent;
  /** What policy says of connections to a target that is not intercepted; asked once for each. */
  mayConnect(target: Pick<Target, 'host' | 'port'>): Promise<ConnectOutcome>;
  report(target: Pick<Target, 'host' | 'port'>, report: Report): void;
  /** Reports only where it differs from the last one: a kept-alive connection is not news at each request. */
  reportOnce(target: Pick<Target, 'host' | 'port'>, kind: 'intercepted' | 'tunnelled' | 'header-only'): void;
}

export function createConnection(options: {
  id: string;
  socket: Socket;
  upstream: Upstream;
  inspector: Pick<Inspector, 'connection' | 'connect'>;
  processOf(socket: Socket): Promise<Process | undefined>;
  userOf?(socket: Socket): Promise<string | undefined>;
  /** Told of an inspector that threw. */
  log: Log;
}): Connection {
  const { id, socket, upstream, inspector, processOf, userOf, log } = options;
  const client: Client = {
    connection: id,
    process: processOf(socket).catch(() => undefined),
    ...(userOf && { user: userOf(socket).catch(() => undefined) }),
  };
  /** Least recently asked for first. A tunnel has one; a client that speaks absolute-form may ask for many. */
  const agents = new Map<string, TargetAgent>();
  let lastReport = '';
  const exchanges = new Set<() => void>();
  const permissions = new Map<string, Promise<ConnectOutcome>>();
  const closers: (() => void)[] = [];
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
      for (const tell of closers) tell();
      closeIfIdle();
    },
    onceClosing: (tell) => void closers.push(tell),
    agentFor(target, streams) {
      const key = `${target.secure} ${target.host} ${target.port}`;
      const agent = agents.get(key) ?? createTargetAgent(upstream, target, streams);
      agents.delete(key);
      agents.set(key, agent);
      if (agents.size > MOST_TARGETS) closeOldest();
      return agent;
    },
    mayConnect({ host, port }) {
      const key = `${host}:${port}`;
      const asked = permissions.get(key) ?? inspector.connect({ client, host, port });
      if (permissions.size < MOST_TARGETS) permissions.set(key, asked);
      return asked;
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
