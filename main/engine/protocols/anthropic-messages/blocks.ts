/** Anthropic's content blocks: which of them the agent executes. */

import { isMisspelt, type JsonObject, memberNamed, someObject } from '../json.ts';

/** Executed by Anthropic itself: what is seen of them has already happened. */
const PROVIDER_EXECUTED = new Set(['server_tool_use', 'mcp_tool_use']);

/** `tool_use`, and any kind of tool use that is not known to be the provider's. */
export function isCall(type: string): boolean {
  return takesInput(type) && !PROVIDER_EXECUTED.has(type);
}

/** Whether a block of this type is filled by `input_json_delta`. */
export function takesInput(type: string): boolean {
  return type.endsWith('tool_use');
}

/** Whether calls are anywhere else than among the blocks that were read. */
export function hasStrayCalls(value: unknown, read: readonly unknown[]): boolean {
  return someObject(value, new Set(read), (object) => {
    const type = memberNamed(object, 'type');
    return typeof type === 'string' && isCall(type);
  });
}

/** Whether some clients would read more in a call's block than we do. */
export function isOdd(block: JsonObject): boolean {
  return isMisspelt(block, 'type', 'id', 'name', 'input');
}
