/** Answers to requests of no known protocol: plain sentences that a person can read. */

import type { Refusal } from '../../contract/verdict.ts';
import type { HttpAnswer } from '../protocols/pieces.ts';

export const PLAIN = {
  refuseRequest: (why: Refusal): HttpAnswer => answer(400, refusalOf(why)),
  failRequest: (status: 502 | 504, message: string): HttpAnswer => answer(status, message),
};

export function refusalOf({ reason, policy }: Refusal): string {
  return `Holdpoint refused this request. ${reason} (policy: ${policy})`;
}

function answer(status: number, message: string): HttpAnswer {
  return { status, contentType: 'application/json', body: Buffer.from(JSON.stringify({ error: { message } })) };
}
