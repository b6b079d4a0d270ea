/** OpenAI Responses requests: the input items, and what Codex tells of itself in them. */

import type { Uninspected } from '../../../contract/action.ts';
import { type Conversation, createConversation } from '../conversation.ts';
import { asString, isObject, type JsonObject } from '../json.ts';
import type { AgentRequest, RequestReading } from '../pieces.ts';
import { agentRequest, folderIn, readBody, statedFolder, toolNames } from '../request.ts';
import { type Item, isCall, toolName } from './items.ts';

export function readResponsesRequest(body: Uint8Array): RequestReading {
  return readBody(body, readResponsesInput);
}

/** The same for a request that has been parsed. */
export function readResponsesInput(request: JsonObject): AgentRequest | Uninspected {
  const { input, instructions, tools, conversation: kept, previous_response_id: previous, prompt_cache_key: cacheKey } = request;
  const items = typeof input === 'string' ? [{ role: 'user', content: input }] : (input ?? []);
  // A stored prompt, or a conversation kept by the provider, may bring all of the input.
  if (!Array.isArray(items) || (input === undefined && !isObject(request.prompt) && !kept && !previous)) return 'unknown-shape';
  const conversationId = asString(kept) ?? (isObject(kept) ? asString(kept.id) : undefined);
  const conversation = createConversation(JSON.stringify([asString(previous), conversationId]));
  const stated = asString(instructions);
  if (stated) conversation.system(stated);
  let cwd = stated ? statedFolder(stated) : undefined;
  const names = toolNames(tools);
  for (const item of items) {
    if (!isObject(item) || !readItem(item, conversation)) return 'unknown-shape';
    conversation.endOpening();
    // Codex tells again when the folder changes; the newest counts.
    cwd = folderIn(item) ?? cwd;
    if (item.type === 'additional_tools') names.push(...toolNames(item.tools));
  }
  return agentRequest(request, conversation, { session: asString(cacheKey) || conversationId, cwd, tools: names });
}

/** Whether it is of a shape that we know. */
function readItem(item: JsonObject, conversation: Conversation): boolean {
  const { type = 'message', role } = item;
  if (typeof type !== 'string') return false;
  if (type === 'message') return typeof role === 'string' && readContent(role, item.content, conversation);
  if (isCallItem(item, type)) {
    conversation.call(item.call_id ?? item.id, toolName(item) ?? type, item.arguments ?? item.input ?? item.action ?? item.operation);
  } else if (type.endsWith('_output')) readResult(item, conversation);
  else if (type === 'reasoning') readReasoning(item, conversation);
  else conversation.other('assistant', type, JSON.stringify(item));
  return true;
}

function isCallItem(item: JsonObject, type: string): item is Item {
  return isCall({ ...item, type });
}

function readContent(role: string, content: unknown, conversation: Conversation): boolean {
  if (typeof content === 'string') readText(role, content, conversation);
  else if (Array.isArray(content)) {
    for (const part of content) {
      const text = isObject(part) ? (asString(part.text) ?? asString(part.refusal)) : undefined;
      if (text !== undefined) readText(role, text, conversation);
      else
        conversation.other(
          role === 'assistant' ? 'assistant' : 'user',
          (isObject(part) && asString(part.type)) || 'unknown',
          JSON.stringify(part),
        );
    }
  } else return content === undefined || content === null;
  return true;
}

function readText(role: string, text: string, conversation: Conversation): void {
  if (role === 'system' || role === 'developer') conversation.system(text);
  else conversation.text(role === 'assistant' ? 'assistant' : 'user', text);
}

function readResult({ call_id: id, output }: JsonObject, conversation: Conversation): void {
  const parts: readonly unknown[] = Array.isArray(output)
    ? output
    : [typeof output === 'string' ? { text: output } : (output ?? { text: '' })];
  for (const part of parts) {
    const text = isObject(part) ? asString(part.text) : undefined;
    if (text !== undefined) conversation.result(id, text);
    else conversation.other('tool_result', (isObject(part) && asString(part.type)) || 'unknown', JSON.stringify(part));
  }
}

/** Its encrypted content differs from answer to answer but not between a request and its retry. */
function readReasoning({ summary, encrypted_content: encrypted }: JsonObject, conversation: Conversation): void {
  for (const part of Array.isArray(summary) ? summary : [])
    if (isObject(part) && typeof part.text === 'string') conversation.text('assistant', part.text);
  if (typeof encrypted === 'string') conversation.other('assistant', 'reasoning', encrypted);
}
