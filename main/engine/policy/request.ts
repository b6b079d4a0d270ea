/** Turns an action and what is understood of it into the request that policies are asked with. */

import {
  type Action,
  type ConnectAction,
  type Facts,
  type Finding,
  type HeldAction,
  type McpServer,
  type Origin,
  type PathFact,
  type ReceiveResultAction,
  type SendPromptAction,
  type Understanding,
  userOf,
} from '../../contract/action.ts';
import { missingCase } from '../../contract/errors.ts';
import { normaliseAndCap } from './normalise.ts';

export interface EntityUid {
  readonly type: 'User' | 'Agent' | 'Tool' | 'Model' | 'McpServer' | 'McpTool' | 'Host' | 'Action';
  readonly id: string;
}

export type ContextValue = string | boolean | number | readonly string[];

export interface PolicyRequest {
  readonly principal: EntityUid;
  readonly action: EntityUid & { readonly id: Action['kind'] };
  readonly resource: EntityUid;
  readonly context: { readonly [attribute: string]: ContextValue };
  readonly entities: readonly { readonly uid: EntityUid; readonly parents: readonly EntityUid[] }[];
}

/** Per set. Beyond that the call counts as `unresolved`: a policy must not miss the path that was left out. */
const MAX_VALUES = 1_000;
const MAX_SET_LENGTH = 64 * 1024;

/** The facts, in the schema's words. Pure. */
export function policyRequest(action: Action, understanding: Understanding, approved: boolean): PolicyRequest {
  switch (action.kind) {
    case 'call_tool':
    case 'call_mcp_tool':
      return callRequest(action, understanding, approved);
    case 'send_prompt':
      return promptRequest(action, understanding, approved);
    case 'receive_result':
      return resultRequest(action, understanding, approved);
    case 'connect':
      return connectRequest(action, approved);
    default:
      return missingCase(action);
  }
}

function callRequest(action: HeldAction, { facts, findings, session }: Understanding, approved: boolean): PolicyRequest {
  const words = createWords();
  const toolName = words.one(action.call.tool);
  const text = normaliseAndCap(facts.text);
  const paths = (use: PathFact['use']) => words.many(pathsFor(use, facts, action.origin));
  const [reads, writes, deletes] = [paths('read'), paths('write'), paths('delete')];
  const origin = originRequest(action.origin, words);
  const mcp = action.kind === 'call_mcp_tool' ? serverRequest(action.server, toolName, words) : undefined;
  const context = {
    ...origin.context,
    ...(mcp && { ...mcp.context, changed: action.kind === 'call_mcp_tool' && action.changed }),
    toolName,
    toolKind: facts.toolKind,
    text: text.text,
    risky: words.many(facts.effects.filter(({ risk }) => risk !== 'plain').map(({ effect }) => effect)),
    programs: words.many(facts.programs),
    hosts: words.many(facts.hosts.map((host) => host.toLowerCase())),
    reads,
    writes,
    deletes,
    readsIn: words.many(withFoldersAbove(reads)),
    writesIn: words.many(withFoldersAbove(writes)),
    deletesIn: words.many(withFoldersAbove(deletes)),
    outside: outsideOf(facts),
    uninspected: action.call.uninspected ?? '',
    approved,
    labels: words.many(labelsOf(findings)),
    untrustedSeen: session?.untrusted ?? false,
    injectionSeen: session?.injected ?? false,
    sensitiveSeen: session?.sensitive ?? false,
    refusals: session?.refusals ?? 0,
  };
  const effects = facts.effects.map(({ effect }) => effect);
  return {
    ...origin.who,
    ...(mcp?.target(action.kind, origin.who.entities) ?? target('call_tool', { type: 'Tool', id: toolName }, origin.who.entities)),
    context: {
      ...context,
      effects: unique(words.cut() ? [...effects, 'unresolved'] : effects),
      labels: words.cut() || text.cut ? unique([...context.labels, 'truncated']) : context.labels,
    },
  };
}

function promptRequest(action: SendPromptAction, { findings, unscanned }: Understanding, approved: boolean): PolicyRequest {
  const words = createWords();
  const origin = originRequest(action.origin, words);
  const labels = words.many(labelsOf(findings));
  return {
    ...origin.who,
    ...target('send_prompt', { type: 'Model', id: origin.context.model }, origin.who.entities),
    context: {
      ...origin.context,
      uninspected: action.uninspected ?? (unscanned === undefined ? '' : 'unscanned'),
      approved,
      labels: words.cut() ? unique([...labels, 'truncated']) : labels,
    },
  };
}

function resultRequest(action: ReceiveResultAction, { facts, findings, unscanned }: Understanding, approved: boolean): PolicyRequest {
  const words = createWords();
  const origin = originRequest(action.origin, words);
  const toolName = words.one(action.tool);
  const mcp = serverRequest(action.server, toolName, words);
  const text = normaliseAndCap(facts.text);
  const labels = words.many(labelsOf(findings));
  return {
    ...origin.who,
    ...mcp.target('receive_result', origin.who.entities),
    context: {
      ...origin.context,
      ...mcp.context,
      toolName,
      text: text.text,
      uninspected: action.uninspected ?? (unscanned === undefined ? '' : 'unscanned'),
      approved,
      labels: words.cut() || text.cut ? unique([...labels, 'truncated']) : labels,
    },
  };
}

