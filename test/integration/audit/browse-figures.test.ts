import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../../main/contract/record.ts';
import { browsing, conversation, logOf, timeOf } from './browse-support.ts';
import { temporaryFolder } from './support.ts';

const one = conversation('claude-1');
const at = (minute: number, entries: AuditEntry[]) => entries.map((entry) => ({ minute, entry }));
const FROM = timeOf(0);
const NONE = { allowed: 0, released: 0, refused: 0, uninspected: 0, asked: 0, waitMs: null };

describe('figures', () => {
  it('count each call once, in the step in which it was decided, with a step for every hour', async () => {
    const file = await logOf(temporaryFolder(), [
      ...at(5, one.call('a', 'allow')),
      ...at(6, one.call('b', 'deny')),
      ...at(10, one.call('c', 'ask')),
      ...at(12, one.ending('c', { approval: 'answered', outcome: 'released' })),
      ...at(20, one.call('d', 'ask')),
      ...at(24, one.ending('d', { approval: 'missed', outcome: 'refused' })),
      // Asked in one hour and answered in the next.
      ...at(59, one.call('e', 'ask')),
      ...at(65, one.ending('e', { approval: 'answered', outcome: 'refused' })),
      ...at(130, one.call('f', 'allow', undefined, { uninspected: 'truncated' })),
      // Nobody was asked.
      ...at(131, one.call('g', 'ask', { approval: 'remembered', outcome: 'released' })),
      // Still open, then withdrawn: nobody has decided.
      ...at(132, one.call('h', 'ask', { approval: 'withdrawn', outcome: 'abandoned' })),
      ...at(133, one.call('i', 'ask')),
      // No call.
      ...at(134, [{ kind: 'verdict', verdict: 'deny', summary: 'Request refused', data: { action: 'send_prompt' } }]),
    ]);
    const { steps, waits } = await browsing(file)('figures', { from: FROM, to: timeOf(180), step: 'hour', offsetMinutes: 0 });
    expect(steps).toEqual([
      { ...NONE, at: timeOf(0), allowed: 1, released: 1, refused: 2, asked: 3, waitMs: 240_000 },
      { ...NONE, at: timeOf(60), refused: 1 },
      { ...NONE, at: timeOf(120), released: 1, uninspected: 1, asked: 2, waitMs: 0 },
    ]);
    expect(waits).toEqual({ asked: 5, median: 180_000, longest: 360_000, missed: 1 });
  });

  it('sum what models have used, the most expensive first, and know no price where there is none', async () => {
    const used = (minute: number, responseModel: string, costMicroUsd: number | null, more = {}) =>
      at(minute, [one.exchange(`${minute}`, { data: { responseModel, counted: { costMicroUsd }, ...more } })]);
    const file = await logOf(temporaryFolder(), [
      ...used(0, 'cheap', 10_000),
      ...used(1, 'dear', 2_000_000),
      ...used(2, 'cheap', 20_000),
      ...used(3, 'free', null),
      ...used(4, 'dear', null, { inputTokens: -5, outputTokens: 1e300 }),
      ...at(5, [one.exchange('refused', { verdict: 'refused' })]),
      ...used(500, 'later', 5),
    ]);
    const { models } = await browsing(file)('figures', { from: FROM, to: timeOf(60), step: 'hour', offsetMinutes: 0 });
    expect(models).toEqual([
      { model: 'dear', exchanges: 2, inputTokens: 1000, outputTokens: 100, usd: 2 },
      { model: 'cheap', exchanges: 2, inputTokens: 2000, outputTokens: 200, usd: 0.03 },
      { model: 'free', exchanges: 1, inputTokens: 1000, outputTokens: 100, usd: null },
    ]);
  });

  it('begin days where the person’s begin, and survive a clock that is set back', async () => {
    const file = await logOf(temporaryFolder(), [
      ...at(0, one.call('a', 'allow')),
      ...at(13 * 60 + 29, one.call('b', 'allow')),
      ...at(13 * 60 + 31, one.call('c', 'ask')),
      ...at(13 * 60, one.ending('c', { approval: 'answered', outcome: 'released' })),
    ]);
    const ask = browsing(file);
    // From India: midnight is at 18:30.
    const { steps, waits } = await ask('figures', { from: FROM, to: timeOf(20 * 60), step: 'day', offsetMinutes: 330 });
    expect(steps).toEqual([
      { ...NONE, at: '2026-11-23T18:30:00.000Z', allowed: 1, released: 0 },
      { ...NONE, at: '2026-11-24T18:30:00.000Z', allowed: 1, released: 1, asked: 1 },
    ]);
    expect(waits).toEqual({ asked: 1, median: null, longest: null, missed: 0 });
    expect((await ask('figures', { from: timeOf(60), to: FROM, step: 'day', offsetMinutes: 0 })).steps).toEqual([]);
    await expect(ask('figures', { from: '0001-01-01T00:00:00Z', to: FROM, step: 'hour', offsetMinutes: 0 })).rejects.toThrow(
      /Ask for a shorter time/,
    );
  });
});
