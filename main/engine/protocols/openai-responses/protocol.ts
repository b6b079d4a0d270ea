/** OpenAI's Responses API, with an API key and with a ChatGPT login: `POST …/responses`, and `/compact` below it, which shortens a conversation. */

import { bodyKind, plainPath } from '../media.ts';
import { openaiFailure, openaiRefusal } from '../openai-error.ts';
import type { Protocol } from '../pieces.ts';
import { mendResponsesRequest } from './mend.ts';
import { readResponsesRequest } from './request.ts';
import { responsesStream } from './stream.ts';
import { responsesWhole } from './whole.ts';

export const openaiResponses: Protocol = {
  name: 'openai-responses',
  recognises: ({ method, path }) => method === 'POST' && /\/responses(\/compact)?$/.test(plainPath(path)),
  readRequest: readResponsesRequest,
  mendRequest: mendResponsesRequest,
  refuseRequest: openaiRefusal,
  failRequest: openaiFailure,
  responseDecoder(contentType, limits) {
    switch (bodyKind(contentType)) {
      case 'events':
        return responsesStream(limits);
      case 'json':
        return responsesWhole(limits);
      default:
        return undefined;
    }
  },
};
