/** Ollama's own API: `POST /api/chat`, and `POST /api/generate`, which knows no tools. */

import { explainRequest } from '../explain.ts';
import { bodyKind, jsonAnswer, plainPath } from '../media.ts';
import type { Protocol } from '../pieces.ts';
import { readOllamaRequest } from './request.ts';
import { ollamaStream } from './stream.ts';
import { ollamaWhole } from './whole.ts';

export const ollamaChat: Protocol = {
  name: 'ollama-chat',
  recognises: ({ method, path }) => method === 'POST' && /\/api\/(chat|generate)$/.test(plainPath(path)),
  readRequest: readOllamaRequest,
  refuseRequest: (why) => jsonAnswer(400, { error: explainRequest(why) }),
  failRequest: (status, message) => jsonAnswer(status, { error: message }),
  responseDecoder(contentType, limits, path = '') {
    const isGenerated = plainPath(path).endsWith('/generate');
    switch (bodyKind(contentType)) {
      case 'lines':
        return ollamaStream(limits, isGenerated);
      case 'json':
        return ollamaWhole(limits, isGenerated);
      default:
        return undefined;
    }
  },
};
