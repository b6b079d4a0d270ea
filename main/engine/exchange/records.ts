/** What the log is told of exchanges and connections. */

import type { Origin, Uninspected } from '../../contract/action.ts';
import type { EndedExchange } from '../../contract/ended-exchange.ts';
import { messageOf } from '../../contract/errors.ts';
import { agentData } from '../../contract/process-data.ts';
import type { AuditEntry, ContentBlock } from '../../contract/record.ts';
import { createNewBlocks } from '../guard/new-blocks.ts';
import { recogniseAgent } from '../interception/agents.ts';
import type { ConnectionEvent, PassedExchange } from '../interception/inspection.ts';
import type { Attempt } from '../interception/outgoing.ts';
import { type AgentRequest, header, type RequestHead, type ResponseSummary } from '../protocols/pieces.ts';
import type { Catalogue } from './catalogue.ts';
import type { NoteUnread, UnreadThing } from './unread.ts';

export type Count = 'connections' | 'tunnels' | 'exchanges';

export interface RecordsOptions {
  readonly catalogue: Catalogue;
  /** Resolves when durable. What it cannot keep it counts as a gap itself. */
  readonly record: (entry: AuditEntry) => Promise<unknown>;
  readonly count: (what: Count) => void;
  readonly unread: NoteUnread;
  readonly log: (level: 'warn' | 'error', message: string) => void;
  /** Told how each exchange ended. Gives what its record says of its use. */
  readonly ended?: (ended: EndedExchange) => AuditEntry['data'];
  /** A request that the guard let through did not leave. */
  readonly unsent?: (exchange: string) => void;
}

/** What is gathered for the record while an exchange runs. */
export interface Story {
  readonly origin: Origin;
  readonly head: RequestHead;
  readonly read: AgentRequest | undefined;
  /** How often each call came, by its content. */
  readonly seen: Map<string, number>;
  /** Bytes of the request for a model's answer, as they came; absent where no model is to answer. */
  readonly asks?: number;
  /** UTF-16 units of the arguments of its calls. */
  written?: number;
  calls: number;
  refused: number;
  failure?: string;
  /** The ways that it went, where a route is set. */
  tried?: readonly Attempt[];
}

export interface Records {
  /** The exchange's own record. It holds what is new in the conversation: agents resend all of it each time. */
  exchange(story: Story, ended: { readonly status: number; readonly how: string; readonly answer?: ResponseSummary | undefined }): void;
  /** A request that the guard let through did not leave: its agent went away before. */
  unsent(origin: Origin): void;
  /** Counts and records it. See `NoteUnread` for what it gives. */
  uninspected(origin: Origin, head: RequestHead, why: Uninspected, what: UnreadThing['what']): ReturnType<NoteUnread>;
  /** Only counts it. */
  readonly unread: NoteUnread;
  passed(exchange: PassedExchange): void;
  connection(event: ConnectionEvent): void;
  /** The exchange's provider has named another host for its model calls, which is decrypted from now on. */
  followed(origin: Origin, host: string): void;
  /** Anything else. Never throws: what cannot be kept is logged. */
  keep(entry: AuditEntry): void;
}

