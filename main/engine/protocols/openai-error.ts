/** OpenAI's error shape, which its compatibles share ("Error codes" in OpenAI's API guides). */

import type { Refusal } from '../../contract/verdict.ts';
import { explainRequest } from './explain.ts';
import { jsonAnswer } from './media.ts';
import type { HttpAnswer } from './pieces.ts';

/** 400: 403 makes Codex send the request twelve times, and reads as a failed login in Copilot. */
export function openaiRefusal(why: Refusal): HttpAnswer {
  return jsonAnswer(400, failure('invalid_request_error', 'holdpoint_refused', explainRequest(why)));
}

/** The same as a WebSocket message: what Codex takes for the answer to its request, and does not repeat the request for. */
export function openaiRefusalEvent(why: Refusal): { readonly type: 'error'; readonly status: number; readonly error: object } {
  return { type: 'error', status: 400, ...failure('invalid_request_error', 'holdpoint_refused', explainRequest(why)) };
}

export function openaiFailure(status: 502 | 504, message: string): HttpAnswer {
  return jsonAnswer(status, failure('server_error', status === 504 ? 'upstream_timeout' : 'upstream_unreachable', message));
}

function failure(type: string, code: string, message: string) {
  return { error: { message, type, param: null, code } };
}
