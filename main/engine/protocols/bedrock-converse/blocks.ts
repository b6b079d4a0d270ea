/** Converse's content blocks: which of them the agent executes. */

import { folded, isMisspelt, isObject, type JsonObject, someObject } from '../json.ts';

/**
 * The call in a block, or in a block's start or delta. Also one that AWS executes itself (`"type": "server_tool_use"`): that mark is
 * newer than many clients, which execute what they find.
 */
export function callIn(block: JsonObject): JsonObject | undefined {
  return isObject(block.toolUse) ? block.toolUse : undefined;
}

/** Whether some clients would read more in a block, or in its call, than we do. */
export function isOdd(block: JsonObject): boolean {
  const call = callIn(block);
  return isMisspelt(block, 'toolUse') || (call !== undefined && isMisspelt(call, 'toolUseId', 'name', 'input'));
}

/** Whether calls are anywhere else than in the blocks, starts and deltas that were read. */
export function hasStrayCalls(value: unknown, read: readonly unknown[]): boolean {
  return someObject(value, new Set(read), (object) =>
    Object.entries(object).some(([name, member]) => folded(name) === 'tooluse' && member !== null && member !== undefined),
  );
}
