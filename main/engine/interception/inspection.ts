/** What interception asks of the engine about an exchange. It knows of no policy, approval or audit. */

import type { Process } from '../../contract/action.ts';
import type { HttpAnswer, RequestHead, ResponseHead } from '../protocols/pieces.ts';
import type { Attempt } from './outgoing.ts';

/** The connection that an exchange came on. */
export interface Client {
  /** Unique in this engine's life. */
  readonly connection: string;
  /** Resolved off the hot path; undefined where the process cannot be found. Never rejects. */
  readonly process: Promise<Process | undefined>;
  /** Login name of whose connection it is, which can be known where the process is not. Never rejects. */
  readonly user?: Promise<string | undefined>;
}

export type RequestBody =
  | { readonly kind: 'whole'; readonly bytes: Uint8Array }
  | { readonly kind: 'unread'; readonly why: 'too-long' | 'undecodable' };

export interface Inspector {
  /**
   * Asked when a request's head is there.
   * - `inspect`: its body is read whole, its content encoding undone, and `request` is asked before anything leaves.
   * - `opaque`: `request` is asked at once, with a body that is not read; that then streams on while the answer comes. For requests whose
   *   body may go on as long as their answer does (gRPC).
   * - `stream`: it goes on unread, both ways; `passed` is told. For paths on a provider's host that carry no model call.
   */
  plan(head: RequestHead): 'inspect' | 'opaque' | 'stream';
  request(exchange: InspectedRequest): Promise<RequestOutcome>;
  passed(exchange: PassedExchange): void;
  /** Asked before anything is dialled for a connection that is only tunnelled. Never rejects: what goes wrong refuses. */
  connect(asked: ConnectRequest): Promise<ConnectOutcome>;
  /** Asked when a client wants a WebSocket (RFC 6455) on an intercepted connection, before the provider hears of it. */
  upgrade(asked: UpgradeRequest): Promise<UpgradeOutcome>;
  connection(event: ConnectionEvent): void;
}

export interface InspectedRequest {
  readonly id: string;
  readonly client: Client;
  readonly head: RequestHead;
  readonly body: RequestBody;
  /** Aborted when the client goes away before its answer is complete. */
  readonly signal: AbortSignal;
}

export type RequestOutcome =
  /** The bytes go on as they came, encoding included; or `body` does in their place, in no encoding. */
  | { readonly kind: 'forward'; readonly response: ResponseInspector; readonly body?: Uint8Array }
  | { readonly kind: 'answer'; readonly answer: HttpAnswer }
  /**
   * The verdict takes longer than clients wait for a head, so the client is given this one at once. What `settle` writes goes to it
   * until it resolves; then come the body of its `answer`, or what the response's transform writes: the provider's head does not.
   */
  | {
      readonly kind: 'early';
      readonly status: number;
      readonly contentType: string;
      settle(write: (bytes: Uint8Array) => Promise<void>): Promise<RequestOutcome>;
    };

export interface ConnectRequest {
  readonly client: Client;
  /** As `hostName` spells it. */
  readonly host: string;
  readonly port: number;
}

/** `message` says what is wrong and what to do. */
export type ConnectOutcome = { readonly kind: 'release' } | { readonly kind: 'refuse'; readonly message: string };

export interface UpgradeRequest {
  readonly id: string;
  readonly client: Client;
  readonly head: RequestHead;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
}

export type UpgradeOutcome =
  | { readonly kind: 'answer'; readonly answer: HttpAnswer }
  /** The provider is asked; its messages and the client's go through this, whole and uncompressed. */
  | { readonly kind: 'inspect'; readonly socket: SocketInspector };

