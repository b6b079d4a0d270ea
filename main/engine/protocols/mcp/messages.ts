/** Messages of the Model Context Protocol: JSON-RPC 2.0, one or (in its 2025-03-26 edition) a batch. */

import type { ToolCall, Uninspected } from '../../../contract/action.ts';
import type { Refusal } from '../../../contract/verdict.ts';
import { inputCall, unreadCall } from '../arguments.ts';
import { asString, isMisspelt, isObject, type JsonObject, readJson } from '../json.ts';

export type McpId = string | number;

export type McpMessage =
  | { readonly kind: 'request'; readonly id: McpId; readonly method: string; readonly params: JsonObject }
  | { readonly kind: 'notification'; readonly method: string; readonly params: JsonObject }
  /** `error` stands where it failed. `id` is null where the other side could not tell which request it was. */
  | { readonly kind: 'answer'; readonly id: McpId | null; readonly result?: JsonObject; readonly error?: unknown };

export type McpRequest = McpMessage & { kind: 'request' };

export type McpReading = { readonly messages: readonly McpMessage[]; readonly batch: boolean } | { readonly uninspected: Uninspected };

/** In one batch. */
const MAX_BATCH = 100;
const MAX_NAME = 256;

/** Never throws. Names in other letters are no messages: clients and servers differ in whether they read them. */
export function readMcp(text: string): McpReading {
  const reading = readJson(text);
  if (!reading.ok) return { uninspected: reading.why };
  const batch = Array.isArray(reading.value);
  const values: readonly unknown[] = batch ? (reading.value as unknown[]) : [reading.value];
  if (values.length > MAX_BATCH) return { uninspected: 'too-long' };
  const messages = values.map(messageIn);
  return messages.length > 0 && messages.every((message) => message !== undefined) ? { messages, batch } : { uninspected: 'unknown-shape' };
}

/** The call that a `tools/call` request makes. `callBytes`: of arguments; longer ones are `too-long`. */
export function callIn({ id, params }: McpRequest, callBytes: number): ToolCall {
  const { name, arguments: input } = params;
  const call = isMisspelt(params, 'name', 'arguments', '_meta') ? unreadCall(id, name, 'unknown-shape') : inputCall(id, name, input ?? {});
  const bounded = { ...call, id: String(id), tool: call.tool.slice(0, MAX_NAME) };
  if (call.uninspected === undefined && !isObject(call.input)) return unreadCall(bounded.id, bounded.tool, 'unknown-shape');
  return JSON.stringify(input ?? {}).length > callBytes ? unreadCall(bounded.id, bounded.tool, 'too-long') : bounded;
}

/** The id of the model's own call, which Claude Code tells. */
export function toolUseIdIn({ params }: McpRequest): string | undefined {
  return isObject(params._meta) ? asString(params._meta['claudecode/toolUseId'])?.slice(0, MAX_NAME) : undefined;
}

/** What a request's sender wants to be told its progress by. */
export function progressTokenIn({ params }: McpRequest): McpId | undefined {
  const token = isObject(params._meta) ? params._meta.progressToken : undefined;
  return isId(token) ? token : undefined;
}

/** The request that a notification takes back; undefined where it is another notification. */
export function cancelledBy(message: McpMessage): McpId | undefined {
  if (message.kind !== 'notification' || message.method !== 'notifications/cancelled') return undefined;
  return isId(message.params.requestId) ? message.params.requestId : undefined;
}

/** One id for both spellings: clients compare `1` and `"1"` in either way. */
export function idKey(id: McpId): string {
  return String(id);
}

/** Ids of the requests or answers in a text that could not be read as messages, as far as any can be told. */
export function idsIn(text: string): McpId[] {
  try {
    const value: unknown = JSON.parse(text);
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    return values.slice(0, MAX_BATCH).flatMap((one) => (isObject(one) && isId(one.id) ? [one.id] : []));
  } catch {
    return [];
  }
}

/** The answer to a `tools/call` that was not carried out, or whose result is kept back: the model reads it as the tool's own failure. */
export function failedCall(id: McpId, text: string): JsonObject {
  return { jsonrpc: '2.0', id, result: { content: [{ type: 'text', text }], isError: true } };
}

/** The answer to any other request that was not carried out. */
export function failedRequest(id: McpId | null, message: string): JsonObject {
  return { jsonrpc: '2.0', id, error: { code: -32_000, message } };
}

/** Something that keeps a client waiting which restarts its clock at progress. */
export function progress(progressToken: McpId, count: number): JsonObject {
  const params = { progressToken, progress: count / 1_000_000, message: 'Holdpoint: waiting for a verdict' };
  return { jsonrpc: '2.0', method: 'notifications/progress', params };
}

/** Stands in the place of a result. */
export function explainResult({ reason, policy, contact }: Refusal): string {
  return (
    `Holdpoint kept this result back. ${reason} (policy: ${policy})${contact === undefined ? '' : ` To ask for it: ${contact}.`} ` +
    'Do not try to get it in another way: tell the user, and ask how to go on.'
  );
}

function messageIn(value: unknown): McpMessage | undefined {
  if (!isObject(value) || value.jsonrpc !== '2.0') return undefined;
  if (isMisspelt(value, 'jsonrpc', 'id', 'method', 'params', 'result', 'error')) return undefined;
  const { id, method, params = {}, result, error } = value;
  if (method !== undefined) {
    if (typeof method !== 'string' || result !== undefined || error !== undefined || !isObject(params)) return undefined;
    // A call that wants no answer is none in MCP, and yet there are servers that would carry it out.
    if (id === undefined) return method === 'tools/call' ? undefined : { kind: 'notification', method, params };
    return isId(id) ? { kind: 'request', id, method, params } : undefined;
  }
  if (result !== undefined) return isId(id) && isObject(result) && error === undefined ? { kind: 'answer', id, result } : undefined;
  return error !== undefined && (isId(id) || id === null || id === undefined) ? { kind: 'answer', id: id ?? null, error } : undefined;
}

function isId(value: unknown): value is McpId {
  return typeof value === 'string' ? value.length <= MAX_NAME : Number.isSafeInteger(value);
}
