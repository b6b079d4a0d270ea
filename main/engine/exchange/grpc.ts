/** gRPC: remote calls over HTTP/2 whose messages no protocol of ours reads, and whose two directions may both go on for long. */

import type { Refusal } from '../../contract/verdict.ts';
import { values } from '../interception/headers.ts';
import type { HttpAnswer } from '../protocols/pieces.ts';
import { refusalOf } from './plain.ts';

/** By the one content type of a request or an answer: `application/grpc`, also with its encoding named. gRPC-Web is another one. */
export function isGrpc(rawHeaders: readonly string[]): boolean {
  return /^application\/grpc(\+[\w.-]+)?\s*(;|$)/i.test(values(rawHeaders, 'content-type').join(', '));
}

const PERMISSION_DENIED = 7;
const UNAVAILABLE = 14;

/** Answers in gRPC's own shape: its clients take any other status of HTTP for a fault of theirs. */
export const GRPC = {
  refuseRequest: (why: Refusal): HttpAnswer => ending(PERMISSION_DENIED, refusalOf(why)),
  failRequest: (_status: 502 | 504, message: string): HttpAnswer => ending(UNAVAILABLE, message),
};

/** A head that is all there is ("Trailers-Only"). */
function ending(code: number, message: string): HttpAnswer {
  const headers = ['grpc-status', String(code), 'grpc-message', encodeURI(message.toWellFormed())];
  return { status: 200, contentType: 'application/grpc', body: new Uint8Array(0), headers };
}
