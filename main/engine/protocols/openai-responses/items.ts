/** Output items of OpenAI's Responses API: which of them the agent executes, and what they ask for. */

import type { ToolCall } from '../../../contract/action.ts';
import { inputCall, jsonCall, unreadCall } from '../arguments.ts';
import { asString, folded, isMisspelt, isObject, type JsonObject, memberNamed, someObject } from '../json.ts';
import { bounded } from '../whole.ts';

export type Item = JsonObject & { readonly type: string };

/** Executed by the provider itself: what is seen of them has already happened. */
const PROVIDER_EXECUTED = new Set(['web_search_call', 'code_interpreter_call', 'file_search_call', 'image_generation_call', 'mcp_call']);

/** What a call's item says besides its content. */
const ENVELOPE = new Set(['id', 'type', 'status', 'call_id', 'created_by', 'caller', 'environment', 'namespace']);

/** What we read of a call's item. */
const READ = ['type', 'name', 'arguments', 'input', 'action', 'actions', 'operation', 'call_id', 'namespace', 'server_label'];

export function isItem(value: unknown): value is Item {
  return isObject(value) && typeof value.type === 'string';
}

/** Any `…_call` that is not known to be the provider's, and an MCP call that waits for the agent's approval. */
export function isCall(item: Item): boolean {
  const { type, execution, environment } = item;
  if (type === 'mcp_approval_request') return true;
  // In any letters: some clients compare names of types as they do names of members.
  if (!/_(tool_)?call$/.test(folded(type)) || PROVIDER_EXECUTED.has(type)) return false;
  if (type === 'tool_search_call' && execution === 'server') return false;
  return !(type === 'shell_call' && isObject(environment) && environment.type === 'container_reference');
}

/** Whether calls are anywhere else than among the items that were read, or in one of those that is none itself. */
export function hasStrayCalls(value: unknown, read: readonly unknown[]): boolean {
  return someObject(value, new Set(read.filter((item) => isItem(item) && isCall(item))), (object) => {
    const type = memberNamed(object, 'type');
    return typeof type === 'string' && isCall(isItem(object) ? object : { ...object, type });
  });
}

/** The call of a complete item. */
export function callOf(item: Item, callBytes: number): ToolCall {
  const { type, arguments: args, input } = item;
  const id = item.call_id ?? item.id;
  if (isMisspelt(item, ...READ) || type !== folded(type)) return unreadCall(id, toolName(item), 'unknown-shape');
  switch (type) {
    case 'function_call':
      return bounded(jsonCall(id, toolName(item), args), asString(args)?.length ?? 0, callBytes);
    case 'custom_tool_call':
      if (typeof input !== 'string') return unreadCall(id, toolName(item), 'unknown-shape');
      return bounded(inputCall(id, toolName(item), input), input.length, callBytes);
    case 'mcp_approval_request':
      return bounded(jsonCall(id, toolName(item), args), asString(args)?.length ?? 0, callBytes);
    default: {
      const content = contentOf(item);
      return bounded(inputCall(id, toolName(item), content), JSON.stringify(content ?? null).length, callBytes);
    }
  }
}

/** `local_shell` for a `local_shell_call`; `mcp__server__tool` for a tool of an MCP server. */
export function toolName({ type, name, namespace, server_label: server }: Item): string | undefined {
  if (typeof name !== 'string') return type === 'function_call' || type === 'custom_tool_call' ? undefined : type.replace(/_call$/, '');
  if (type === 'mcp_approval_request' && typeof server === 'string') return `mcp__${server}__${name}`;
  if (typeof namespace === 'string' && namespace.startsWith('mcp__')) return `${namespace.replace(/_*$/, '')}__${name}`;
  return name;
}

/** Text that stands for an item's content and its call id. */
export function fingerprint(item: Item): string {
  const members = Object.keys(item).filter((key) => key !== 'id' && key !== 'status' && key !== 'created_by');
  return JSON.stringify(members.sort().map((key) => [key, item[key]]));
}

/** `action` of shells and computers, `operation` of patches; all that there is, of what we do not know. */
function contentOf(item: Item): unknown {
  if (item.action !== undefined && item.actions === undefined) return item.action;
  if (item.operation !== undefined) return item.operation;
  return Object.fromEntries(Object.entries(item).filter(([key]) => !ENVELOPE.has(key)));
}
