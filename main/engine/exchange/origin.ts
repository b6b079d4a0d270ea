/** Where an exchange comes from: agent, session, workspace. */

import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { isAbsolute, relative, sep } from 'node:path';
import { type Agent, type Origin, type Process, userOf, type Workspace } from '../../contract/action.ts';
import { recogniseAgent } from '../interception/agents.ts';
import { projectRoot } from '../interception/workspace.ts';
import { type AgentRequest, header, type Protocol, type RequestHead } from '../protocols/pieces.ts';
import type { Catalogue } from './catalogue.ts';

export interface OriginOptions {
  readonly exchange: string;
  readonly head: RequestHead;
  readonly process: Process | undefined;
  /** Login name of whose connection it is, where that is known without the process. */
  readonly user?: string | undefined;
  /** Absent for a request that no protocol recognised or that could not be read. */
  readonly protocol?: Protocol;
  readonly request?: AgentRequest;
}

/** Home folder of a user's programs, or of those whose user is not known. Undefined where it could be anybody's. */
export type HomeOf = (user: string | undefined) => Promise<string | undefined>;

/** Gives the function that tells origins: it looks a workspace up once a connection, because attribution gives each its own process. */
export function createOrigins(catalogue: Catalogue, homeOf: HomeOf = async () => homedir()): (options: OriginOptions) => Promise<Origin> {
  const roots = new WeakMap<Process, Promise<string>>();
  const rootOf: RootOf = (cwd, home, process) => {
    if (!process) return projectRoot(cwd, home);
    const root = roots.get(process) ?? projectRoot(cwd, home);
    roots.set(process, root);
    return root;
  };
  return (options) => originOf(options, { catalogue, rootOf, homeOf });
}

type RootOf = (cwd: string, home: string, process: Process | undefined) => Promise<string>;

async function originOf(
  { exchange, head, process, user, protocol, request }: OriginOptions,
  { catalogue, rootOf, homeOf }: { catalogue: Catalogue; rootOf: RootOf; homeOf: HomeOf },
): Promise<Origin> {
  const recognised = recogniseAgent(process, header(head.rawHeaders, 'user-agent'));
  const agent = process === undefined && user !== undefined ? { ...recognised, user } : recognised;
  const home = await homeOf(userOf(agent));
  return {
    exchange,
    session: sessionOf(agent, head, request),
    agent,
    protocol: protocol?.name ?? 'unknown',
    provider: catalogue.providerOf(head.host).name,
    host: head.host,
    ...(request?.model !== undefined && { model: request.model }),
    workspace: home === undefined ? { state: 'unresolved' } : await workspaceOf(process, request, { home, rootOf }),
    ...(home !== undefined && { home }),
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
      ? [agent.name, [agent.process?.pid, userOf(agent)], head.host, request?.opening]
      : [agent.name, userOf(agent), head.host, named, null];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

/** Where the home folder is not known, no project is: what lies in it would count as one. */
async function workspaceOf(
  process: Process | undefined,
  request: AgentRequest | undefined,
  { home, rootOf }: { home: string; rootOf: RootOf },
): Promise<Workspace> {
  const cwd = process?.cwd ?? request?.cwd;
  if (cwd === undefined) return { state: 'unresolved' };
  const root = await rootOf(cwd, home, process);
  // An agent started in the home folder, or above it, has no project: not everything is its own.
  const toHome = relative(root, home);
  if (!isAbsolute(toHome) && toHome.split(sep)[0] !== '..') return { state: 'unresolved' };
  return { state: 'known', root, cwd, source: process?.cwd === undefined ? 'protocol' : 'process' };
}
