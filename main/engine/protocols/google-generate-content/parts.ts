/** The parts of Gemini's answers ("GenerateContentResponse"): which of them the agent executes, and where else calls might hide. */

import type { ToolCall } from '../../../contract/action.ts';
import { inputCall, unreadCall } from '../arguments.ts';
import { isObject, type JsonObject, someObject } from '../json.ts';
import { MAX_CALLS } from '../line.ts';
import { bounded } from '../whole.ts';
import { bareName, field, isUnclear } from './names.ts';

export interface Candidate {
  readonly index: number;
  readonly parts: readonly Part[];
  readonly finish: unknown;
}

export interface Part {
  /** What it says to the user; thoughts are not said. */
  readonly text: string | undefined;
  readonly call: PartCall | undefined;
}

export interface PartCall {
  readonly call: ToolCall;
  readonly isNamed: boolean;
  /** More fragments of it follow, each in a part without a name. */
  readonly isUnfinished: boolean;
  /** The model's thoughts, sealed. Gemini 3 refuses a conversation in which a turn's first call has lost them. */
  readonly signature: string | undefined;
}

/** An answer, or a chunk of one, as it is inside: Code Assist wraps it. */
export interface Answer {
  readonly inner: JsonObject;
  readonly isWrapped: boolean;
  readonly candidates: readonly Candidate[];
}

/** What goes with a call in its part and is none of its data. */
const BESIDE_CALL = new Set(['functioncall', 'thoughtsignature', 'thought', 'partmetadata']);

/** Undefined where a client might see more in it than we do. */
export function readAnswer(answer: JsonObject, callBytes: number): Answer | undefined {
  const response = field(answer, 'response');
  const isWrapped = isObject(response);
  const inner = isWrapped ? response : answer;
  if (isUnclear(answer, 'response', 'candidates') || isUnclear(inner, 'candidates')) return undefined;
  // Those who look for the wrapper read the one, and the others the other.
  if (isWrapped && field(answer, 'candidates') !== undefined) return undefined;
  const list = field(inner, 'candidates') ?? [];
  if (!Array.isArray(list) || list.length > MAX_CANDIDATES) return undefined;
  const parts: JsonObject[] = [];
  const candidates = list.map((candidate, at) => readCandidate(candidate, at, parts, callBytes));
  if (!candidates.every((candidate) => candidate !== undefined)) return undefined;
  if (new Set(candidates.map(({ index }) => index)).size < candidates.length) return undefined;
  return hasStrayCalls(answer, parts) ? undefined : { inner, isWrapped, candidates };
}

/** More than any model gives. */
const MAX_CANDIDATES = 128;
const MAX_PARTS = 8 * MAX_CALLS;

function readCandidate(candidate: unknown, at: number, seen: JsonObject[], callBytes: number): Candidate | undefined {
  if (!isObject(candidate) || isUnclear(candidate, 'content', 'index', 'finishReason')) return undefined;
  const index = field(candidate, 'index') ?? at;
  const content = field(candidate, 'content') ?? {};
  if (!isIndex(index) || !isObject(content) || isUnclear(content, 'parts')) return undefined;
  const parts = field(content, 'parts') ?? [];
  if (!Array.isArray(parts) || parts.length > MAX_PARTS || !parts.every(isObject)) return undefined;
  seen.push(...parts);
  return { index, parts: parts.map((part) => readPart(part, callBytes)), finish: field(candidate, 'finishReason') };
}

function isIndex(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < MAX_CANDIDATES;
}

function readPart(part: JsonObject, callBytes: number): Part {
  const call = callIn(part, callBytes);
  const text = field(part, 'text');
  return { text: call === undefined && typeof text === 'string' && field(part, 'thought') !== true ? text : undefined, call };
}

function callIn(part: JsonObject, callBytes: number): PartCall | undefined {
  const kinds = Object.keys(part).filter((key) => part[key] !== null && isCallKind(bareName(key), part[key]));
  // Deeper down a call is in `__proto__`, say, which clients that copy a part member by member read as the part's own.
  if (kinds.length === 0 && !Object.values(part).some((member) => hasStrayCalls(member, []))) return undefined;
  const signature = field(part, 'thoughtSignature');
  const sealed = typeof signature === 'string' ? signature : undefined;
  const given = field(part, 'functionCall');
  if (!isObject(given)) {
    return { call: unreadCall(undefined, undefined, 'unknown-shape'), isNamed: true, isUnfinished: false, signature: sealed };
  }
  const [id, name, args = {}, willContinue, partial] = ['id', 'name', 'args', 'willContinue', 'partialArgs'].map((key) =>
    field(given, key),
  );
  const told = { isNamed: name !== undefined, isUnfinished: willContinue === true, signature: sealed };
  const isClear =
    kinds.length === 1 &&
    !isUnclear(part, 'functionCall', 'thoughtSignature') &&
    !isUnclear(given, 'id', 'name', 'args', 'partialArgs', 'willContinue') &&
    Object.keys(part).every((key) => BESIDE_CALL.has(bareName(key)));
  // Clients differ in how they put streamed arguments together.
  if (!isClear || told.isUnfinished || partial !== undefined || !isObject(args)) {
    return { ...told, call: unreadCall(id, name, 'unknown-shape') };
  }
  const call = inputCall(id, name, args);
  return { ...told, call: bounded(call, JSON.stringify(call.input ?? null).length, callBytes) };
}

/** `toolCall` with a type of tool is one that Google's servers have run. All else that is named a call is taken for the agent's. */
function isCallKind(name: string, value: unknown): boolean {
  if (name === 'toolcall' && isObject(value) && typeof field(value, 'toolType') === 'string') return false;
  return /calls?$/.test(name);
}

/** Members that hold calls, wherever they are. */
const CALL_MEMBERS = new Set(['functioncall', 'functioncalls', 'toolcall', 'toolcalls', 'tooluse']);

/** Whether calls are anywhere else than in the parts that were read. */
export function hasStrayCalls(value: unknown, parts: readonly unknown[]): boolean {
  return someObject(value, new Set(parts), (object) =>
    Object.entries(object).some(([key, member]) => typeof member === 'object' && member !== null && CALL_MEMBERS.has(bareName(key))),
  );
}
