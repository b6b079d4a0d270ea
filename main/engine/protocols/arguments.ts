/** A call from what the provider wrote of it: its name, its id and its arguments as text. */

import type { ToolCall, Uninspected } from '../../contract/action.ts';
import { folded, isObject, type JsonObject, readJson } from './json.ts';
import { UNREAD_TOOL } from './line.ts';

/** A call whose arguments are JSON text. None at all means `{}`: that is how a call of a tool without parameters is sent. */
export function jsonCall(id: unknown, tool: unknown, text: unknown): ToolCall {
  if (text === undefined || text === null || text === '') return inputCall(id, tool, {});
  if (typeof text !== 'string') return unreadCall(id, tool, 'unknown-shape');
  const reading = readJson(text);
  return reading.ok ? inputCall(id, tool, reading.value) : unreadCall(id, tool, reading.why);
}

/** A call whose input is there as a value, or is free text. */
export function inputCall(id: unknown, tool: unknown, input: unknown): ToolCall {
  if (typeof tool !== 'string' || tool === '') return unreadCall(id, tool, 'unknown-shape');
  if (isObject(input) && hasTwins(input)) return unreadCall(id, tool, 'duplicate-key');
  return { id: typeof id === 'string' ? id : '', tool, input };
}

export function unreadCall(id: unknown, tool: unknown, uninspected: Uninspected): ToolCall {
  return { id: typeof id === 'string' ? id : '', tool: typeof tool === 'string' && tool !== '' ? tool : UNREAD_TOOL, uninspected };
}

/** `command` and `Command`: tools written in Go take the last of the two. Further down they may be names of variables or headers. */
function hasTwins(input: JsonObject): boolean {
  const names = Object.keys(input);
  return new Set(names.map(folded)).size < names.length;
}
