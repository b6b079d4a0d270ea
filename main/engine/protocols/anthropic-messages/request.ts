/** Anthropic Messages requests: the conversation, and what Claude Code tells of itself in it. */

import type { Uninspected } from '../../../contract/action.ts';
import { type Conversation, createConversation } from '../conversation.ts';
import { asString, isObject, type JsonObject, readJson } from '../json.ts';
import { plainPath } from '../media.ts';
import type { AgentRequest, RequestReading } from '../pieces.ts';
import { written } from '../remembered.ts';
import { agentRequest, readBody, statedFolder, toolNames } from '../request.ts';
import { takesInput } from './blocks.ts';

/** Vertex names the model in the path: `…/models/ID:streamRawPredict`. */
export function readAnthropicRequest(body: Uint8Array, path = ''): RequestReading {
  const model = /\/models\/([^/]+):(?:streamRawPredict|rawPredict)$/.exec(plainPath(path))?.[1];
  return readBody(body, (request) => anthropicRequest(model === undefined ? request : { ...request, model }));
}

/** What a request's object says. */
export function anthropicRequest(request: JsonObject): AgentRequest | Uninspected {
  const { messages, system, metadata, tools } = request;
  if (!Array.isArray(messages)) return 'unknown-shape';
  const conversation = createConversation();
  const instructions = textsOf(system);
  if (!instructions) return 'unknown-shape';
  for (const text of instructions) conversation.system(text);
  for (const message of messages) {
    if (!isObject(message) || !readMessage(message, conversation)) return 'unknown-shape';
    conversation.endOpening();
  }
  return agentRequest(request, conversation, {
    session: isObject(metadata) ? sessionOf(metadata.user_id) : undefined,
    cwd: statedFolder(instructions.join('\n')),
    tools: toolNames(tools),
  });
}

/** Whether all of it is of a shape that we know. */
function readMessage({ role, content }: JsonObject, conversation: Conversation): boolean {
  if (role !== 'user' && role !== 'assistant' && role !== 'system') return false;
  if (typeof content === 'string') {
    if (role === 'system') conversation.system(content);
    else conversation.text(role, content);
    return true;
  }
  if (!Array.isArray(content)) return false;
  for (const block of content) {
    if (!isObject(block) || typeof block.type !== 'string') return false;
    readBlock(role === 'system' ? 'user' : role, block.type, block, conversation);
  }
  return true;
}

function readBlock(role: 'user' | 'assistant', type: string, block: JsonObject, conversation: Conversation): void {
  const text = asString(block.text) ?? (type === 'thinking' ? asString(block.thinking) : undefined);
  if (text !== undefined) conversation.text(role, text);
  else if (takesInput(type)) conversation.call(block.id, block.name, block.input ?? {});
  else if (type.endsWith('tool_result')) readResult(block, conversation);
  else
    conversation.other(
      role,
      type,
      written(block, () => JSON.stringify({ ...block, cache_control: undefined })),
    );
}

function readResult(block: JsonObject, conversation: Conversation): void {
  const { content, tool_use_id: id } = block;
  const parts: readonly unknown[] = Array.isArray(content)
    ? content
    : [typeof content === 'string' ? { text: content } : (content ?? { text: '' })];
  for (const part of parts) {
    const text = isObject(part) ? asString(part.text) : undefined;
    if (text !== undefined) conversation.result(id, text);
    else conversation.other('tool_result', isObject(part) ? (asString(part.type) ?? 'unknown') : 'unknown', JSON.stringify(part));
  }
}

/** Texts of a string or of text blocks; undefined where it is neither. */
function textsOf(content: unknown): string[] | undefined {
  if (content === undefined || content === null) return [];
  if (typeof content === 'string') return [content];
  if (!Array.isArray(content)) return undefined;
  return content.flatMap((block) => (isObject(block) && typeof block.text === 'string' ? [block.text] : []));
}

/** Claude Code sends `user_…_account_…_session_<uuid>`, and in later versions JSON with a `session_id`. */
function sessionOf(userId: unknown): string | undefined {
  if (typeof userId !== 'string' || userId === '') return undefined;
  if (userId.startsWith('{')) {
    const reading = readJson(userId);
    const session = reading.ok && isObject(reading.value) ? asString(reading.value.session_id) : undefined;
    if (session) return session;
  }
  return /_session_([\w-]+)$/.exec(userId)?.[1] ?? userId;
}
