/** Figures become sentences and columns that say what they are. */

import { describe, expect, it, vi } from 'vitest';
import type { Figures } from '../../../main/contract/activity.ts';
import {
  costBars,
  costSentence,
  questionsSentence,
  stepsOf,
  verdictsSentence,
  verdictsStrips,
} from '../../../renderer/console/status/figures-data.ts';
import { stretchOf } from '../../../renderer/console/status/figures-range.ts';
import { blocksOf, scaleOf } from '../../../renderer/design/charts/layout.ts';

// Whatever the language of the machine that it runs on, and wherever it stands.
vi.hoisted(() => {
  vi.stubGlobal('navigator', { language: 'en-GB' });
  process.env.TZ = 'Europe/Berlin';
});

const STEP: Figures['steps'][number] = {
  at: '2026-11-27T00:00:00.000Z',
  allowed: 0,
  released: 0,
  refused: 0,
  uninspected: 0,
  asked: 0,
  waitMs: null,
};
const NOTHING: Figures = { steps: [STEP], models: [], waits: { asked: 0, median: null, longest: null, missed: 0 } };

const having = (step: Partial<Figures['steps'][number]>): Figures => ({ ...NOTHING, steps: [{ ...STEP, ...step }] });
const waited = (waits: Partial<Figures['waits']>): Figures => ({ ...NOTHING, waits: { ...NOTHING.waits, ...waits } });
const model = (name: string, usd: number | null): Figures['models'][number] => ({
  model: name,
  exchanges: 1,
  inputTokens: 1000,
  outputTokens: 10,
  usd,
});

describe('the sentence of verdicts', () => {
  it.each([
    ['nothing', {}, undefined],
    ['one that passed', { allowed: 1 }, 'The only tool call in the last 7 days was allowed.'],
    ['all that passed', { allowed: 1400, released: 2 }, 'All 1,402 tool calls in the last 7 days were allowed.'],
    ['some refused', { allowed: 468, refused: 12 }, '12 refused of 480 tool calls in the last 7 days.'],
    ['one refused, alone', { refused: 1 }, '1 refused of 1 tool call in the last 7 days.'],
    ['one unread', { allowed: 3, uninspected: 1 }, 'None refused of 4 tool calls in the last 7 days. One could not be read.'],
  ])('tells of %s', (_what, step, sentence) => {
    expect(verdictsSentence(having(step), 'week')).toBe(sentence);
  });
});

describe('the sentence of questions', () => {
  it.each([
    ['none', {}, 'Nobody was asked anything in the last 24 hours.'],
    ['one', { asked: 1, median: 9_000, longest: 9_000 }, 'One question in the last 24 hours; it was over after 9 seconds.'],
    ['one that is still open', { asked: 1 }, 'One question in the last 24 hours.'],
    [
      'several',
      { asked: 8, median: 14_400, longest: 118_000, missed: 1 },
      '8 questions in the last 24 hours; half of them were over within 14 seconds. The longest wait took 2 minutes. One got no answer and was refused.',
    ],
  ])('tells of %s', (_what, waits, sentence) => {
    expect(questionsSentence(waited(waits), 'hours')).toBe(sentence);
  });
});

describe('costs', () => {
  it('are summed, and say where no price is known', () => {
    const models = [model('a', 3.5), model('b', 0.004), model('c', null)];
    expect(costSentence({ ...NOTHING, models }, 'month')).toBe('$3.50 in the last 30 days, at list prices.');
    expect(costBars({ ...NOTHING, models }).map(({ shown }) => shown)).toEqual(['$3.50', '< $0.01', 'no price known']);
    expect(costSentence({ ...NOTHING, models: [model('c', null)] }, 'month')).toBe('No price is known for these models.');
  });

  it('of many models are those of the first ones and of all others', () => {
    const models = Array.from({ length: 12 }, (_, i) => model(`model-${i}`, 12 - i));
    const bars = costBars({ ...NOTHING, models });
    expect(bars.map(({ name }) => name)).toEqual([...models.slice(0, 6).map(({ model }) => model), '6 other models']);
    expect(bars.at(-1)?.value).toBe(6 + 5 + 4 + 3 + 2 + 1);
  });
});

describe('a column', () => {
  const strip = verdictsStrips(NOTHING)[0]!;

  it('shows the little beside the much, and nothing for nothing', () => {
    const [step] = stepsOf(having({ allowed: 5_000, refused: 1 }), 'week');
    const blocks = blocksOf(strip, step!, scaleOf(strip, [step!]));
    expect(blocks.map(({ key }) => key)).toEqual(['allowed', 'refused']);
    for (const { height } of blocks) expect(height).toBeGreaterThanOrEqual(3);
  });

  it('has the name of its day, also from before the clocks were changed', () => {
    const steps = stepsOf(
      { ...NOTHING, steps: ['2026-03-20T22:00:00.000Z', '2026-04-10T22:00:00.000Z'].map((at) => ({ ...STEP, at })) },
      'month',
    );
    expect(steps.map(({ name }) => name)).toEqual(['Sat 21 Mar', 'Sat 11 Apr']);
  });

  it('has a scale of whole numbers, also where nothing happened', () => {
    for (const counts of [{}, { allowed: 1 }, { allowed: 3 }, { allowed: 117 }, { allowed: 48_213 }]) {
      const steps = stepsOf(having(counts), 'week');
      const { marks } = scaleOf(strip, steps);
      expect(marks.length).toBeGreaterThan(0);
      for (const mark of marks) expect(Number.isInteger(mark)).toBe(true);
      expect(marks.at(-1)).toBeGreaterThanOrEqual(counts.allowed ?? 0);
    }
  });
});

describe('a range', () => {
  const now = new Date('2026-11-28T09:41:07.250Z');

  it.each([
    ['hours', 60, '2026-11-27T10:00:00.000Z', '2026-11-28T10:00:00.000Z', 'hour'],
    ['week', 0, '2026-11-22T00:00:00.000Z', '2026-11-29T00:00:00.000Z', 'day'],
    ['week', -480, '2026-11-22T08:00:00.000Z', '2026-11-29T08:00:00.000Z', 'day'],
    ['month', 330, '2026-10-29T18:30:00.000Z', '2026-11-28T18:30:00.000Z', 'day'],
    // Half an hour beside the whole ones of UTC.
    ['hours', 330, '2026-11-27T10:30:00.000Z', '2026-11-28T10:30:00.000Z', 'hour'],
  ] as const)('of %s ends with the one that is now, %i minutes ahead', (range, offsetMinutes, from, to, step) => {
    expect(stretchOf(range, now, offsetMinutes)).toEqual({ from, to, step, offsetMinutes });
  });
});
