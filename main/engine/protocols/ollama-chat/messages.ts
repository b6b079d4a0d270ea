/** Ollama's answers, whole or one chunk of a stream: their calls, and the same answer without those that are refused. */

import type { ToolCall } from '../../../contract/action.ts';
import { hasCalls } from '../any-calls.ts';
import { inputCall, jsonCall, unreadCall } from '../arguments.ts';
import { explain } from '../explain.ts';
import { isMisspelt, isObject, type JsonObject, locate, patched, source } from '../json.ts';
import { MAX_CALLS } from '../line.ts';
import { changedMessage } from '../openai-chat/message.ts';
import type { Refusals } from '../pieces.ts';
import { bounded } from '../whole.ts';

/** The calls of an answer's message; undefined where a client might see more in it than we do. `/api/generate` has none. */
export function callsOf(answer: JsonObject, callBytes: number): ToolCall[] | undefined {
  const { message } = answer;
  if (isMisspelt(answer, 'message', 'done')) return undefined;
  // Of any protocol: others serve these paths too.
  if (hasCalls({ ...answer, message: isObject(message) ? { ...message, tool_calls: undefined } : message })) return undefined;
  if (message === undefined || message === null) return [];
  if (!isObject(message) || isMisspelt(message, 'content', 'tool_calls')) return undefined;
  const calls = message.tool_calls ?? [];
  if (!Array.isArray(calls) || calls.length > MAX_CALLS) return undefined;
  return calls.map((call) => callOf(call, callBytes));
}

/** The answer's text, where at least one of its calls is refused. `afterText`: something was said before it. */
export function withoutRefused(text: string, calls: readonly ToolCall[], refused: Refusals, afterText: boolean): string {
  const tree = locate(text);
  const message = tree.members.get('message')!.value;
  const items = message.members.get('tool_calls')!.value.items;
  const words = calls.flatMap((call) => {
    const why = refused.get(call);
    return why ? [explain(call, why)] : [];
  });
  const changed = changedMessage(text, message, {
    calls: items.filter((_, at) => !refused.has(calls[at]!)).map((item) => source(text, item)),
    say: (afterText ? '\n\n' : '') + words.join('\n\n'),
  });
  return patched(text, tree, { message: changed });
}

/** Arguments are an object. Some servers that speak the same send JSON text, and some clients read it. */
function callOf(call: unknown, callBytes: number): ToolCall {
  const named = isObject(call) ? call.function : undefined;
  if (!isObject(call) || !isObject(named)) return unreadCall(isObject(call) ? call.id : undefined, undefined, 'unknown-shape');
  if (isMisspelt(call, 'id', 'function') || isMisspelt(named, 'name', 'arguments')) return unreadCall(call.id, named.name, 'unknown-shape');
  const { name, arguments: given = {} } = named;
  if (!isObject(given)) return bounded(jsonCall(call.id, name, given), typeof given === 'string' ? given.length : 0, callBytes);
  const read = inputCall(call.id, name, given);
  return bounded(read, JSON.stringify(read.input ?? null).length, callBytes);
}
