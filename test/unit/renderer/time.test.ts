/** Times, numbers and money as the system writes them. */

import { describe, expect, it, vi } from 'vitest';

type Time = typeof import('../../../renderer/design/time.ts');

/** As a page in this language has it. */
async function spoken(language: string): Promise<Time> {
  vi.resetModules();
  vi.stubGlobal('navigator', { language });
  try {
    return await import('../../../renderer/design/time.ts');
  } finally {
    vi.unstubAllGlobals();
  }
}

const at = (hours: number, minutes: number) => new Date(2026, 10, 12, hours, minutes, 5).toISOString();
const now = new Date(2026, 10, 28, 12);

describe('a time', () => {
  it.each([
    ['en-GB', '09:05', '09:05:05', '12 Nov, 14:32', '12 Nov 2025, 14:32'],
    ['en-US', '9:05 AM', '9:05:05 AM', 'Nov 12, 2:32 PM', 'Nov 12, 2025, 2:32 PM'],
    ['de', '09:05', '09:05:05', '12. Nov., 14:32', '12. Nov. 2025, 14:32'],
  ])('is told as in %s', async (language, clock, seconds, moment, lastYear) => {
    const time = await spoken(language);
    const plain = (text: string) => text.replaceAll(/[\u00A0\u202F]/g, ' ');
    expect(plain(time.clock(at(9, 5)))).toBe(clock);
    expect(plain(time.clock(at(9, 5), true))).toBe(seconds);
    expect(plain(time.moment(at(14, 32), now))).toBe(moment);
    expect(plain(time.moment(new Date(2025, 10, 12, 14, 32).toISOString(), now))).toBe(lastYear);
    expect(time.moment(at(14, 32), new Date(at(18, 0)))).toBe(time.clock(at(14, 32)));
  });

  it('that is left never says that it is over before it is', async () => {
    const { minutesAndSeconds } = await spoken('en-GB');
    expect([74_000, 1, 0, -5].map(minutesAndSeconds)).toEqual(['1:14', '0:01', '0:00', '0:00']);
  });

  it('that was waited is told in one unit', async () => {
    const { duration } = await spoken('en-GB');
    expect([400, 1_000, 14_400, 95_000, 720_000, 5_400_000, 200_000_000].map((ms) => duration(ms))).toEqual([
      '0.4 seconds',
      '1 second',
      '14 seconds',
      '1.6 minutes',
      '12 minutes',
      '1.5 hours',
      '2.3 days',
    ]);
    expect(duration(40_000, 'narrow')).toBe('40s');
  });
});

describe('money', () => {
  it('is told to the cent, and that it is less', async () => {
    const { money } = await spoken('en-GB');
    expect([0, 0.001, 0.384, 12, 12_345.6].map(money)).toEqual(['$0.00', '< $0.01', '$0.38', '$12.00', '$12,346']);
    const german = await spoken('de');
    expect(german.money(0.384)).toBe('0,38\u00A0$');
  });
});
