/**
 * How files of the policy repository are fetched: bounded in size and time, never redirected, and timestamp.json only if it has changed
 * (ETag, RFC 9110 §13.1.2). The enrolment token goes to the policy server and nowhere else.
 */

import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { messageOf } from '../../contract/errors.ts';
import { certificatesIn, platformRoots } from '../certificates/bundle.ts';
import { FleetProblem, type ProblemKind, problemOf } from './problem.ts';

export interface FleetFetcher {
  /** Rejects with FleetProblem, or with MissingFile where there is no such file. */
  get(url: string, maxLength: number, signal: AbortSignal): Promise<Buffer>;
  /** Of timestamp.json, as it was last got. */
  remembered(): Remembered | undefined;
  /** Gives up idle connections: after a while, or a sleep, nobody may be at their other end. */
  disconnect(): void;
}

/** The way there, as the variables of that name have it. */
export interface FleetProxy {
  readonly HTTPS_PROXY?: string;
  readonly NO_PROXY?: string;
}

export interface Remembered {
  readonly etag: string;
  readonly body: Buffer;
}

/** 404, or 403, which is how object stores say it. */
export class MissingFile extends Error {
  readonly status: number;

  constructor(status: number, url: string) {
    super(`${url}: ${status}`);
    this.status = status;
  }
}

/** A whole file may take this many times as long as silence may. */
const PATIENCE = 20;

export function createFleetFetcher(options: {
  readonly url: string;
  readonly token?: string;
  readonly extraCaPem?: string;
  readonly remembered?: Remembered;
  readonly proxy?: FleetProxy;
  /** How long the server may be silent, before its answer and within it. */
  readonly timeoutMs?: number;
}): FleetFetcher {
  const { url: base, token, extraCaPem, timeoutMs = 3000 } = options;
  const { origin } = new URL(base);
  const secure = origin.startsWith('https:');
  const agent = secure
    ? new HttpsAgent({ keepAlive: true, proxyEnv: { ...options.proxy }, ca: [...platformRoots(), ...certificatesIn(extraCaPem ?? '')] })
    : new HttpAgent({ keepAlive: true });
  let remembered = options.remembered;

  return {
    async get(url, maxLength, signal) {
      if (new URL(url).origin !== origin) throw problemOf('redirect', base, url);
      const isTimestamp = url.endsWith('/timestamp.json');
      const answer = await ask(url, isTimestamp ? remembered?.etag : undefined, maxLength, signal);
      if (answer === 'unchanged') {
        if (isTimestamp && remembered) return remembered.body;
        throw problemOf('server-error', base, '304 without being asked');
      }
      const { body, etag } = answer;
      if (isTimestamp) remembered = etag === undefined ? undefined : { etag, body };
      return body;
    },
    remembered: () => remembered,
    disconnect: () => agent.destroy(),
  };

  function ask(
    url: string,
    etag: string | undefined,
    maxLength: number,
    signal: AbortSignal,
  ): Promise<'unchanged' | { body: Buffer; etag: string | undefined }> {
    return new Promise((resolve, reject) => {
      const headers = {
        accept: 'application/octet-stream, */*;q=0.5',
        'accept-encoding': 'identity',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(etag !== undefined && { 'if-none-match': etag }),
      };
      const request: ClientRequest = (secure ? httpsRequest : httpRequest)(url, { agent, headers, signal });
      const fail = (thrown: Error) => {
        clearTimeout(silence);
        clearTimeout(deadline);
        reject(thrown);
        request.destroy();
      };
      const slow = () => fail(problemOf('too-slow', base, `${timeoutMs / 1000} s of silence`));
      // Not the socket's own time-out: that one does not count while a name is looked up.
      let silence = setTimeout(slow, timeoutMs);
      const deadline = setTimeout(() => fail(problemOf('too-slow', base, 'a file that does not end')), timeoutMs * PATIENCE);
      request.on('error', (thrown) => fail(connectionProblem(base, thrown)));
      request.on('response', (response) => {
        const { statusCode = 0 } = response;
        response.on('error', (thrown) => fail(problemOf('cut-off', base, messageOf(thrown))));
        if (statusCode === 304) {
          response.resume();
          clearTimeout(silence);
          clearTimeout(deadline);
          resolve('unchanged');
          return;
        }
        if (statusCode !== 200) return fail(statusProblem(base, url, response));
        const chunks: Buffer[] = [];
        let length = 0;
        response.on('data', (chunk: Buffer) => {
          clearTimeout(silence);
          length += chunk.byteLength;
          if (length > maxLength) return fail(problemOf('endless', base, `more than ${maxLength} bytes`));
          silence = setTimeout(slow, timeoutMs);
          chunks.push(chunk);
        });
        response.on('end', () => {
          clearTimeout(silence);
          clearTimeout(deadline);
          if (!response.complete) return fail(problemOf('cut-off', base));
          resolve({ body: Buffer.concat(chunks), etag: etagOf(response) });
        });
      });
      request.end();
    });
  }
}

function etagOf({ headers: { etag } }: IncomingMessage): string | undefined {
  return etag !== undefined && etag.length <= 200 ? etag : undefined;
}

function statusProblem(base: string, url: string, { statusCode = 0 }: IncomingMessage): Error {
  if (statusCode === 403 || statusCode === 404) return new MissingFile(statusCode, url);
  if (statusCode === 401) return problemOf('wrong-token', base, '401');
  if (statusCode >= 300 && statusCode < 400) return problemOf('redirect', base, String(statusCode));
  return problemOf('server-error', base, String(statusCode));
}

/** What OpenSSL and Node say where a certificate is not good; `ERR_TLS_CERT_ALTNAME_INVALID` where it is another host's. */
const CERTIFICATE_CODES = /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)/;

function connectionProblem(base: string, thrown: Error): FleetProblem {
  if (thrown instanceof FleetProblem) return thrown;
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
  const kind: ProblemKind = CERTIFICATE_CODES.test(code) ? 'untrusted-certificate' : 'unreachable';
  return problemOf(kind, base, code === '' ? messageOf(thrown) : code, thrown);
}
