/** The protocols that we speak, and which of them a request is in. */

import { anthropicMessages } from './anthropic-messages/protocol.ts';
import { openaiChat } from './openai-chat/protocol.ts';
import { openaiResponses } from './openai-responses/protocol.ts';
import type { Protocol, RequestHead } from './pieces.ts';

export const PROTOCOLS: readonly Protocol[] = [anthropicMessages, openaiChat, openaiResponses];

/** By method and path alone: any host may speak any of them. */
export function protocolFor(head: Pick<RequestHead, 'method' | 'path'>): Protocol | undefined {
  return PROTOCOLS.find((protocol) => protocol.recognises(head));
}
