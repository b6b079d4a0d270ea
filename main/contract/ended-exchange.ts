/** An exchange's end, for whoever counts what is used. */

import type { Origin } from './action.ts';

/** Tokens of an answer. `inputTokens` is all of the input; what the provider's cache had, or took, is a part of it. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Absent where it was not told, or none. */
  readonly cacheReadTokens?: number;
  readonly cacheWriteTokens?: number;
}

/** Lengths in UTF-16 units or bytes. */
export interface EndedExchange {
  readonly origin: Origin;
  /** `refused` where it never left. */
  readonly how: string;
  /** Of the provider's answer; 0 where none came. */
  readonly status: number;
  /** Length of what was asked of a model; absent where nothing was. */
  readonly asked?: number;
  /** Length of what the model wrote. */
  readonly written: number;
  readonly model?: string | undefined;
  readonly usage?: Usage | undefined;
}