function connectRequest(action: ConnectAction, approved: boolean): PolicyRequest {
  const words = createWords();
  const origin = originRequest(action.origin, words);
  const host = words.one(action.host.toLowerCase());
  return {
    ...origin.who,
    ...target('connect', { type: 'Host', id: host }, origin.who.entities),
    context: { ...origin.context, host, port: action.port, uninspected: '', approved, labels: words.cut() ? ['truncated'] : [] },
  };
}

/** The server as context, and as what its tool is a member of. */
function serverRequest(server: McpServer | undefined, toolName: string, words: Words) {
  const name = words.one(server?.name ?? '');
  const parent: EntityUid = { type: 'McpServer', id: name };
  const resource: EntityUid = { type: 'McpTool', id: toolName };
  return {
    context: {
      server: name,
      serverAddress: words.one(server?.address ?? ''),
      serverVersion: words.one(server?.version ?? ''),
      transport: server?.transport ?? 'stdio',
    },
    target: (kind: Action['kind'], entities: PolicyRequest['entities']): Pick<PolicyRequest, 'action' | 'resource' | 'entities'> => ({
      action: { type: 'Action', id: kind },
      resource,
      entities: [...entities, { uid: parent, parents: [] }, { uid: resource, parents: [parent] }],
    }),
  };
}

function originRequest(origin: Origin, words: Words) {
  const user: EntityUid = { type: 'User', id: words.one(userOf(origin.agent) ?? '') };
  const principal: EntityUid = { type: 'Agent', id: words.one(origin.agent.name) };
  return {
    who: {
      principal,
      entities: [
        { uid: user, parents: [] },
        { uid: principal, parents: [user] },
      ],
    },
    context: {
      workspace: origin.workspace.state,
      protocol: origin.protocol,
      provider: words.one(origin.provider),
      providerHost: words.one(origin.host.toLowerCase()),
      startedBy: words.one(origin.agent.startedBy ?? ''),
      model: words.one(origin.model ?? ''),
    },
  };
}

function target(
  kind: Action['kind'],
  resource: EntityUid,
  entities: PolicyRequest['entities'],
): Pick<PolicyRequest, 'action' | 'resource' | 'entities'> {
  return { action: { type: 'Action', id: kind }, resource, entities: [...entities, { uid: resource, parents: [] }] };
}

/** `secret.aws-access-key` is also `secret`: Cedar's sets know no prefixes. */
function labelsOf(findings: readonly Finding[]): string[] {
  return findings.flatMap(({ label }) => label.split('.').map((_, index, parts) => parts.slice(0, index + 1).join('.')));
}

function outsideOf({ paths }: Facts): string[] {
  return unique(paths.filter(({ where }) => where !== 'workspace').map(({ use }) => use));
}

/** Each path, and how a policy for many computers would write it. */
function* pathsFor(use: PathFact['use'], { paths }: Facts, { home, workspace }: Origin): Generator<string> {
  for (const fact of paths) {
    if (fact.use !== use) continue;
    yield fact.path;
    yield* relativeTo(home, '~', fact.path);
    if (workspace.state === 'known') yield* relativeTo(workspace.root, '.', fact.path);
  }
}

function* relativeTo(root: string | undefined, sign: string, path: string): Generator<string> {
  if (root === undefined || root === '') return;
  const bare = root.replace(/(?<=[^/\\])[/\\]$/, '');
  if (path === bare) yield sign;
  else if (path.startsWith(bare) && /^[/\\]/.test(path.slice(bare.length))) yield sign + path.slice(bare.length).replaceAll('\\', '/');
}

/** Lazy, since a hostile path may have thousands of folders: the caller stops at its bound. */
function* withFoldersAbove(paths: readonly string[]): Generator<string> {
  for (const path of paths) {
    yield path;
    for (const { index } of path.matchAll(/[/\\]/g)) {
      const folder = path.slice(0, index);
      // "/" and "C:\" keep their separator: without it they are no folders.
      yield folder === '' || /^[A-Za-z]:$/.test(folder) ? path.slice(0, index + 1) : folder;
    }
  }
}

interface Words {
  one(text: string): string;
  many(texts: Iterable<string>): string[];
  /** Something was left out. */
  cut(): boolean;
}

function createWords(): Words {
  let cut = false;
  const one = (raw: string) => {
    const word = normaliseAndCap(raw);
    cut ||= word.cut;
    return word.text;
  };
  return {
    one,
    many(texts) {
      const kept = new Set<string>();
      let length = 0;
      for (const text of texts) {
        const word = one(text);
        if (kept.has(word)) continue;
        length += word.length;
        if (kept.size === MAX_VALUES || length > MAX_SET_LENGTH) {
          cut = true;
          break;
        }
        kept.add(word);
      }
      return [...kept];
    },
    cut: () => cut,
  };
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
