/** Anthropic's content blocks: which of them the agent executes. */

import { folded, isMisspelt, isObject, type JsonObject, memberNamed, someObject } from '../json.ts';

/** Anthropic's own tools. Libraries such as LiteLLM give a `server_tool_use` to the agent as any other call, and it runs what it knows. */
const PROVIDER_TOOL =
  /^(web_search|web_fetch|code_execution|(bash|text_editor)_code_execution|tool_search_tool_(regex|bm25)|advisor)(_tool)?$/;

/** `tool_use`, and any kind of tool use that is not known to be the provider's: what is seen of those has already happened. */
export function isCall(block: JsonObject): boolean {
  const { type, name } = block;
  if (typeof type !== 'string' || !takesInput(type) || type === 'mcp_tool_use') return false;
  return !(type === 'server_tool_use' && typeof name === 'string' && PROVIDER_TOOL.test(name));
}

/** Whether a block of this type is filled by `input_json_delta`. In any letters, as some clients compare it. */
export function takesInput(type: string): boolean {
  return folded(type).endsWith('tool_use');
}

/** Whether calls are anywhere else than among the blocks that were read, or in one of those that is none itself. */
export function hasStrayCalls(value: unknown, read: readonly unknown[]): boolean {
  return someObject(value, new Set(read.filter((block) => isObject(block) && isCall(block))), (object) => {
    const type = memberNamed(object, 'type');
    return typeof type === 'string' && takesInput(type) && isCall({ type, name: memberNamed(object, 'name') });
  });
}

/** Whether some clients would read more in a call's block than we do. */
export function isOdd(block: JsonObject): boolean {
  return isMisspelt(block, 'type', 'id', 'name', 'input') || block.type !== folded(String(block.type));
}