export function createRecords(options: RecordsOptions): Records {
  const { record, count, unread, log, catalogue, ended = () => ({}), unsent = () => {} } = options;
  const newBlocks = createNewBlocks();

  return { exchange, unsent: ({ exchange: id }) => unsent(id), uninspected, unread, passed, connection, followed, keep };

  function exchange(story: Story, { status, how, answer }: Parameters<Records['exchange']>[1]): void {
    const { origin, head, read, failure } = story;
    const blocks: ContentBlock[] = read ? [...newBlocks(origin.session, read.blocks)] : [];
    if (answer?.text) blocks.push({ role: 'assistant', text: answer.text });
    const model = answer?.model ?? origin.model ?? null;
    const counted = ended({
      origin,
      how,
      status,
      ...(story.asks !== undefined && { asked: read ? lengthOf(read.blocks) : story.asks }),
      written: (answer?.text.length ?? 0) + (story.written ?? 0),
      model: answer?.model,
      usage: answer?.usage,
    });
    keep({
      ...about(origin),
      kind: 'exchange',
      verdict: how,
      summary: `${origin.agent.name} → ${model ?? pathOf(head)} (${origin.provider}): ${ENDINGS[how] ?? how}${story.calls > 0 ? `, ${story.calls} call${story.calls === 1 ? '' : 's'}` : ''}`,
      data: {
        method: head.method,
        path: pathOf(head),
        status,
        protocol: origin.protocol,
        provider: origin.provider,
        model: origin.model ?? null,
        responseModel: answer?.model ?? null,
        streamed: read?.streamed ?? null,
        tools: read?.tools.length ?? null,
        calls: story.calls,
        refused: story.refused,
        stopReason: answer?.stopReason ?? null,
        inputTokens: answer?.usage?.inputTokens ?? null,
        outputTokens: answer?.usage?.outputTokens ?? null,
        cacheReadTokens: answer?.usage?.cacheReadTokens ?? null,
        cacheWriteTokens: answer?.usage?.cacheWriteTokens ?? null,
        ...counted,
        failure: failure ?? null,
        ...routeData(story.tried),
        workspace: origin.workspace.state === 'known' ? origin.workspace.root : null,
        ...agentData(origin.agent),
      },
      blocks,
    });
  }

  function uninspected(origin: Origin, head: RequestHead, why: Uninspected, what: UnreadThing['what']): ReturnType<NoteUnread> {
    keep({
      ...about(origin),
      kind: 'uninspected',
      verdict: why,
      summary: `${origin.agent.name}: ${what === 'answer' ? 'an' : 'a'} ${what} on ${head.host} could not be read (${why})`,
      data: { what, why, method: head.method, path: pathOf(head), ...agentData(origin.agent) },
    });
    return unread(origin, { what, why, path: head.path });
  }

  function passed({ id, client, head, status, way }: PassedExchange): void {
    count('exchanges');
    void client.process.then((process) => {
      const agent = recogniseAgent(process, header(head.rawHeaders, 'user-agent'));
      keep({
        kind: 'exchange',
        exchange: id,
        agent: agent.name,
        host: head.host,
        verdict: 'passed',
        summary: `${head.method} ${head.host}${pathOf(head)}: no model call, passed`,
        data: {
          method: head.method,
          path: pathOf(head),
          status: status ?? null,
          provider: catalogue.providerOf(head.host).name,
          ...(way !== undefined && { route: { way } }),
          ...agentData(agent),
        },
      });
    });
  }

  function connection(event: ConnectionEvent): void {
    count('connections');
    if (event.kind === 'tunnelled') count('tunnels');
    void event.client.process.then((process) => {
      const agent = recogniseAgent(process, undefined);
      keep({
        kind: 'connection',
        host: event.host,
        verdict: event.kind,
        ...(process && { agent: agent.name }),
        summary: `${event.host}:${event.port} ${CONNECTIONS[event.kind] ?? event.kind}${'message' in event ? `: ${event.message}` : ''}`,
        data: { port: event.port, ...agentData(agent) },
      });
    });
  }

  function followed(origin: Origin, host: string): void {
    keep({
      ...about(origin),
      kind: 'connection',
      verdict: 'followed',
      summary: `${origin.provider} sends model calls to ${host}, which is decrypted from now on`,
      data: { named: host },
    });
  }

  function keep(entry: AuditEntry): void {
    record(entry).catch((thrown: unknown) => log('error', `A record could not be kept: ${messageOf(thrown)}`));
  }
}

const CONNECTIONS: Record<string, string> = { 'header-only': 'unread, but for the header that its requests are given' };

function lengthOf(blocks: readonly ContentBlock[]): number {
  return blocks.reduce((sum, { text }) => sum + text.length, 0);
}

const ENDINGS: Record<string, string> = {
  complete: 'answered',
  refused: 'refused before it left',
  'client-gone': 'the agent went away',
  'upstream-failed': 'the provider failed',
};

/** Which way answered, and what came of each. `host` stays the one that the agent asked. */
function routeData(tried: readonly Attempt[] | undefined) {
  if (!tried) return {};
  const attempts = tried.map(({ way, status = null, failure = null }) => ({ way, status, failure }));
  return { route: { way: attempts.at(-1)?.way ?? null, attempts } };
}

function about(origin: Origin) {
  return {
    session: origin.session,
    exchange: origin.exchange,
    agent: origin.agent.name,
    host: origin.host,
    user: origin.agent.process?.user,
  };
}

/** Without the query, which may carry a key. */
function pathOf(head: RequestHead): string {
  return head.path.split('?', 1)[0] ?? head.path;
}
