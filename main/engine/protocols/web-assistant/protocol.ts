/** Assistants on the web: what is written to them and uploaded is read before it leaves. Their answers run no tool here, and pass. */

import { explainRequest } from '../explain.ts';
import { jsonAnswer, plainPath } from '../media.ts';
import { PASSING } from '../passing.ts';
import type { Protocol } from '../pieces.ts';
import { PAGES, type Page } from './pages.ts';
import { readPrompt } from './prompts.ts';

export const webAssistant: Protocol = {
  name: 'web-assistant',
  recognises: ({ method, host, path }) =>
    method === 'POST' && PAGES.some((page) => page.hosts.includes(host ?? '') && requestIn(page, path) !== undefined),
  readRequest(body, path = '') {
    for (const page of PAGES) {
      const request = requestIn(page, path);
      if (request) return readPrompt(body, request.form);
    }
    return { kind: 'uninspected', why: 'unknown-path' };
  },
  refuseRequest: (why) => jsonAnswer(403, failure('permission_error', explainRequest(why))),
  failRequest: (status, message) => jsonAnswer(status, failure('api_error', message)),
  responseDecoder: () => PASSING,
};

function requestIn(page: Page, path: string): Page['requests'][number] | undefined {
  return page.requests.find((request) => request.path.test(plainPath(path)));
}

/** ChatGPT's page shows `detail`, and Claude's the error's message; the others show the status, and whoever looks finds the words. */
function failure(type: string, message: string) {
  return { type: 'error', detail: message, error: { type, message } };
}