/** Follows one WebSocket. Each direction is called with one message at a time, in order: the next waits until it has resolved. */
export interface SocketInspector {
  /** Once, when the provider has accepted. */
  start(link: SocketLink): void;
  /** The provider did not accept, and this is its answer: see `ResponseInspector.start`. Its body is looked through as any foreign answer. */
  refused(head: ResponseHead, write: (bytes: Uint8Array) => Promise<void>): ReturnType<ResponseInspector['start']>;
  /** Asked to open it: another than the provider, as it was asked. */
  tried?(attempt: Attempt): void;
  /** The provider could not be reached: what to tell the agent. */
  failed(status: 502 | 504, message: string): HttpAnswer;
  fromClient(message: SocketMessage): Promise<void>;
  fromProvider(message: SocketMessage): Promise<void>;
  /** The provider has closed (`complete`) or was lost (`cut`): what is held is settled, and has left, before it resolves. */
  providerEnded(how: 'complete' | 'cut'): Promise<void>;
  /** What a side sent breaks the protocol or our bounds, or cannot be decoded: it was not passed on, and the socket closes. */
  broken(why: 'malformed' | 'too-long' | 'undecodable'): void;
  /** Once, last. `status` is the provider's to the handshake, 0 where there was none. */
  ended(how: 'complete' | 'client-gone' | 'upstream-failed', status: number): void;
}

/** The two ends of a WebSocket. */
export interface SocketLink {
  /** Each sends a whole message. They resolve when that side can take more, and reject once it is gone. */
  toClient(message: SocketMessage): Promise<void>;
  toProvider(message: SocketMessage): Promise<void>;
  /** Closes both sides after what was sent (RFC 6455 §7.4). Nothing that comes after is told. `reason`: at most 123 bytes. */
  close(code: number, reason: string): void;
}

export interface SocketMessage {
  /** Text in UTF-8, else binary. */
  readonly text: boolean;
  readonly data: Uint8Array;
}

/** Follows one response. */
export interface ResponseInspector {
  /** A way was gone that is not the provider as it was asked; each, in order, before `start` or `failed`. */
  tried?(attempt: Attempt): void;
  /**
   * The provider's head is there. `transform`: the body goes through decoded (`identity`), chunked, the head leaving at once;
   * `answer`: nothing of it goes through, and this is what the client gets. `write` resolves when the client's socket can take more;
   * it rejects once the client is gone.
   */
  start(
    head: ResponseHead,
    write: (bytes: Uint8Array) => Promise<void>,
  ): { kind: 'transform'; transform: ResponseTransform } | { kind: 'answer'; answer: HttpAnswer };
  /** The provider could not be reached, or failed before its head: what to tell the agent. */
  failed(status: 502 | 504, message: string): HttpAnswer;
  /** Once, last: how the exchange ended. */
  ended(how: 'complete' | 'client-gone' | 'upstream-failed'): void;
}

export interface ResponseTransform {
  /** Resolves when its output has left: the provider is not read on before that. */
  push(chunk: Uint8Array): Promise<void>;
  /** The provider's body is complete, or broke off (`cut`); what is held is settled before it resolves. */
  end(how: 'complete' | 'cut'): Promise<void>;
  /** The client has closed its sending side, as one does that has ended. Whether it has gone only shows when something is written to it. */
  doubt(): void;
}

export interface PassedExchange {
  readonly id: string;
  readonly client: Client;
  readonly head: RequestHead;
  readonly status?: number;
  /** Where it went, if not to the provider as it was asked. */
  readonly way?: string;
}

export type ConnectionEvent = {
  readonly client: Client;
  readonly host: string;
  readonly port: number;
} & (
  | { readonly kind: 'intercepted' }
  | { readonly kind: 'tunnelled' }
  /** Decrypted so that its requests carry a header of ours, and for nothing else: it passes unread. */
  | { readonly kind: 'header-only' }
  /** The client's program does not trust our certificate, or broke off the handshake. */
  | { readonly kind: 'tls-refused'; readonly message: string }
  /** Refused by us: what was wrong with it. */
  | { readonly kind: 'refused'; readonly message: string }
);
