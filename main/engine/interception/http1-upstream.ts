/** HTTP/1.1 (RFC 9112) on the provider's side. */

import { type Agent, type ClientRequest, type IncomingMessage, request as send } from 'node:http';
import type { Duplex, Writable } from 'node:stream';
import { HoldpointError, messageOf } from '../../contract/errors.ts';
import { isRefusal } from './addresses.ts';
import { pairs } from './headers.ts';
import { http1Incoming } from './http1.ts';
import type { Failed, ProviderAnswer, ProviderRequest, Sending } from './message.ts';
import { authorityOf, type Target } from './target.ts';

/** As large as any server that we know takes. */
export const HEADER_BYTES = 64 * 1024;

type Http1Answered = { readonly kind: 'response'; readonly response: IncomingMessage } | Failed;

export function beginHttp1(agent: Agent, target: Target, { method, path, headers }: ProviderRequest): Sending {
  const request = beginRequest({ to: { agent }, target, method, path, headers });
  return {
    body: request,
    end(trailers, last) {
      request.addTrailers(pairs(trailers));
      request.end(last);
    },
    async answered(patienceMs) {
      const answered = await answerTo(request, target, patienceMs);
      return answered.kind === 'response' ? { kind: 'response', response: answerIn(answered.response) } : answered;
    },
    abort: () => void request.destroy(),
  };
}

/** Begins a request. Its headers go out as they stand. Throws where Node takes its path or headers for malformed. */
export function beginRequest(options: {
  to: { readonly agent: Agent };
  target: Target;
  method: string;
  path: string;
  headers: string[];
}): ClientRequest {
  const { to, target, method, path, headers } = options;
  const request = send({ agent: to.agent, host: target.host, port: target.port, method, path, headers, maxHeaderSize: HEADER_BYTES });
  // Bounded in bytes. Of more than two thousand, Node would leave the rest out and say nothing.
  request.maxHeadersCount = 0;
  // What fails is told by `answerTo`; a request that fails later fails its response too.
  request.on('error', () => undefined);
  return request;
}

/** What comes of a request: the provider's head, or why there is none. Never rejects. */
export function answerTo(request: ClientRequest, target: Target, patienceMs: number): Promise<Http1Answered> {
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
      resolve(late ? tooLate(target, patienceMs) : failure(request, target, error));
    };
    request.once('error', failed);
    request.once('close', () => failed());
  });
}

/** Of the three that may come of a request, the one that is neither an answer nor a failure. */
export function upgradeOf(request: Writable): Promise<{ kind: 'upgraded'; response: IncomingMessage; socket: Duplex; head: Buffer }> {
  return new Promise((resolve) => {
    request.once('upgrade', (response: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on('error', () => undefined);
      resolve({ kind: 'upgraded', response, socket, head });
    });
  });
}

function answerIn(response: IncomingMessage): ProviderAnswer {
  return {
    head: { status: response.statusCode ?? 0, statusMessage: response.statusMessage ?? '', rawHeaders: response.rawHeaders },
    body: http1Incoming(response),
    bodiless: false,
    abort: () => void response.destroy(),
  };
}

function failure(request: ClientRequest, target: Target, error: Error | undefined): Failed {
  if (error instanceof HoldpointError) return { kind: 'failed', status: 502, message: error.message, refused: isRefusal(error) };
  const code = error && 'code' in error ? error.code : undefined;
  if (request.reusedSocket && (code === 'ECONNRESET' || code === 'EPIPE')) return { kind: 'stale', untouched: false };
  return brokenOff(target, error);
}

/** The two ways in which a provider fails an exchange before its head, whatever the version. */
export function tooLate(target: Target, patienceMs: number): Failed {
  return { kind: 'failed', status: 504, message: `${authorityOf(target)} did not answer within ${patienceMs / 1000} s.` };
}

export function brokenOff(target: Target, error: Error | undefined): Failed {
  const why = error ? ` (${messageOf(error)})` : '';
  return { kind: 'failed', status: 502, message: `${authorityOf(target)} broke off the connection before it answered${why}.` };
}
