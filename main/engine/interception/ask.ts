/** A request to the provider, until the provider's head is there. */

import { type ClientRequest, type IncomingMessage, request as send } from 'node:http';
import { HoldpointError, messageOf } from '../../contract/errors.ts';
import { authorityOf, type Target } from './target.ts';
import type { TargetAgent } from './upstream.ts';

/** As large as any server that we know takes. */
export const HEADER_BYTES = 64 * 1024;

export type Answered =
  | { readonly kind: 'response'; readonly response: IncomingMessage }
  | { readonly kind: 'failed'; readonly status: 502 | 504; readonly message: string }
  /** The provider ended an idle connection as this request went out on it: the client's own library knows whether to try again. */
  | { readonly kind: 'stale' };

/** Begins a request. Its headers go out as they stand. Throws where Node takes its path or headers for malformed. */
export function beginRequest(options: { to: TargetAgent; target: Target; method: string; path: string; headers: string[] }): ClientRequest {
  const { to, target, method, path, headers } = options;
  const request = send({ agent: to.agent, host: target.host, port: target.port, method, path, headers, maxHeaderSize: HEADER_BYTES });
  // What fails is told by `answerTo`; a request that fails later fails its response too.
  request.on('error', () => undefined);
  return request;
}

/** What comes of a request: the provider's head, or why there is none. Never rejects. */
export function answerTo(request: ClientRequest, target: Target, patienceMs: number): Promise<Answered> {
  return new Promise((resolve) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      request.destroy();
    }, patienceMs);
    request.once('response', (response) => {
      clearTimeout(timer);
      resolve({ kind: 'response', response });
    });
    const failed = (error?: Error) => {
      clearTimeout(timer);
      resolve(
        late
          ? { kind: 'failed', status: 504, message: `${authorityOf(target)} did not answer within ${patienceMs / 1000} s.` }
          : failure(request, target, error),
      );
    };
    request.once('error', failed);
    request.once('close', () => failed());
  });
}

function failure(request: ClientRequest, target: Target, error: Error | undefined): Answered {
  if (error instanceof HoldpointError) return { kind: 'failed', status: 502, message: error.message };
  const code = error && 'code' in error ? error.code : undefined;
  if (request.reusedSocket && (code === 'ECONNRESET' || code === 'EPIPE')) return { kind: 'stale' };
  const why = error ? ` (${messageOf(error)})` : '';
  return { kind: 'failed', status: 502, message: `${authorityOf(target)} broke off the connection before it answered${why}.` };
}
