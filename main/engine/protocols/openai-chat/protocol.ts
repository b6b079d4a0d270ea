/** OpenAI's chat completions, and the many services that speak it: `POST …/chat/completions`; without `chat`, a text is completed. */

import { bodyKind, plainPath } from '../media.ts';
import { openaiFailure, openaiRefusal } from '../openai-error.ts';
import type { Protocol } from '../pieces.ts';
import { readChatRequest } from './request.ts';
import { chatStream } from './stream.ts';
import { chatWhole } from './whole.ts';

export const openaiChat: Protocol = {
  name: 'openai-chat',
  recognises: ({ method, path }) => method === 'POST' && COMPLETIONS.test(plainPath(path)),
  readRequest: readChatRequest,
  refuseRequest: openaiRefusal,
  failRequest: openaiFailure,
  responseDecoder(contentType, limits) {
    switch (bodyKind(contentType)) {
      case 'events':
        return chatStream(limits);
      case 'json':
        return chatWhole(limits);
      default:
        return undefined;
    }
  },
};

/** Vertex AI serves Mistral's models under a path of its own. */
const COMPLETIONS = /\/completions$|\/publishers\/mistralai\/models\/[^/]+:(streamRawPredict|rawPredict)$/;
