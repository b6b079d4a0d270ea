import { describe, expect, it } from 'vitest';
import { isClaim } from '../../../../main/engine/control/claims.ts';
import { createRates } from '../../../../main/engine/control/rates.ts';

describe('a claim', () => {
  const folder = { isDirectory: () => true, dev: 7, mode: 0o40700 };
  it.each<[string, boolean, Partial<typeof folder>]>([
    ['a folder of the maker’s alone', true, {}],
    ['a file', false, { isDirectory: () => false }],
    ['a file system that its user has mounted there, and that names whatever owner it likes', false, { dev: 8 }],
    ['one in which its group may write', false, { mode: 0o40720 }],
    ['one in which all may write', false, { mode: 0o41777 }],
  ])('is %s: %s', (_what, expected, change) => {
    expect(isClaim({ ...folder, ...change }, { dev: 7 })).toBe(expected);
  });
});

describe('a rate', () => {
  it('lets so many at once, then so many a second, for each share apart, and tells once of each that ran out', () => {
    let now = 0;
    const told: string[] = [];
    const rates = createRates({ atOnce: 3, perSecond: 2, now: () => now, tells: (share) => told.push(share) });
    const take = (share: string, times: number) => Array.from({ length: times }, () => rates.take(share)).filter(Boolean).length;
    expect([take('dev', 5), take('eve', 2)]).toEqual([3, 2]);
    expect(told).toEqual(['dev']);
    now = 1_000;
    expect(take('dev', 5)).toBe(2);
    expect(told).toEqual(['dev']);
    now = 60_000;
    expect(take('dev', 5)).toBe(3);
    expect(told).toEqual(['dev', 'dev']);
  });

  it('forgets whoever has all of their share again', () => {
    let now = 0;
    const rates = createRates({ atOnce: 1, perSecond: 1, now: () => now });
    for (let share = 0; share < 5_000; share += 1) {
      now += 10;
      expect(rates.take(String(share))).toBe(true);
    }
    expect(rates.take('4999')).toBe(false);
  });
});
