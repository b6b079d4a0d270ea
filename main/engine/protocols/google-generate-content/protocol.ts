/** Google's `generateContent`, streamed or not: Gemini API, Vertex AI, and Code Assist, which wraps both requests and answers. */

import type { Refusal } from '../../../contract/verdict.ts';
import { explainRequest } from '../explain.ts';
import { bodyKind, jsonAnswer, plainPath } from '../media.ts';
import type { HttpAnswer, Protocol } from '../pieces.ts';
import { readGoogleRequest } from './request.ts';
import { googleStream } from './stream.ts';
import { googleWhole } from './whole.ts';

export const googleGenerateContent: Protocol = {
  name: 'google-generate-content',
  recognises: ({ method, path }) => method === 'POST' && /:(g|streamG)enerateContent$/.test(plainPath(path)),
  readRequest: readGoogleRequest,
  // 400: Gemini CLI shows the message and does not ask again.
  refuseRequest: (why: Refusal) => failure(400, 'INVALID_ARGUMENT', explainRequest(why)),
  failRequest: (status, message) => failure(status, status === 504 ? 'DEADLINE_EXCEEDED' : 'UNAVAILABLE', message),
  responseDecoder(contentType, limits, path = '') {
    const plain = plainPath(path);
    const isWrapped = CODE_ASSIST.test(plain);
    switch (bodyKind(contentType)) {
      case 'events':
        return googleStream(limits, isWrapped);
      case 'json':
        return googleWhole(limits, { isWrapped, isList: plain.endsWith(':streamGenerateContent') });
      default:
        return undefined;
    }
  },
};

const CODE_ASSIST = /\/v1internal:\w+$/;

/** "Error model" in Google's API design guide (AIP-193). */
function failure(code: number, status: string, message: string): HttpAnswer {
  return jsonAnswer(code, { error: { code, message, status } });
}
