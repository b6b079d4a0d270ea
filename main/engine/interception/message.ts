/** HTTP messages whatever their version: what an exchange has of its client, and of its provider. */

import type { Readable, Writable } from 'node:stream';
import type { HttpAnswer, ResponseHead } from '../protocols/pieces.ts';
import type { RequestFraming } from './headers.ts';

/** A body on its way to us. */
export interface Incoming {
  readonly stream: Readable;
  /** Once it has ended: whether all of it came. */
  whole(): boolean;
  /** Names and values in turn; complete when it has ended. */
  trailers(): readonly string[];
}

/** A client's request, and the place for its answer. */
export interface Asking {
  readonly method: string;
  /** `1.0`, `1.1` or `2.0`. */
  readonly httpVersion: string;
  /** In HTTP/2, of the target that the request is for. */
  readonly scheme?: string;
  /** Names and values in turn, as received. Of HTTP/2: with `:authority` as Host, and without the other pseudo-headers. */
  readonly rawHeaders: readonly string[];
  /** Undefined where the head is ambiguous about it. */
  readonly framing: RequestFraming | undefined;
  readonly body: Incoming;
  readonly answer: Answer;
  /** Calls when the client has closed its sending side, as one does that has ended, at once where it has. Returns what stops that. */
  onceHalfClosed(tell: () => void): () => void;
}

/** The way back to a client. */
export interface Answer {
  /** Open after `sendHead`. */
  readonly body: Writable;
  headSent(): boolean;
  /** The head leaves at once. `bodiless`: it is all there is. Throws where it is malformed. */
  sendHead(head: ResponseHead, bodiless: boolean): void;
  /** The whole answer has been written. */
  end(trailers: readonly string[]): void;
  /** Answers in the provider's place; breaks off where the provider's head has left. */
  give(answer: HttpAnswer): void;
  /** What was written leaves first; the client then sees an answer without its end, as the provider's was. */
  breakOff(): void;
  /** No answer at all: the client's own library knows whether to try again. `untouched`: the provider has done nothing. */
  drop(untouched: boolean): void;
  /** Whether the answer ended and all of it has left. */
  left(): boolean;
  onceClosed(tell: () => void): void;
}

/** What the provider is asked. */
export interface ProviderRequest {
  readonly method: string;
  /** In origin-form. */
  readonly path: string;
  /** Names and values in turn, as HTTP/1.1 has them: with Host, and with what frames the body. */
  readonly headers: string[];
  readonly bodiless: boolean;
}

/** A request on its way to the provider. */
export interface Sending {
  readonly body: Writable;
  end(trailers: readonly string[], last?: Uint8Array): void;
  /** What comes of it, within `patienceMs`. Never rejects. To be asked once, at once. */
  answered(patienceMs: number): Promise<Answered>;
  /** The provider sees a request that was broken off. */
  abort(): void;
}

export interface ProviderAnswer {
  readonly head: ResponseHead;
  readonly body: Incoming;
  /** Nothing follows the head (HTTP/2's END_STREAM): gRPC tells errors so. */
  readonly bodiless: boolean;
  /** Reads no more of it. */
  abort(): void;
}

export type Answered = { readonly kind: 'response'; readonly response: ProviderAnswer } | Failed;

export type Failed =
  /** `refused`: by us, before anything was dialled. */
  | { readonly kind: 'failed'; readonly status: 502 | 504; readonly message: string; readonly refused?: boolean }
  /** The provider ended an idle connection as this request went out on it, or, `untouched`, said that it has not begun with it. */
  | { readonly kind: 'stale'; readonly untouched: boolean };
