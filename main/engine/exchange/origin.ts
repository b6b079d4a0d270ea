/** Where an exchange comes from: agent, session, workspace. */

import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { isAbsolute, relative, sep } from 'node:path';
import type { Agent, Origin, Process, Workspace } from '../../contract/action.ts';
import { recogniseAgent } from '../interception/agents.ts';
import { projectRoot } from '../interception/workspace.ts';
import { type AgentRequest, header, type Protocol, type RequestHead } from '../protocols/pieces.ts';
import type { Catalogue } from './catalogue.ts';

export interface OriginOptions {
  readonly exchange: string;
  readonly head: RequestHead;
  readonly process: Process | undefined;
  /** Absent for a request that no protocol recognised or that could not be read. */
  readonly protocol?: Protocol;
  readonly request?: AgentRequest;
}

/** Gives the function that tells origins: it looks a workspace up once a connection, because attribution gives each its own process. */
export function createOrigins(catalogue: Catalogue): (options: OriginOptions) => Promise<Origin> {
  const roots = new WeakMap<Process, Promise<string>>();
  const rootOf = (cwd: string, process: Process | undefined) => {
    if (!process) return projectRoot(cwd);
    const root = roots.get(process) ?? projectRoot(cwd);
    roots.set(process, root);
    return root;
  };
  return (options) => originOf(options, catalogue, rootOf);
}

type RootOf = (cwd: string, process: Process | undefined) => Promise<string>;

async function originOf(
  { exchange, head, process, protocol, request }: OriginOptions,
  catalogue: Catalogue,
  rootOf: RootOf,
): Promise<Origin> {
  const agent = recogniseAgent(process, header(head.rawHeaders, 'user-agent'));
  return {
    exchange,
    session: sessionOf(agent, head, request),
    agent,
    protocol: protocol?.name ?? 'unknown',
    provider: catalogue.providerOf(head.host).name,
    host: head.host,
    ...(request?.model !== undefined && { model: request.model }),
    workspace: await workspaceOf(process, request, rootOf),
    home: homedir(),
  };
}

/**
 * The protocol's own conversation id where it has one, else the process and the conversation's beginning. An id is the agent's word, and
 * some send the same one always: what was allowed to one agent or user is not allowed to another who says the same.
 */
function sessionOf(agent: Agent, head: RequestHead, request: AgentRequest | undefined): string {
  const named = request?.session;
  const parts =
    named === undefined
      ? [agent.name, [agent.process?.pid, agent.process?.user], head.host, request?.opening]
      : [agent.name, agent.process?.user, head.host, named, null];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

async function workspaceOf(process: Process | undefined, request: AgentRequest | undefined, rootOf: RootOf): Promise<Workspace> {
  const cwd = process?.cwd ?? request?.cwd;
  if (cwd === undefined) return { state: 'unresolved' };
  const root = await rootOf(cwd, process);
  // An agent started in the home folder, or above it, has no project: not everything is its own.
  const toHome = relative(root, homedir());
  if (!isAbsolute(toHome) && toHome.split(sep)[0] !== '..') return { state: 'unresolved' };
  return { state: 'known', root, cwd, source: process?.cwd === undefined ? 'protocol' : 'process' };
}
