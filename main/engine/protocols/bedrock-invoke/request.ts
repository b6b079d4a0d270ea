/** Requests to a model in its vendor's own format. Which one it is shows in its members; the model stands in the path. */

import type { Uninspected } from '../../../contract/action.ts';
import { anthropicRequest } from '../anthropic-messages/request.ts';
import { bedrockAsked } from '../bedrock.ts';
import { converseRequest } from '../bedrock-converse/request.ts';
import { createConversation } from '../conversation.ts';
import { asString, isObject, type JsonObject } from '../json.ts';
import { chatRequest } from '../openai-chat/request.ts';
import type { AgentRequest, RequestReading } from '../pieces.ts';
import { agentRequest, readBody } from '../request.ts';

export function readInvokeRequest(body: Uint8Array, path = ''): RequestReading {
  return readBody(body, (request) => read({ ...request, ...bedrockAsked(path) }, path));
}

function read(request: JsonObject, path: string): AgentRequest | Uninspected {
  if ('anthropic_version' in request) return anthropicRequest(request);
  if (!('messages' in request)) return promptRequest(request);
  return isConverse(request.messages) ? converseRequest(request, path) : chatRequest(request);
}

/** Amazon Nova takes Converse's messages: their content is a list of blocks that have no type. */
function isConverse(messages: unknown): boolean {
  if (!Array.isArray(messages)) return false;
  const contents = messages.flatMap((message: unknown) => (isObject(message) && Array.isArray(message.content) ? message.content : []));
  return contents.some((block: unknown) => isObject(block) && !('type' in block));
}

/** Llama, Mistral and Titan take one text. */
function promptRequest(request: JsonObject): AgentRequest | Uninspected {
  const prompt = asString(request.prompt) ?? asString(request.inputText);
  if (prompt === undefined) return 'unknown-shape';
  const conversation = createConversation();
  conversation.text('user', prompt);
  return agentRequest(request, conversation, { session: undefined, cwd: undefined, tools: [] });
}
