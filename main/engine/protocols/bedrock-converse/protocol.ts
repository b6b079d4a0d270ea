/** Bedrock's Converse: `POST /model/ID/converse` and `/converse-stream`. */

import { bedrockFailure, bedrockOperation, bedrockRefusal, isEventstream } from '../bedrock.ts';
import { bodyKind } from '../media.ts';
import type { Protocol } from '../pieces.ts';
import { createWholeDecoder } from '../whole.ts';
import { readConverseRequest } from './request.ts';
import { converseStream } from './stream.ts';
import { converseDocument } from './whole.ts';

export const bedrockConverse: Protocol = {
  name: 'bedrock-converse',
  recognises: ({ method, path }) => method === 'POST' && /^converse(-stream)?$/.test(bedrockOperation(path) ?? ''),
  readRequest: readConverseRequest,
  refuseRequest: bedrockRefusal,
  failRequest: bedrockFailure,
  responseDecoder(contentType, limits) {
    if (isEventstream(contentType)) return converseStream(limits);
    return bodyKind(contentType) === 'json' ? createWholeDecoder(limits, converseDocument(limits)) : undefined;
  },
};
