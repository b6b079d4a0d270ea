/** Ollama requests: a chat's messages, or the prompt of `/api/generate`. */

import type { Uninspected } from '../../../contract/action.ts';
import { type Conversation, createConversation } from '../conversation.ts';
import { asString, isMisspelt, isObject, type JsonObject } from '../json.ts';
import type { AgentRequest, RequestReading } from '../pieces.ts';
import { agentRequest, folderIn, readBody, statedFolder, toolNames } from '../request.ts';

export function readOllamaRequest(body: Uint8Array): RequestReading {
  return readBody(body, read);
}

function read(request: JsonObject): AgentRequest | Uninspected {
  if (isMisspelt(request, 'messages', 'prompt', 'system', 'suffix', 'context', 'images')) return 'unknown-shape';
  const { model, stream, messages, tools, prompt, system, suffix, context, images } = request;
  const conversation = createConversation(Array.isArray(context) ? JSON.stringify(context) : '');
  let cwd: string | undefined;
  if (typeof system === 'string') {
    conversation.system(system);
    cwd = statedFolder(system);
  }
  for (const text of [prompt, suffix]) if (typeof text === 'string') conversation.text('user', text);
  readImages(images, conversation);
  // With neither a prompt nor messages a model is only loaded.
  if (!Array.isArray(messages ?? []) || (prompt !== undefined && typeof prompt !== 'string')) return 'unknown-shape';
  for (const message of (messages ?? []) as readonly unknown[]) {
    if (!isObject(message) || !readMessage(message, conversation)) return 'unknown-shape';
    conversation.endOpening();
    cwd ??= folderIn(message);
  }
  return agentRequest({ model, stream: stream !== false }, conversation, { session: undefined, cwd, tools: toolNames(tools) });
}

/** Whether all of it is of a shape that we know. Ollama takes names in any letters. */
function readMessage(message: JsonObject, conversation: Conversation): boolean {
  if (isMisspelt(message, 'role', 'content', 'thinking', 'images', 'tool_calls')) return false;
  const { role, content = '', thinking, images, tool_calls: calls } = message;
  if (typeof role !== 'string' || (typeof content !== 'string' && content !== null)) return false;
  if (typeof thinking === 'string' && thinking !== '') conversation.text('assistant', thinking);
  const text = content ?? '';
  if (role === 'system') conversation.system(text);
  else if (role === 'tool') conversation.result(message.tool_call_id ?? message.tool_name ?? message.name, text);
  else if (text !== '') conversation.text(role === 'assistant' ? 'assistant' : 'user', text);
  readImages(images, conversation);
  if (!Array.isArray(calls ?? [])) return false;
  for (const call of (calls ?? []) as readonly unknown[]) {
    const named = isObject(call) ? call.function : undefined;
    if (!isObject(call) || !isObject(named)) return false;
    conversation.call(asString(call.id) || named.name, named.name, named.arguments ?? {});
  }
  return true;
}

function readImages(images: unknown, conversation: Conversation): void {
  if (Array.isArray(images)) for (const image of images) conversation.other('user', 'image', JSON.stringify(image));
}
