/**
 * What models cost: the providers' public list prices for a million tokens, as they stood at the end of 2025. They are a beginning, not
 * an invoice: no discounts, no batches, no surcharge for long contexts. `prices` in settings, or a fleet's bundle, replaces them.
 */

import type { Settings } from '../../contract/settings.ts';
import { nameMatches } from './names.ts';

export type Price = Settings['prices'][string];

/** What the figures are of, for whoever is shown a sum. */
export const PRICES_AS_OF = '2025-12';

/** Patterns of models' names, with what may stand before and after: a platform's prefix, a date. The longest that fits counts. */
export const LIST_PRICES: Readonly<Record<string, Price>> = {
  // https://www.anthropic.com/pricing. What is written to the cache for five minutes.
  '*claude-opus-4*': { input: 15, output: 75, cacheRead: 1.5, cacheWrite: 18.75 },
  '*claude-opus-4-5*': { input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25 },
  '*claude-opus-4.5*': { input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25 },
  '*claude-3-opus*': { input: 15, output: 75, cacheRead: 1.5, cacheWrite: 18.75 },
  '*claude-sonnet-4*': { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 },
  '*claude-3-7-sonnet*': { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 },
  '*claude-3-5-sonnet*': { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 },
  '*claude-haiku-4-5*': { input: 1, output: 5, cacheRead: 0.1, cacheWrite: 1.25 },
  '*claude-haiku-4.5*': { input: 1, output: 5, cacheRead: 0.1, cacheWrite: 1.25 },
  '*claude-3-5-haiku*': { input: 0.8, output: 4, cacheRead: 0.08, cacheWrite: 1 },
  '*claude-3-haiku*': { input: 0.25, output: 1.25, cacheRead: 0.03, cacheWrite: 0.3 },
  // https://openai.com/api/pricing
  '*gpt-5.2*': { input: 1.75, output: 14, cacheRead: 0.175 },
  '*gpt-5.1*': { input: 1.25, output: 10, cacheRead: 0.125 },
  '*gpt-5.1-codex-mini*': { input: 0.25, output: 2, cacheRead: 0.025 },
  '*gpt-5': { input: 1.25, output: 10, cacheRead: 0.125 },
  '*gpt-5-20*': { input: 1.25, output: 10, cacheRead: 0.125 },
  '*gpt-5-codex*': { input: 1.25, output: 10, cacheRead: 0.125 },
  '*gpt-5-mini*': { input: 0.25, output: 2, cacheRead: 0.025 },
  '*gpt-5-nano*': { input: 0.05, output: 0.4, cacheRead: 0.005 },
  '*gpt-4.1*': { input: 2, output: 8, cacheRead: 0.5 },
  '*gpt-4.1-mini*': { input: 0.4, output: 1.6, cacheRead: 0.1 },
  '*gpt-4.1-nano*': { input: 0.1, output: 0.4, cacheRead: 0.025 },
  '*gpt-4o*': { input: 2.5, output: 10, cacheRead: 1.25 },
  '*gpt-4o-mini*': { input: 0.15, output: 0.6, cacheRead: 0.075 },
  o3: { input: 2, output: 8, cacheRead: 0.5 },
  'o4-mini*': { input: 1.1, output: 4.4, cacheRead: 0.275 },
  // https://ai.google.dev/pricing, for prompts of up to 200,000 tokens.
  '*gemini-3-pro*': { input: 2, output: 12, cacheRead: 0.2 },
  '*gemini-2.5-pro*': { input: 1.25, output: 10, cacheRead: 0.125 },
  '*gemini-2.5-flash*': { input: 0.3, output: 2.5, cacheRead: 0.03 },
  '*gemini-2.5-flash-lite*': { input: 0.1, output: 0.4, cacheRead: 0.01 },
  '*gemini-2.0-flash*': { input: 0.1, output: 0.4, cacheRead: 0.025 },
};

/** Of the first of these names that has one; undefined where none has. Settings' prices before the list's. */
export function priceOf(names: readonly (string | undefined)[], own: Settings['prices']): Price | undefined {
  for (const name of names) {
    const price = name === undefined ? undefined : (best(name, own) ?? best(name, LIST_PRICES));
    if (price) return price;
  }
  return undefined;
}

/** Tokens, of which `cacheRead` and `cacheWrite` are a part of the input. */
export interface Tokens {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

/** Millionths of a US dollar, whole: a dollar for a million tokens is one for a token. Rounded up. */
export function costOf({ input, output, cacheRead, cacheWrite }: Tokens, price: Price): number {
  const fresh = Math.max(0, input - cacheRead - cacheWrite);
  const sum =
    fresh * price.input +
    cacheRead * (price.cacheRead ?? price.input) +
    cacheWrite * (price.cacheWrite ?? price.input) +
    output * price.output;
  // Prices are decimal: 12 × 0.3 is a little more than 3.6, which is no token more.
  return Math.ceil(Math.round(sum * 1e6) / 1e6);
}

/** The pattern with the most letters that are not stars. */
function best(name: string, prices: Readonly<Record<string, Price>>): Price | undefined {
  let found: { readonly price: Price; readonly letters: number } | undefined;
  for (const [pattern, price] of Object.entries(prices)) {
    const letters = pattern.replaceAll('*', '').length;
    if ((!found || letters > found.letters) && nameMatches(pattern, name)) found = { price, letters };
  }
  return found?.price;
}
