/** Bedrock's requests and errors, as far as its two APIs share them ("Amazon Bedrock Runtime" in AWS's API reference). */

import type { Refusal } from '../../contract/verdict.ts';
import { explainRequest } from './explain.ts';
import { jsonAnswer, plainPath } from './media.ts';
import type { HttpAnswer } from './pieces.ts';

/** AWS's libraries take the error's name from the header `x-amzn-errortype`, and where that is missing from `__type`. */
export function bedrockRefusal(why: Refusal): HttpAnswer {
  return failure(400, 'ValidationException', explainRequest(why));
}

export function bedrockFailure(status: 502 | 504, message: string): HttpAnswer {
  return failure(status, status === 504 ? 'ModelTimeoutException' : 'ServiceUnavailableException', message);
}

function failure(status: number, type: string, message: string): HttpAnswer {
  return jsonAnswer(status, { __type: type, message });
}

/** What is asked for by `/model/ID/OPERATION`; undefined for any other path. */
export function bedrockOperation(path: string): string | undefined {
  return MODEL_PATH.exec(plainPath(path))?.[2];
}

/** What other protocols say in a request's body: the model, or the ARN of what stands for one, and whether its answer streams. */
export function bedrockAsked(path: string): { readonly model: string | undefined; readonly stream: boolean } {
  const [, model, operation] = MODEL_PATH.exec(plainPath(path)) ?? [];
  return { model, stream: operation?.endsWith('-stream') === true };
}

const MODEL_PATH = /\/model\/(.+)\/([\w-]+)$/;

export function isEventstream(contentType: string): boolean {
  return contentType.split(';', 1)[0]?.trim().toLowerCase() === 'application/vnd.amazon.eventstream';
}
