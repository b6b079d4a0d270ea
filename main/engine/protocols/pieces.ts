/** What a protocol makes of bytes, and what stands between a tool call and the agent. Pure: no sockets, no clock, no policy. */

import type { ProtocolName, ToolCall, Uninspected } from '../../contract/action.ts';
import type { Usage } from '../../contract/ended-exchange.ts';
import type { ContentBlock } from '../../contract/record.ts';
import type { Refusal } from '../../contract/verdict.ts';

/** The calls of this response that were refused so far, with why. */
export type Refusals = ReadonlyMap<ToolCall, Refusal>;

/**
 * In order. With nothing refused, the bytes of `pass` and `held` are together the provider's own, for any cutting of the input.
 * - `pass` goes out at once.
 * - `call` has no bytes: it is complete, is judged on arrival, and nothing after it leaves before its verdict.
 * - `held` follows the calls that it depends on: the call's own bytes, a stop reason, an event that repeats the call.
 */
export type Piece =
  | { readonly kind: 'pass'; readonly bytes: Uint8Array }
  | { readonly kind: 'call'; readonly call: ToolCall }
  | {
      readonly kind: 'held';
      /** Called once, in order, when every call before it has its verdict. Empty where nothing is to be written. */
      bytes(refused: Refusals): Uint8Array;
    };

/** What a response told besides its calls; complete after `end`. */
export interface ResponseSummary {
  readonly model?: string;
  readonly stopReason?: string;
  readonly usage?: Usage;
  /** The model's own text, at most 64 KB of it. */
  readonly text: string;
}

export interface ResponseDecoder {
  /** Takes any cutting of the body, down to single bytes. Never throws: what cannot be read comes out as an uninspected call. */
  push(chunk: Uint8Array): Piece[];
  /** The body has ended; a call still open comes out as `truncated`. */
  end(): Piece[];
  /** Something of the provider's own shape that changes nothing and keeps the agent waiting. Valid only between pieces. */
  keepalive(): Uint8Array;
  summary(): ResponseSummary;
}

/** What a request says, as far as guarding needs it. */
export interface AgentRequest {
  readonly model?: string;
  readonly streamed: boolean;
  /** The protocol's own conversation id, where it has one. */
  readonly session?: string;
  /** Hash of the conversation so far (roles, texts, tool results; not cache marks or sampling options): the same for a retry. */
  readonly place: string;
  /** Hash of the conversation's beginning: its first user message. The same through a conversation. */
  readonly opening: string;
  /** Working directory that the agent states, where it does. */
  readonly cwd?: string;
  /** Names of the tools offered. */
  readonly tools: readonly string[];
  /** Every block of the conversation, in order, for the record. */
  readonly blocks: readonly ContentBlock[];
  /** The newest tool result's tool and, where it can be told, what it read: "CONTRIBUTING.md". For "where the idea came from". */
  readonly after?: string;
}

export type RequestReading =
  | { readonly kind: 'read'; readonly request: AgentRequest }
  | { readonly kind: 'uninspected'; readonly why: Uninspected };

export interface RequestHead {
  readonly method: string;
  /** Host of the target, from CONNECT, without port, lower case. */
  readonly host: string;
  readonly port: number;
  /** Path and query. */
  readonly path: string;
  /** Names and values in turn, as received. */
  readonly rawHeaders: readonly string[];
}

/** Where a request goes. Without a host it is asked whether any host's would be recognised. */
export type RequestTarget = Pick<RequestHead, 'method' | 'path'> & { readonly host?: string };

export interface ResponseHead {
  readonly status: number;
  readonly statusMessage: string;
  readonly rawHeaders: readonly string[];
}

/** An answer that the guard gives in the provider's place. */
export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
  /** Further headers, names and values in turn. */
  readonly headers?: readonly string[];
}

/** What the agent has in the place of a call, in an answer that the provider keeps and remembers with the call. */
export interface Substitute {
  /** The answer's id. */
  readonly response: string;
  /** The call's item, as the provider wrote it. */
  readonly call: { readonly [key: string]: unknown };
  /** Id and text of the message that stands for it. */
  readonly id: string;
  readonly text: string;
}

/** What is known of earlier answers of the same provider. */
export interface Substitutes {
  of(response: string): readonly Substitute[];
  withId(id: string): Substitute | undefined;
}

export interface DecoderLimits {
  /** Bytes of one call; a longer one is `too-long`. */
  readonly callBytes: number;
  /** Told before the substitute leaves. */
  readonly substituted?: (substitute: Substitute) => void;
}

export interface Protocol {
  readonly name: ProtocolName;
  recognises(target: RequestTarget): boolean;
  /** The body with its content encoding undone. `path`, with its query: some protocols name the model there, and whether it streams. */
  readRequest(body: Uint8Array, path?: string): RequestReading;
  /**
   * The body for a provider that keeps conversations: with a result for each call that was refused, which the agent never saw, and without
   * what only the agent knows. Undefined where it can go as it is, or could not be read.
   */
  readonly mendRequest?: (body: Uint8Array, known: Substitutes) => Uint8Array | undefined;
  /** HTTP 400 in the provider's own error shape; 403 for a page, which shows it to a person. */
  refuseRequest(why: Refusal): HttpAnswer;
  /** HTTP 502 or 504 in the provider's own error shape. */
  failRequest(status: 502 | 504, message: string): HttpAnswer;
  /**
   * For a response with status 200: its decoder by content type; undefined where that is of neither known kind. `path`, with its query:
   * some protocols tell there in which shape the agent expects an answer of which nothing can be read.
   */
  responseDecoder(contentType: string, limits: DecoderLimits, path?: string): ResponseDecoder | undefined;
}

/** The value of a header, by lower-case name; the first where there are several. */
export function header(rawHeaders: readonly string[], name: string): string | undefined {
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) if (rawHeaders[i]?.toLowerCase() === name) return rawHeaders[i + 1];
  return undefined;
}
