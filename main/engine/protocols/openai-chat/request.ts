/** OpenAI chat completion requests: the conversation, with tool calls and their results. */

import type { Uninspected } from '../../../contract/action.ts';
import { type Conversation, createConversation } from '../conversation.ts';
import { asString, isObject, type JsonObject } from '../json.ts';
import type { AgentRequest, RequestReading } from '../pieces.ts';
import { agentRequest, folderIn, readBody, toolNames } from '../request.ts';

export function readChatRequest(body: Uint8Array): RequestReading {
  return readBody(body, chatRequest);
}

/** What a request's object says. */
export function chatRequest(request: JsonObject): AgentRequest | Uninspected {
  const { messages, tools, functions, prompt_cache_key: cacheKey } = request;
  const conversation = createConversation();
  if (messages === undefined && request.prompt !== undefined) return promptRequest(request, conversation);
  if (!Array.isArray(messages)) return 'unknown-shape';
  let cwd: string | undefined;
  for (const message of messages) {
    if (!isObject(message) || !readMessage(message, conversation)) return 'unknown-shape';
    conversation.endOpening();
    cwd ??= folderIn(message);
  }
  return agentRequest(request, conversation, {
    session: asString(cacheKey) || undefined,
    cwd,
    tools: [...toolNames(tools), ...toolNames(functions)],
  });
}

/** A text to be completed, or several; what editors send while a person writes is what stands before the cursor and behind it. */
function promptRequest(request: JsonObject, conversation: Conversation): AgentRequest | Uninspected {
  const { prompt, suffix } = request;
  const texts: readonly unknown[] = Array.isArray(prompt) && prompt.every((part) => typeof part === 'string') ? prompt : [prompt];
  for (const text of [...texts, suffix ?? '']) {
    if (Array.isArray(text)) conversation.other('user', 'tokens', JSON.stringify(text));
    else if (typeof text !== 'string') return 'unknown-shape';
    else if (text !== '') conversation.text('user', text);
  }
  return agentRequest(request, conversation, { session: undefined, cwd: undefined, tools: [] });
}

/** Whether all of it is of a shape that we know. */
function readMessage(message: JsonObject, conversation: Conversation): boolean {
  const { role, content, tool_calls: calls, function_call: legacy } = message;
  if (typeof role !== 'string') return false;
  if (typeof content === 'string') readText(role, content, message, conversation);
  else if (Array.isArray(content)) for (const part of content) readPart(role, part, message, conversation);
  else if (content !== undefined && content !== null) return false;
  if (Array.isArray(calls)) for (const call of calls) if (isObject(call)) readCall(call, conversation);
  if (isObject(legacy)) conversation.call(legacy.name, legacy.name, legacy.arguments);
  return true;
}

function readText(role: string, text: string, message: JsonObject, conversation: Conversation): void {
  if (role === 'system' || role === 'developer') conversation.system(text);
  else if (role === 'tool' || role === 'function') conversation.result(message.tool_call_id ?? message.name, text);
  else conversation.text(role === 'assistant' ? 'assistant' : 'user', text);
}

function readPart(role: string, part: unknown, message: JsonObject, conversation: Conversation): void {
  const text = isObject(part) ? (asString(part.text) ?? asString(part.refusal)) : undefined;
  const label = (isObject(part) && asString(part.type)) || 'unknown';
  if (text !== undefined) readText(role, text, message, conversation);
  else conversation.other(role === 'assistant' ? 'assistant' : role === 'tool' ? 'tool_result' : 'user', label, JSON.stringify(part));
}

function readCall({ id, function: named, custom }: JsonObject, conversation: Conversation): void {
  if (isObject(named)) conversation.call(id, named.name, named.arguments);
  else if (isObject(custom)) conversation.call(id, custom.name, custom.input);
  else conversation.call(id, undefined, undefined);
}
