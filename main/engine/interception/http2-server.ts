/** HTTP/2 (RFC 9113) on the client's side: each stream of a connection is an exchange of its own. */

import { constants, performServerHandshake, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { Duplex } from 'node:stream';
import { messageOf } from '../../contract/errors.ts';
import type { HttpAnswer } from '../protocols/pieces.ts';
import { type RequestFraming, requestFraming, values } from './headers.ts';
import { http2Fields, requestFields } from './http2-fields.ts';
import { http2Incoming, http2Outgoing, SESSION_LIMITS, SETTINGS } from './http2-stream.ts';
import type { Answer, Asking, Incoming } from './message.ts';

/** Agents ask for a handful of things at a time. Each may be held for as long as a person takes. */
export const MOST_STREAMS = 100;
/** Streams that are opened and reset at once cost us a request each (CVE-2023-44487). */
const RESET_BURST = 200;
const RESETS_PER_SECOND = 20;

/** How often it is looked whether an answer is on its way. */
const SENT_MS = 10;

export interface Http2Connection {
  /** Takes no new streams (GOAWAY); ends when the last one has. */
  close(): void;
}

/** Speaks HTTP/2 on a socket that has agreed on it. `broken` is told what a client did that the protocol forbids. */
export function serveHttp2(options: {
  socket: Duplex;
  onAsked(asking: Asking, path: string): void;
  broken(message: string): void;
}): Http2Connection {
  const { socket, onAsked, broken } = options;
  const session: ServerHttp2Session = performServerHandshake(socket, {
    ...SESSION_LIMITS,
    // WebSockets over HTTP/2 (RFC 8441) are not offered: clients then ask for them over HTTP/1.1.
    settings: { ...SETTINGS, maxConcurrentStreams: MOST_STREAMS, enableConnectProtocol: false },
    streamResetBurst: RESET_BURST,
    streamResetRate: RESETS_PER_SECOND,
  });
  // The socket is half open, for HTTP/1.1; here nobody who has ended could still say how much may be sent.
  socket.once('end', () => session.destroy());
  session.on('error', (error) => broken(`The program broke the rules of HTTP/2: ${messageOf(error)}.`));
  session.on('stream', (stream: ServerHttp2Stream, _headers: unknown, _flags: number, raw: string[]) => {
    const { path, ...fields } = requestFields(raw);
    const body = http2Incoming(stream, notCut(stream));
    // The client's wish to be told to continue is met by us, as it must be where the body is read first.
    if (values(fields.rawHeaders, 'expect').some((value) => /^100-continue$/i.test(value))) stream.additionalHeaders({ ':status': 100 });
    onAsked(
      {
        ...fields,
        httpVersion: '2.0',
        framing: framingOf(stream, fields.rawHeaders),
        body,
        answer: answer(stream, body),
        // There is no such thing in HTTP/2: a connection whose one side has ended is over.
        onceHalfClosed: () => () => undefined,
      },
      path,
    );
  });
  return {
    close() {
      if (!session.destroyed) session.close();
    },
  };
}

/** Whether a client's request was not cut. */
function notCut(stream: ServerHttp2Stream): () => boolean {
  let cut = false;
  stream.once('aborted', () => {
    // Also said when a body had ended and only the other direction was cut.
    cut = !stream.readableEnded;
    // Who takes a request back has gone. Reset without an error, it would last until its body was read.
    stream.unpipe();
    stream.resume();
  });
  return () => !cut;
}

/** A body's end is marked by its frames; what its head says of its length was checked against them by nghttp2 (§8.1.1). */
function framingOf(stream: ServerHttp2Stream, rawHeaders: readonly string[]): RequestFraming | undefined {
  const framing = requestFraming(rawHeaders, '2.0');
  return framing === 'none' && !stream.endAfterHeaders ? 'chunked' : framing;
}

function answer(stream: ServerHttp2Stream, body: Incoming): Answer {
  const out = http2Outgoing(stream, letGo);
  let ended = false;

  return {
    body: stream,
    headSent: () => stream.headersSent,
    sendHead({ status, rawHeaders }, bodiless) {
      respond([':status', String(status), ...http2Fields(rawHeaders)], bodiless);
    },
    end,
    give({ status, contentType, body, headers = [] }: HttpAnswer) {
      if (stream.headersSent || stream.closed) return reset(constants.NGHTTP2_INTERNAL_ERROR);
      const isEmpty = body.byteLength === 0;
      respond([':status', String(status), 'content-type', contentType, 'content-length', String(body.byteLength), ...headers], isEmpty);
      if (!isEmpty) end([], body);
    },
    breakOff() {
      if (stream.destroyed) return;
      // Called when all that was written before is on its way.
      stream.write(NOTHING, () => reset(constants.NGHTTP2_INTERNAL_ERROR));
    },
    drop: (untouched) => reset(untouched ? constants.NGHTTP2_REFUSED_STREAM : constants.NGHTTP2_INTERNAL_ERROR),
    left: () => ended && stream.writableFinished && stream.rstCode === constants.NGHTTP2_NO_ERROR,
    onceClosed: (tell) => void stream.once('close', tell),
  };

  function respond(fields: string[], bodiless: boolean): void {
    if (bodiless) ended = true;
    stream.respond(fields, bodiless ? HEAD_ONLY : WITH_BODY);
    if (bodiless) letGo();
  }

  function end(trailers: readonly string[], last?: Uint8Array): void {
    if (ended || stream.destroyed) return;
    ended = true;
    out.end(trailers, last);
  }

  /** Who has its whole answer need not finish its request (§8.1); unread, it would keep the stream open. */
  function letGo(): void {
    if (body.stream.readableEnded) return;
    stream.resume();
    if (!stream.endAfterHeaders) resetOnceSent();
  }

  /** A reset overtakes what still waits to be sent, the head itself too. Node tells of that only where it is asked. */
  function resetOnceSent(): void {
    if (stream.destroyed) return;
    if (stream.state.localClose === 1) out.reset(constants.NGHTTP2_NO_ERROR);
    else setTimeout(resetOnceSent, SENT_MS);
  }

  function reset(code: number): void {
    ended = false;
    out.reset(code);
  }
}

/** Node knows `sendDate`, its types do not: the date is the provider's. */
const HEAD_ONLY = { endStream: true, sendDate: false };
const WITH_BODY = { waitForTrailers: true, sendDate: false };
const NOTHING = Buffer.alloc(0);
