/** One HTTP request to the collector, within bounds. What comes back is not trusted: no redirect is followed, no long body read. */

import { type AgentOptions, Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { Encoded } from './encode.ts';

export interface Posted {
  readonly status: number;
  readonly contentType: string;
  readonly retryAfter: string | undefined;
  readonly body: Buffer;
}

export interface PostOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly userAgent: string;
  /** What an https collector may be signed by, in PEM. */
  readonly roots: readonly string[];
  /** As a URL with its credentials; directly where absent. */
  readonly proxy?: string | undefined;
  readonly limits?: PostLimits;
}

/** Milliseconds and bytes. */
export interface PostLimits {
  readonly connectMs: number;
  /** From the connection to the answer's head. */
  readonly headMs: number;
  /** From there to its end. */
  readonly bodyMs: number;
  readonly bodyBytes: number;
}

export interface Post {
  /** Rejects with the reason where no whole answer came. */
  (message: Encoded): Promise<Posted>;
  close(): void;
}

const LIMITS: PostLimits = { connectMs: 10_000, headMs: 30_000, bodyMs: 10_000, bodyBytes: 64 * 1024 };

/** Of each request by itself, whatever the settings say. */
const OURS: ReadonlySet<string> = new Set([
  'content-type',
  'content-encoding',
  'content-length',
  'transfer-encoding',
  'host',
  'connection',
]);

export function createPost({ url, headers, userAgent, roots, proxy, limits = LIMITS }: PostOptions): Post {
  const target = new URL(url);
  const secure = target.protocol === 'https:';
  const given = Object.entries(headers).filter(([name]) => !OURS.has(name.toLowerCase()));
  const shared: AgentOptions = {
    keepAlive: true,
    maxSockets: 1,
    ...(proxy !== undefined && { proxyEnv: { HTTP_PROXY: proxy, HTTPS_PROXY: proxy } }),
  };
  const agent = secure ? new HttpsAgent({ ...shared, ca: [...roots] }) : new HttpAgent(shared);

  const post = async (message: Encoded): Promise<Posted> => {
    try {
      return await once(message);
    } catch (error) {
      if (error instanceof Stale) return once(message);
      throw error;
    }
  };
  return Object.assign(post, { close: () => agent.destroy() });

  function once({ body, contentType }: Encoded): Promise<Posted> {
    const { promise, resolve, reject } = Promise.withResolvers<Posted>();
    const request = (secure ? requestHttps : requestHttp)(target, {
      method: 'POST',
      agent,
      headers: {
        'user-agent': userAgent,
        ...Object.fromEntries(given),
        'content-type': contentType,
        'content-encoding': 'gzip',
        'content-length': body.length,
      },
    });
    const within = deadline((error) => request.destroy(error));
    request.once('socket', (socket) => {
      const connected = () => within(limits.headMs, `no answer within ${limits.headMs / 1000} s`);
      if (socket.connecting) socket.once(secure ? 'secureConnect' : 'connect', connected);
      else connected();
    });
    within(limits.connectMs, `no connection within ${limits.connectMs / 1000} s`);
    let answered = false;
    request.once('response', (response) => {
      answered = true;
      within(limits.bodyMs, `the answer was not complete within ${limits.bodyMs / 1000} s`);
      readBody(response, limits.bodyBytes).then((read) => resolve(posted(response, read)), reject);
    });
    // It stays: an error after the answer must not end the thread.
    request.on('error', (error) => reject(request.reusedSocket && !answered && isReset(error) ? new Stale() : error));
    request.end(body);
    return promise.finally(() => within(undefined, ''));
  }
}

/** A connection that the collector had ended while it was idle. */
class Stale extends Error {}

function isReset(error: Error): boolean {
  return 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
}

/** Each call ends the deadline before it. */
function deadline(end: (error: Error) => void): (ms: number | undefined, why: string) => void {
  let timer: NodeJS.Timeout | undefined;
  return (ms, why) => {
    clearTimeout(timer);
    if (ms !== undefined) timer = setTimeout(() => end(new Error(why)), ms);
  };
}

/** Of what is no success as much as may be read: a page that says what is wrong can be long. */
async function readBody(response: IncomingMessage, most: number): Promise<Buffer> {
  const { statusCode = 0 } = response;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > most && statusCode < 300) throw new Error(`its answer is longer than ${most} bytes`);
    if (size > most) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function posted({ statusCode = 0, headers }: IncomingMessage, body: Buffer): Posted {
  return { status: statusCode, contentType: headers['content-type'] ?? '', retryAfter: headers['retry-after'], body };
}
