/** Anthropic's Messages API: `POST /v1/messages`, and on Vertex AI `POST …/publishers/anthropic/models/ID:streamRawPredict`. */

import { explainRequest } from '../explain.ts';
import { bodyKind, jsonAnswer, plainPath } from '../media.ts';
import type { Protocol } from '../pieces.ts';
import { readAnthropicRequest } from './request.ts';
import { anthropicStream } from './stream.ts';
import { anthropicWhole } from './whole.ts';

export const anthropicMessages: Protocol = {
  name: 'anthropic-messages',
  recognises: ({ method, path }) => method === 'POST' && MESSAGES.test(plainPath(path)),
  readRequest: readAnthropicRequest,
  // 400: Claude Code and Copilot take 403 for a failed login, and lose the message.
  refuseRequest: (why) => jsonAnswer(400, failure('invalid_request_error', explainRequest(why))),
  failRequest: (status, message) => jsonAnswer(status, failure(status === 504 ? 'timeout_error' : 'api_error', message)),
  responseDecoder(contentType, limits) {
    switch (bodyKind(contentType)) {
      case 'events':
        return anthropicStream(limits);
      case 'json':
        return anthropicWhole(limits);
      default:
        return undefined;
    }
  },
};

const MESSAGES = /\/v1\/messages$|\/publishers\/anthropic\/models\/(?!count-tokens:)[^/]+:(streamRawPredict|rawPredict)$/;

/** "Errors" in Anthropic's API reference. */
function failure(type: string, message: string) {
  return { type: 'error', error: { type, message } };
}
