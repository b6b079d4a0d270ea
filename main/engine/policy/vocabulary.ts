/** The words that the schema's closed attributes may hold, so that a policy which asks for another is found out. */

import {
  type ActionKind,
  EFFECTS,
  type McpServer,
  type PathFact,
  PROTOCOL_NAMES,
  type ToolKind,
  UNINSPECTED,
  type Workspace,
} from '../../contract/action.ts';

const ACTIONS: Record<ActionKind, true> = { call_tool: true, send_prompt: true, call_mcp_tool: true, receive_result: true, connect: true };

/** Every action that policies can speak of. */
export const ACTION_KINDS = Object.keys(ACTIONS) as readonly ActionKind[];

const TOOL_KINDS: Record<ToolKind, true> = { shell: true, edit: true, read: true, search: true, fetch: true, mcp: true, other: true };
const WORKSPACES: Record<Workspace['state'], true> = { known: true, unresolved: true };
const TRANSPORTS: Record<McpServer['transport'], true> = { http: true, sse: true, stdio: true };
const USES: Record<PathFact['use'], true> = { read: true, write: true, delete: true };

/** Attribute of the context → every word that it can hold. Attributes that are not here hold free text. */
export const CLOSED_WORDS: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['effects', EFFECTS],
  ['risky', EFFECTS],
  ['toolKind', Object.keys(TOOL_KINDS)],
  ['protocol', [...PROTOCOL_NAMES, 'unknown']],
  ['workspace', Object.keys(WORKSPACES)],
  ['transport', Object.keys(TRANSPORTS)],
  ['outside', Object.keys(USES)],
  ['uninspected', ['', ...UNINSPECTED]],
]);

/** Attributes that are in lower case whatever the agent wrote. */
export const LOWER_CASE: ReadonlySet<string> = new Set(['hosts', 'providerHost', 'host']);
