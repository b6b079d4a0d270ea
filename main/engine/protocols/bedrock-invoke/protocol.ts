/** Bedrock's InvokeModel: `POST /model/ID/invoke` and `/invoke-with-response-stream`. */

import { bedrockAsked, bedrockFailure, bedrockOperation, bedrockRefusal, isEventstream } from '../bedrock.ts';
import { bodyKind } from '../media.ts';
import type { Protocol } from '../pieces.ts';
import { createWholeDecoder } from '../whole.ts';
import { readInvokeRequest } from './request.ts';
import { invokeStream } from './stream.ts';
import { invokeDocument } from './whole.ts';

export const bedrockInvoke: Protocol = {
  name: 'bedrock-invoke',
  recognises: ({ method, path }) => method === 'POST' && /^invoke(-with-response-stream)?$/.test(bedrockOperation(path) ?? ''),
  readRequest: readInvokeRequest,
  refuseRequest: bedrockRefusal,
  failRequest: bedrockFailure,
  responseDecoder(contentType, limits, path = '') {
    if (isEventstream(contentType)) return invokeStream(limits);
    return bodyKind(contentType) === 'json' ? createWholeDecoder(limits, invokeDocument(limits, bedrockAsked(path).model)) : undefined;
  },
};
