/** The protocols that we speak, and which of them a request is in. */

import { anthropicMessages } from './anthropic-messages/protocol.ts';
import { bedrockConverse } from './bedrock-converse/protocol.ts';
import { bedrockInvoke } from './bedrock-invoke/protocol.ts';
import { googleGenerateContent } from './google-generate-content/protocol.ts';
import { plainPath } from './media.ts';
import { ollamaChat } from './ollama-chat/protocol.ts';
import { openaiChat } from './openai-chat/protocol.ts';
import { openaiResponses } from './openai-responses/protocol.ts';
import type { Protocol, RequestTarget } from './pieces.ts';
import { webAssistant } from './web-assistant/protocol.ts';

export const PROTOCOLS: readonly Protocol[] = [
  // First: it goes by hosts, whose paths may look like another's.
  webAssistant,
  anthropicMessages,
  openaiChat,
  openaiResponses,
  googleGenerateContent,
  bedrockInvoke,
  bedrockConverse,
  ollamaChat,
];

/** By method and path, as any host may speak any of them; assistants on the web by their host as well. */
export function protocolFor(target: RequestTarget): Protocol | undefined {
  return PROTOCOLS.find((protocol) => protocol.recognises(target));
}

/** The protocol of a request that only asks how many tokens it has: what it says leaves all the same. Its answer is a number. */
export function countingIn({ method, path }: RequestTarget): Protocol | undefined {
  const plain = plainPath(path);
  if (method !== 'POST') return undefined;
  if (/\/v1\/messages\/count_tokens$|\/models\/count-tokens:rawPredict$/.test(plain)) return anthropicMessages;
  if (/\/responses\/input_tokens$/.test(plain)) return openaiResponses;
  return /:countTokens$/.test(plain) ? googleGenerateContent : undefined;
}

/** The protocol of an answer that is stored and fetched, by its path: a stored call is a call. */
export function storedAnswerIn({ method, path }: RequestTarget): Protocol | undefined {
  const plain = plainPath(path);
  if (method === 'GET' && /\/responses\/[^/]+$/.test(plain)) return openaiResponses;
  if (method === 'POST' && /\/responses\/[^/]+\/cancel$/.test(plain)) return openaiResponses;
  if (method === 'GET' && /\/chat\/completions\/[^/]+$/.test(plain)) return openaiChat;
  if (method === 'GET' && /\/v1\/messages\/batches\/[^/]+\/results$/.test(plain)) return anthropicMessages;
  return undefined;
}
