/** The time left is never absurd, whatever becomes of the computer's time of day. */

import { describe, expect, it } from 'vitest';
import { createTimes } from '../../../renderer/approval/time-left.ts';

const QUESTION = { id: 'q', askedAt: '2026-11-24T10:00:00.000Z', expiresAt: '2026-11-24T10:02:00.000Z' };
const ASKED = Date.parse(QUESTION.askedAt);

function setUp() {
  const now = { clock: 0, wall: ASKED };
  return {
    now,
    times: createTimes(
      () => now.clock,
      () => now.wall,
    ),
  };
}

describe('the time left', () => {
  it('passes by a clock that only goes forward, even where the time of day is set', () => {
    const { now, times } = setUp();
    expect(times.leftOf(QUESTION)).toBe(120_000);
    now.clock += 30_000;
    for (const wall of [ASKED - 86_400_000, ASKED + 86_400_000]) {
      now.wall = wall;
      expect(times.leftOf(QUESTION)).toBe(90_000);
    }
    now.clock += 3_600_000;
    expect(times.leftOf(QUESTION)).toBe(0);
  });

  it('is within what the question ever had, where the time of day was wrong before it came', () => {
    const { now, times } = setUp();
    now.wall = ASKED - 86_400_000;
    expect(times.leftOf(QUESTION)).toBe(120_000);
    now.wall = ASKED + 86_400_000;
    expect(times.leftOf({ ...QUESTION, id: 'late' })).toBe(0);
    expect(times.leftOf({ ...QUESTION, id: 'backwards', expiresAt: '2026-11-24T09:00:00.000Z' })).toBe(0);
    expect(times.leftOf({ id: 'none', askedAt: 'no time', expiresAt: '' })).toBe(0);
  });
});
