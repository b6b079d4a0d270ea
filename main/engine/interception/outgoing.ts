/** What interception is told of requests on their way out: what they must carry or lose, and where else they go. It knows nothing of why. */

import type { HttpAnswer, RequestHead } from '../protocols/pieces.ts';
import type { Target } from './target.ts';

/** All that is told of a request to whoever decides on headers: never what else is in its head, or its body. */
export interface Place {
  /** As `hostName` spells it. */
  readonly host: string;
  /** In origin-form. */
  readonly path: string;
}

export interface HeaderEdits {
  /** Whether a header that the client sent does not leave. `name`: in lower case, with `-` for `_`, which many servers take for the same. */
  removes(name: string): boolean;
  /** Names and values in turn, put behind what is left. */
  readonly adds: readonly string[];
}

/** Headers of ours. All of it is asked at each request, and may change at any time. */
export interface OutgoingHeaders {
  /**
   * Whether what is decrypted of a host is read; else it is decrypted for its header alone. Asked when a connection opens, which then
   * stays what it is: what comes on it passes unread, and nobody is told of more than the connection. A header that is needed no longer
   * makes nothing of this read.
   */
  reads(host: string): boolean;
  /** Undefined where nothing changes. */
  editsFor(place: Place): HeaderEdits | undefined;
  /** Why a request does not leave at all, for the log, and what its client is told. */
  refusalOf(place: Place): { readonly message: string; readonly answer: HttpAnswer } | undefined;
}

/** One way that a request may go. */
export interface Way {
  /** Undefined where it goes to the provider itself, as it was asked. */
  readonly elsewhere?: {
    readonly target: Target;
    /** In origin-form. */
    readonly path: string;
    readonly edits: HeaderEdits;
  };
  /** How long it may take to the head of its answer, where another way follows. */
  readonly patienceMs: number;
  /** What the log calls it. */
  readonly name: string;
}

/** What came of a way: a status, or why there is none. */
export interface Attempt {
  readonly way: string;
  readonly status?: number;
  readonly failure?: string;
}

/** Other ways than to the provider that a client has asked for. May change at any time. */
export interface OutgoingWays {
  /** Where requests to a target go first; undefined where that is the target itself. */
  leads(target: Target): Target | undefined;
  /**
   * The ways of a request, to be tried in this order; undefined where there is none but the target. Rejects with `HoldpointError` where
   * no way may be gone: the request then fails, and its target is not asked instead.
   */
  waysFor(head: RequestHead): Promise<readonly [Way, ...Way[]]> | undefined;
}

export interface Outgoing {
  readonly headers?: OutgoingHeaders;
  readonly ways?: OutgoingWays;
}
