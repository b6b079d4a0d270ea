/** OpenAI chat completion chunks: the fragments of tool calls in one, and what marks a chunk that is not to be trusted. */

import { folded, isMisspelt, isObject, type JsonObject } from '../json.ts';
import { MAX_CALLS } from '../line.ts';

export interface ChunkChoice {
  readonly index: number;
  readonly delta: JsonObject;
  /** Where a text is completed and not a chat. */
  readonly text: unknown;
  readonly finish: string | undefined;
  readonly fragments: readonly Fragment[];
}

/** A part of a call. */
export interface Fragment {
  /** Undefined where the provider leaves it out; it is then a whole call. */
  readonly index: number | undefined;
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly text: string;
  /** How its arguments are written; undefined while it does not tell. */
  readonly form: 'json' | 'text' | undefined;
  /** The single, older `function_call`. */
  readonly legacy: boolean;
  /** Something in it that clients read differently. */
  readonly odd: boolean;
}

/** The API's own limit of `n`. */
const MAX_CHOICES = 128;

/** The choices of a chunk; none in one that only tells of usage or an error. Undefined where a client might see more in it than we do. */
export function choicesOf(chunk: JsonObject): ChunkChoice[] | undefined {
  const { choices } = chunk;
  const list = choices ?? [];
  if (!Array.isArray(list) || list.length > MAX_CHOICES) return undefined;
  const read = list.map((choice) => choiceOf(choice, list.length === 1));
  if (!read.every((choice) => choice !== undefined)) return undefined;
  return hasStrayCalls(chunk, new Set(read.map((choice) => choice.delta))) ? undefined : read;
}

/** Members that somebody may take for calls, and types of parts: servers that translate from other protocols mix them. */
const CALL_MEMBER = /^(tool|function)_?calls?$/;
const CALL_TYPE = /^((server_|mcp_)?tool_use|(custom_)?tool_call|function_call)$/;

/** Whether calls are anywhere else, or by another spelling, than in the deltas or messages that were read. */
export function hasStrayCalls(value: unknown, read: ReadonlySet<unknown>): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some((item) => hasStrayCalls(item, read));
  const isRead = read.has(value);
  for (const [key, member] of Object.entries(value)) {
    const name = folded(key);
    if (name === 'type' && typeof member === 'string' && CALL_TYPE.test(folded(member))) return true;
    if (isRead && (key === 'tool_calls' || key === 'function_call')) continue;
    if (CALL_MEMBER.test(name) ? isFilled(member) : hasStrayCalls(member, read)) return true;
  }
  return false;
}

function choiceOf(choice: unknown, only: boolean): ChunkChoice | undefined {
  if (!isObject(choice) || isMisspelt(choice, 'index', 'delta', 'finish_reason')) return undefined;
  const { index = only ? 0 : undefined, delta, text, finish_reason: finish } = choice;
  if (!isIndex(index)) return undefined;
  if (delta !== undefined && delta !== null && !isObject(delta)) return undefined;
  const fragments = fragmentsOf(delta ?? {});
  if (!fragments) return undefined;
  return { index, delta: delta ?? {}, text, finish: typeof finish === 'string' && finish !== '' ? finish : undefined, fragments };
}

function fragmentsOf(delta: JsonObject): Fragment[] | undefined {
  const { tool_calls: calls, function_call: legacy } = delta;
  const fragments: Fragment[] = [];
  if (calls !== undefined && calls !== null) {
    if (!Array.isArray(calls) || calls.length > MAX_CALLS) return undefined;
    for (const call of calls) {
      if (!isObject(call)) return undefined;
      const { index } = call;
      if (index !== undefined && index !== null && !isIndex(index)) return undefined;
      fragments.push(fragmentOf(call, isIndex(index) ? index : undefined, false));
    }
  }
  if (legacy !== undefined && legacy !== null) {
    if (!isObject(legacy)) return undefined;
    fragments.push(fragmentOf({ function: legacy }, undefined, true));
  }
  return fragments;
}

function fragmentOf(call: JsonObject, index: number | undefined, legacy: boolean): Fragment {
  const { function: named, custom } = call;
  const form = isObject(named) ? 'json' : isObject(custom) ? 'text' : undefined;
  const body = isObject(named) ? named : isObject(custom) ? custom : {};
  const text = body[form === 'text' ? 'input' : 'arguments'] ?? '';
  const { name, id } = { name: body.name ?? undefined, id: call.id ?? undefined };
  return {
    index,
    id: typeof id === 'string' && id !== '' ? id : undefined,
    name: typeof name === 'string' && name !== '' ? name : undefined,
    text: typeof text === 'string' ? text : '',
    form,
    legacy,
    odd:
      isOdd(call) ||
      (isObject(named) && isObject(custom)) ||
      typeof text !== 'string' ||
      (name !== undefined && typeof name !== 'string') ||
      (id !== undefined && typeof id !== 'string'),
  };
}

/** Whether some clients would read more in a call, or in a fragment of one, than we do. */
export function isOdd(call: JsonObject): boolean {
  return [call, call.function, call.custom].some(
    (part) => isObject(part) && isMisspelt(part, 'index', 'id', 'function', 'custom', 'name', 'arguments', 'input'),
  );
}

function isIndex(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isFilled(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}
