/** Whether a tool call of any protocol is in a value: for answers that are not read as one of them. */

import { hasStrayCalls as hasMessagesCalls } from './anthropic-messages/blocks.ts';
import { folded, type JsonObject, memberNamed, someObject } from './json.ts';
import { hasStrayCalls as hasResponsesCalls } from './openai-responses/items.ts';

/** Members that hold calls in the protocols that we know of, spoken or not: `toolCall` with `functionCalls` is Gemini Live's. */
const CALL_MEMBER = /^(tool|function)_?calls?$|^tool_?use$/;

/**
 * Types of calls in others: `tool-call` and `tool-input-start` (Vercel's gateway), `function.call` (Mistral's conversations). And the
 * event that ends a call's arguments in Responses and Realtime: it names the tool, and clients of Realtime run it at once.
 */
const CALL_TYPE =
  /^(tool|function)[-_.]?call([-_.](start|begin|delta))?$|^tool[-_]input[-_](start|available)$|(^|\.)(function_call_arguments|custom_tool_call_input)\.(delta|done)$/;

export function hasCalls(value: unknown): boolean {
  return hasMessagesCalls(value, []) || hasResponsesCalls(value, []) || hasCallMembers(value) || someObject(value, new Set(), isTypedCall);
}

/** Whether text that is no JSON to us may be a document with a call to somebody: Python reads `NaN`, others forgive a comma. */
export function mayHoldCall(text: string): boolean {
  return /^\s*[[{]/.test(text) && /call|tool|\\u/i.test(text);
}

function isTypedCall(object: JsonObject): boolean {
  const type = memberNamed(object, 'type');
  return typeof type === 'string' && CALL_TYPE.test(folded(type));
}

/** The same by the names of members alone: calls of the protocols that do not mark them by their type. */
export function hasCallMembers(value: unknown): boolean {
  return someObject(value, new Set(), (object) =>
    Object.entries(object).some(([name, member]) => CALL_MEMBER.test(folded(name)) && isFilled(member)),
  );
}

function isFilled(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}
