/** HTTP/2 (RFC 9113) on the provider's side: one session for the streams of one client's connection. */

import { type ClientHttp2Stream, connect, constants } from 'node:http2';
import type { Socket } from 'node:net';
import { values } from './headers.ts';
import { brokenOff, tooLate } from './http1-upstream.ts';
import { http2Fields, plainFields } from './http2-fields.ts';
import { http2Incoming, http2Outgoing, SESSION_LIMITS } from './http2-stream.ts';
import type { Answered, ProviderRequest, Sending } from './message.ts';
import { authorityOf, type Target } from './target.ts';

export interface Http2Session {
  /** Whether it takes another request. */
  open(): boolean;
  /** Begins a request. Throws where Node takes its headers for malformed. */
  begin(request: ProviderRequest): Sending;
  close(): void;
}

/** On a socket that has agreed on HTTP/2. The session is the socket's owner from now on. */
export function openHttp2(socket: Socket, target: Target): Http2Session {
  const session = connect(`https://${authorityOf(target)}`, { ...SESSION_LIMITS, createConnection: () => socket });
  // What fails is told by each stream.
  session.on('error', () => undefined);
  let requests = 0;

  return {
    open: () => !session.closed && !session.destroyed && !socket.destroyed,
    begin({ method, path, headers, bodiless }) {
      const authority = values(headers, 'host')[0] ?? authorityOf(target);
      const stream = session.request(
        [':method', method, ':authority', authority, ':scheme', 'https', ':path', path, ...http2Fields(headers)],
        bodiless ? { endStream: true } : { endStream: false, waitForTrailers: true },
      );
      const reused = requests > 0;
      requests += 1;
      return sending(stream, target, reused);
    },
    close: () => session.destroy(),
  };
}

function sending(stream: ClientHttp2Stream, target: Target, reused: boolean): Sending {
  const out = http2Outgoing(stream);
  const ended = endOf(stream);
  stream.on('error', () => undefined);
  const abort = () => out.reset(constants.NGHTTP2_CANCEL);
  return {
    body: stream,
    end: out.end,
    answered: (patienceMs) => answerTo({ stream, target, reused, patienceMs, ended, abort }),
    abort,
  };
}

/**
 * Whether the provider has ended its answer. A reset without an error looks the same to a reader, but may come in the middle of an answer,
 * or after its end to let go of the rest of a request (RFC 9113 §8.1). Node pushes the end in both cases; the stream is closed in one.
 */
function endOf(stream: ClientHttp2Stream): () => boolean {
  // Node's readers stop where a stream is `aborted`: when its request is let go of, although its answer has ended well.
  Object.defineProperty(stream, 'aborted', { value: undefined });
  const push = stream.push.bind(stream);
  let ended = false;
  stream.push = (chunk: unknown, encoding?: BufferEncoding) => {
    ended ||= chunk === null && !stream.closed;
    return push(chunk, encoding);
  };
  return () => ended;
}

function answerTo(asked: {
  stream: ClientHttp2Stream;
  target: Target;
  reused: boolean;
  patienceMs: number;
  ended(): boolean;
  abort(): void;
}): Promise<Answered> {
  const { stream, target, reused, patienceMs, ended, abort } = asked;
  return new Promise((resolve) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      abort();
    }, patienceMs);
    const settle = (answered: Answered) => {
      clearTimeout(timer);
      resolve(answered);
    };
    stream.once('response', (_headers: unknown, flags: number, raw: string[]) => {
      const bodiless = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
      const head = { status: Number(values(raw, ':status')[0] ?? 0), statusMessage: '', rawHeaders: plainFields(raw) };
      settle({ kind: 'response', response: { head, body: http2Incoming(stream, ended), bodiless, abort } });
    });
    const failed = (error?: Error & { readonly code?: string }) => {
      if (late) return settle(tooLate(target, patienceMs));
      if (stream.rstCode === constants.NGHTTP2_REFUSED_STREAM) return settle({ kind: 'stale', untouched: true });
      const lost = error?.code === 'ECONNRESET' || error?.code === 'EPIPE' || (!error && stream.session?.destroyed !== false);
      settle(reused && lost ? { kind: 'stale', untouched: false } : brokenOff(target, error));
    };
    stream.once('error', failed);
    stream.once('close', () => failed());
  });
}
