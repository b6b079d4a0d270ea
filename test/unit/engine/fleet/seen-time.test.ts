import { describe, expect, it } from 'vitest';
import { createSeenTime } from '../../../../main/engine/fleet/seen-time.ts';

describe('the latest time that a device has seen', () => {
  it('follows the clock, and goes on by itself where that was set back', () => {
    let now = 1000;
    let uptime = 0;
    const seen = createSeenTime({ now: () => now, uptime: () => uptime, seen: 0 });
    expect(seen.read()).toBe(1000);
    now = 5000;
    expect(seen.read()).toBe(5000);
    now = 200;
    uptime = 300;
    expect(seen.read()).toBe(5300);
    expect(seen.read()).toBe(5300);
    now = 9000;
    expect(seen.read()).toBe(9000);
  });

  it('outlives a restart, and is given up where the clock is known to be right', () => {
    const seen = createSeenTime({ now: () => 100, uptime: () => 0, seen: 7000 });
    expect(seen.read()).toBe(7000);
    seen.trust();
    expect(seen.read()).toBe(100);
  });
});
