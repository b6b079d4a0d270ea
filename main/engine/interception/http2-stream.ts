/** What client and provider have in common in HTTP/2 (RFC 9113): one stream's body, its trailers, and how it breaks off. */

import { constants, type Http2Stream, type Settings } from 'node:http2';
import { trailerFields } from './http2-fields.ts';
import type { Incoming } from './message.ts';

/** As much as a sender may be ahead of a reader, on one stream. What is held back waits with its sender. */
const WINDOW_BYTES = 256 * 1024;
/** As large as any server that we know takes. */
const HEADER_LIST_BYTES = 64 * 1024;

export const SETTINGS: Settings = { enablePush: false, initialWindowSize: WINDOW_BYTES, maxHeaderListSize: HEADER_LIST_BYTES };

/** What one session may cost. Node's own bounds hold for pings, settings and invalid frames. */
export const SESSION_LIMITS = {
  settings: SETTINGS,
  maxHeaderListPairs: 1_000,
  /** Megabytes, by Node's account of streams and what waits to be sent. */
  maxSessionMemory: 64,
  /** What came twice goes on twice: servers behind others say `x-content-type-options` and `date` again. */
  strictSingleValueFields: false,
} as const;

/**
 * To be called in the event that brings the stream: what comes and finds no reader then is dropped by Node. `ended` tells whether all of
 * it came.
 */
export function http2Incoming(stream: Http2Stream, ended: () => boolean): Incoming {
  let trailers: readonly string[] = [];
  stream.on('error', () => undefined);
  stream.once('trailers', (_headers: unknown, _flags: unknown, raw?: readonly string[]) => {
    trailers = raw ?? [];
  });
  stream.read(0);
  return {
    stream,
    // A stream that was reset ends like one that is complete: its code tells.
    whole: () => ended() && stream.rstCode === constants.NGHTTP2_NO_ERROR,
    trailers: () => trailers,
  };
}

/** The sending side of a stream that was begun with `waitForTrailers`. `ended` is called when its end is on its way. */
export interface Outgoing {
  end(trailers: readonly string[], last?: Uint8Array): void;
  /** At once: what is not yet on its way is dropped. The other side never takes it for the end. */
  reset(code: number): void;
}

export function http2Outgoing(stream: Http2Stream, ended?: () => void): Outgoing {
  let ending: readonly string[] | undefined;
  stream.once('wantTrailers', () => {
    // To close a stream is to end it, for Node; without its trailers it stays open until its reset.
    if (!ending || stream.closed) return;
    try {
      stream.sendTrailers(trailerFields(ending));
    } catch {
      // Node takes them for malformed. Thrown from its event, that would end the engine.
      return reset(constants.NGHTTP2_INTERNAL_ERROR);
    }
    ended?.();
  });
  return {
    end(trailers, last) {
      ending = trailers;
      if (last && last.byteLength > 0) stream.end(last);
      else stream.end();
    },
    reset,
  };

  function reset(code: number): void {
    ending = undefined;
    if (stream.destroyed) return;
    stream.close(code);
    // What came and was not read would keep it open, as would one that takes no more of it.
    stream.unpipe();
    stream.resume();
  }
}
