/** The protocols that we speak, and which of them a request is in. */

import { anthropicMessages } from './anthropic-messages/protocol.ts';
import { plainPath } from './media.ts';
import { openaiChat } from './openai-chat/protocol.ts';
import { openaiResponses } from './openai-responses/protocol.ts';
import type { Protocol, RequestHead } from './pieces.ts';

export const PROTOCOLS: readonly Protocol[] = [anthropicMessages, openaiChat, openaiResponses];

/** By method and path alone: any host may speak any of them. */
export function protocolFor(head: Pick<RequestHead, 'method' | 'path'>): Protocol | undefined {
  return PROTOCOLS.find((protocol) => protocol.recognises(head));
}

/** The protocol of an answer that is stored and fetched, by its path: a stored call is a call. */
export function storedAnswerIn({ method, path }: Pick<RequestHead, 'method' | 'path'>): Protocol | undefined {
  const plain = plainPath(path);
  if (method === 'GET' && /\/responses\/[^/]+$/.test(plain)) return openaiResponses;
  if (method === 'POST' && /\/responses\/[^/]+\/cancel$/.test(plain)) return openaiResponses;
  if (method === 'GET' && /\/chat\/completions\/[^/]+$/.test(plain)) return openaiChat;
  if (method === 'GET' && /\/v1\/messages\/batches\/[^/]+\/results$/.test(plain)) return anthropicMessages;
  return undefined;
}
