/** OpenAI's Responses API may keep the conversation itself, and then it remembers calls that the agent never saw: they want an output. */

import { isUtf8 } from 'node:buffer';
import { asString, isObject, type JsonObject, locate, patched, readJson, source } from '../json.ts';
import type { Substitute, Substitutes } from '../pieces.ts';
import { messageItem } from './message.ts';

export function mendResponsesRequest(body: Uint8Array, known: Substitutes): Uint8Array | undefined {
  if (!isUtf8(body)) return undefined;
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  const mended = mendedText(text, known);
  return mended === undefined ? undefined : Buffer.from(mended);
}

/**
 * - Behind `previous_response_id` the API answers "No tool output found" to whatever comes, until each call of that response has one.
 * - An `item_reference` to a message of ours names something that the API has never seen.
 */
function mendedText(text: string, known: Substitutes): string | undefined {
  const reading = readJson(text);
  if (!reading.ok || !isObject(reading.value)) return undefined;
  const { previous_response_id: previous, input } = reading.value;
  const items = Array.isArray(input) ? input : [];
  const given = new Set(items.map((item) => (isObject(item) ? (item.call_id ?? item.id ?? item.approval_request_id) : undefined)));
  const owed = typeof previous === 'string' ? known.of(previous).filter(({ call }) => !given.has(call.call_id ?? call.id)) : [];
  const outputs = owed.flatMap((substitute) => outputFor(substitute) ?? []).map((output) => JSON.stringify(output));
  const referred = items.map((item) => referredBy(item, known));
  if (outputs.length === 0 && referred.every((substitute) => substitute === undefined)) return undefined;
  const tree = locate(text);
  const node = tree.members.get('input')?.value;
  const said =
    typeof input === 'string'
      ? [JSON.stringify({ role: 'user', content: input })]
      : (node?.items ?? []).map((item, at) => {
          const substitute = referred[at];
          return substitute ? JSON.stringify(messageItem(substitute.id, substitute.text)) : source(text, item);
        });
  return patched(text, tree, { input: `[${[...outputs, ...said].join(',')}]` });
}

function referredBy(item: unknown, known: Substitutes): Substitute | undefined {
  const id = isObject(item) && item.type === 'item_reference' ? asString(item.id) : undefined;
  return id === undefined ? undefined : known.withId(id);
}

/** What a client would send back had it tried and failed. Undefined for calls whose output cannot be made up, such as a screenshot. */
function outputFor({ call, text }: Substitute): JsonObject | undefined {
  const { call_id: callId, id } = call;
  switch (call.type) {
    case 'mcp_approval_request':
      return { type: 'mcp_approval_response', approval_request_id: id, approve: false, reason: text };
    case 'local_shell_call':
      return { type: 'local_shell_call_output', id: callId ?? id, output: JSON.stringify({ output: text }) };
    case 'shell_call':
      return {
        type: 'shell_call_output',
        call_id: callId,
        output: [{ stdout: '', stderr: text, outcome: { type: 'exit', exit_code: 1 } }],
      };
    case 'apply_patch_call':
      return { type: 'apply_patch_call_output', call_id: callId, status: 'failed', output: text };
    case 'computer_call':
      return undefined;
    default:
      return { type: `${String(call.type).replace(/_call$/, '')}_call_output`, call_id: callId, output: text };
  }
}
