/** What an exchange has used, from what its provider told, or by estimate where it told nothing. */

import type { EndedExchange } from '../../contract/ended-exchange.ts';
import type { Json } from '../../contract/record.ts';
import type { Settings } from '../../contract/settings.ts';
import type { Sum, User } from './ledger.ts';
import { costOf, priceOf, type Tokens } from './prices.ts';

/** A record of an exchange, as far as it tells what was used. */
export interface PastExchange {
  readonly at: string;
  readonly data: { readonly [key: string]: unknown };
}

export interface Use extends Sum {
  readonly estimated: boolean;
}

/** Undefined where no model has worked: nothing was asked of one, it never left, or the provider refused it. */
export function useOf(ended: EndedExchange, prices: Settings['prices']): Use | undefined {
  const { asked, how, status, origin, model } = ended;
  if (asked === undefined || how === 'refused' || !mayHaveWorked(status)) return undefined;
  const { tokens, estimated } = tokensOf(ended, asked);
  return { ...sumOf(tokens, [origin.model, model], prices), estimated };
}

/** What a request may come to: its input by its length, and a guess at its answer. */
export function likely(length: number, model: string | undefined, prices: Settings['prices']): Sum {
  return sumOf({ input: estimate(length), output: LIKELY_OUTPUT, cacheRead: 0, cacheWrite: 0 }, [model], prices);
}

/** As it stands in an exchange's record, so that a later start knows of it. */
export function countedData(who: User, { tokens, cost, unpriced, estimated }: Use): Json {
  return { user: who.user, agent: who.agent, model: who.model, tokens, costMicroUsd: unpriced > 0 ? null : cost, estimated };
}

/** What `countedData` has written. Undefined where a record has none, or something else. */
export function countedIn({ data }: Pick<PastExchange, 'data'>): { readonly who: User; readonly sum: Sum } | undefined {
  const { counted } = data;
  if (typeof counted !== 'object' || counted === null || Array.isArray(counted)) return undefined;
  const { user, agent, model, tokens, costMicroUsd } = counted as { readonly [key: string]: unknown };
  if (typeof user !== 'string' || typeof agent !== 'string' || typeof model !== 'string' || !isCount(tokens)) return undefined;
  const unpriced = !isCount(costMicroUsd);
  return { who: { user, agent, model }, sum: { requests: 1, tokens, cost: unpriced ? 0 : costMicroUsd, unpriced: unpriced ? 1 : 0 } };
}

/** Of an answer that has not come yet, in tokens. */
const LIKELY_OUTPUT = 1_000;
/** As a rule of thumb for what models read. */
const LENGTH_OF_TOKEN = 4;
/** The status of an exchange on an open socket. */
const SWITCHING_PROTOCOLS = 101;

function tokensOf({ usage, how, written }: EndedExchange, asked: number): { readonly tokens: Tokens; readonly estimated: boolean } {
  if (!usage) return { tokens: { input: estimate(asked), output: estimate(written), cacheRead: 0, cacheWrite: 0 }, estimated: true };
  const { inputTokens: input, outputTokens, cacheReadTokens: cacheRead = 0, cacheWriteTokens: cacheWrite = 0 } = usage;
  // Streams tell the output last: one that was broken off before has told less than there was.
  const output = how === 'complete' ? outputTokens : Math.max(outputTokens, estimate(written));
  return { tokens: { input, output, cacheRead, cacheWrite }, estimated: output > outputTokens };
}

function sumOf(tokens: Tokens, models: readonly (string | undefined)[], prices: Settings['prices']): Sum {
  const price = priceOf(models, prices);
  return { requests: 1, tokens: tokens.input + tokens.output, cost: price ? costOf(tokens, price) : 0, unpriced: price ? 0 : 1 };
}

/** What a provider refuses it does not ask money for. */
function mayHaveWorked(status: number): boolean {
  return status === 0 || status === SWITCHING_PROTOCOLS || (status >= 200 && status < 300);
}

function estimate(length: number): number {
  return Math.ceil(length / LENGTH_OF_TOKEN);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
