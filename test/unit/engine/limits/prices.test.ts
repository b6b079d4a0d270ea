import { describe, expect, it } from 'vitest';
import { costOf, LIST_PRICES, priceOf } from '../../../../main/engine/limits/prices.ts';

const tokens = (more: object = {}) => ({ input: 0, output: 0, cacheRead: 0, cacheWrite: 0, ...more });

describe('a model’s price', () => {
  it.each([
    ['claude-sonnet-4-5-20250929', 3],
    ['anthropic/claude-sonnet-4.5', 3],
    ['us.anthropic.claude-opus-4-5-20251101-v1:0', 5],
    ['claude-opus-4-1-20250805', 15],
    ['gpt-5', 1.25],
    ['gpt-5-mini-2025-08-07', 0.25],
    ['gpt-5.1-codex-mini', 0.25],
    ['gpt-4.1-nano', 0.1],
    ['models/gemini-2.5-flash-lite', 0.1],
  ])('of %s is the list’s', (model, input) => {
    expect(priceOf([model], {})?.input).toBe(input);
  });

  it('is the settings’ where they have one, and of several patterns the closest', () => {
    const own = { 'claude-*': { input: 1, output: 2 }, 'claude-sonnet-*': { input: 9, output: 9 } };
    expect(priceOf(['claude-sonnet-4-5'], own)).toBe(own['claude-sonnet-*']);
    expect(priceOf(['claude-opus-4-5'], own)).toBe(own['claude-*']);
  });

  it('is the one of the model that answered, where the one that was asked for has none', () => {
    expect(priceOf(['company-default', 'gpt-5.2-2025-12-11'], {})?.output).toBe(14);
    expect(priceOf(['company-default', undefined], {})).toBeUndefined();
  });

  it.each(Object.entries(LIST_PRICES))('%s has figures that can be', (_model, { input, output, cacheRead = 0, cacheWrite = input }) => {
    expect(output).toBeGreaterThan(input);
    expect(cacheRead).toBeLessThan(input);
    expect(cacheWrite).toBeGreaterThanOrEqual(input);
  });
});

describe('a cost', () => {
  const price = { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 };

  it.each([
    ['input and output', tokens({ input: 1_000_000, output: 100_000 }), 4_500_000],
    ['input that the provider had', tokens({ input: 1_000_000, cacheRead: 900_000 }), 570_000],
    ['input that the provider keeps', tokens({ input: 1_000_000, cacheWrite: 1_000_000 }), 3_750_000],
    ['the least, rounded up', tokens({ input: 1, cacheRead: 1 }), 1],
    ['nothing', tokens(), 0],
  ])('of %s is in millionths of a dollar', (_what, used, expected) => {
    expect(costOf(used, price)).toBe(expected);
  });

  it('takes the input’s price for the cache where there is no other', () => {
    expect(costOf(tokens({ input: 10, cacheRead: 10 }), { input: 2, output: 2 })).toBe(20);
  });
});
