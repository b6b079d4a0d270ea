/** Bedrock's Converse requests: the conversation. The model stands in the path. */

import type { Uninspected } from '../../../contract/action.ts';
import { bedrockAsked } from '../bedrock.ts';
import { type Conversation, createConversation } from '../conversation.ts';
import { asString, isObject, type JsonObject } from '../json.ts';
import type { AgentRequest, RequestReading } from '../pieces.ts';
import { agentRequest, readBody, statedFolder, toolNames } from '../request.ts';

export function readConverseRequest(body: Uint8Array, path = ''): RequestReading {
  return readBody(body, (request) => converseRequest(request, path));
}

/** What a request's object says. */
export function converseRequest(request: JsonObject, path: string): AgentRequest | Uninspected {
  const { messages, system, toolConfig } = request;
  // A stored prompt, whose ARN stands in the model's place, brings its own.
  const said = messages ?? (isObject(request.promptVariables) ? [] : undefined);
  if (!Array.isArray(said) || !(system === undefined || system === null || Array.isArray(system))) return 'unknown-shape';
  const conversation = createConversation(isObject(request.promptVariables) ? JSON.stringify([path, request.promptVariables]) : '');
  const instructions = (system ?? []).flatMap((block: unknown) => (isObject(block) && typeof block.text === 'string' ? [block.text] : []));
  for (const text of instructions) conversation.system(text);
  for (const message of said) {
    if (!isObject(message) || !readMessage(message, conversation)) return 'unknown-shape';
    conversation.endOpening();
  }
  return agentRequest(bedrockAsked(path), conversation, {
    session: undefined,
    cwd: statedFolder(instructions.join('\n')),
    tools: isObject(toolConfig) && Array.isArray(toolConfig.tools) ? toolConfig.tools.flatMap(toolName) : [],
  });
}

/** `{"toolSpec": {"name": …}}`, or another kind of tool, which goes by its kind. */
function toolName(tool: unknown): string[] {
  if (!isObject(tool)) return [];
  return Object.entries(tool).flatMap(([kind, told]) => (isObject(told) ? toolNames([{ type: kind, ...told }]) : []));
}

/** Whether all of it is of a shape that we know. */
function readMessage({ role, content }: JsonObject, conversation: Conversation): boolean {
  if ((role !== 'user' && role !== 'assistant') || !Array.isArray(content)) return false;
  for (const block of content) {
    if (!isObject(block)) return false;
    readBlock(role, block, conversation);
  }
  return true;
}

function readBlock(role: 'user' | 'assistant', block: JsonObject, conversation: Conversation): void {
  const { text, toolUse, toolResult, reasoningContent, cachePoint } = block;
  const thought =
    isObject(reasoningContent) && isObject(reasoningContent.reasoningText) ? asString(reasoningContent.reasoningText.text) : undefined;
  if (typeof text === 'string') conversation.text(role, text);
  else if (isObject(toolUse)) conversation.call(toolUse.toolUseId, toolUse.name, toolUse.input ?? {});
  else if (isObject(toolResult)) readResult(toolResult, conversation);
  else if (thought !== undefined) conversation.text(role, thought);
  else if (cachePoint === undefined) conversation.other(role, Object.keys(block)[0] ?? 'unknown', JSON.stringify(block));
}

function readResult({ content, toolUseId: id }: JsonObject, conversation: Conversation): void {
  for (const part of Array.isArray(content) ? content : [content ?? { text: '' }]) {
    const text = isObject(part) ? (asString(part.text) ?? (part.json === undefined ? undefined : JSON.stringify(part.json))) : undefined;
    if (text !== undefined) conversation.result(id, text);
    else conversation.other('tool_result', isObject(part) ? (Object.keys(part)[0] ?? 'unknown') : 'unknown', JSON.stringify(part));
  }
}
