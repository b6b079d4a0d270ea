/** The popup is where it can be seen, whatever screens there are. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Area, holds, placed, settled } from '../../../main/app/placement.ts';

const LEFT: Area = { x: -1920, y: 0, width: 1920, height: 1040 };
const MAIN: Area = { x: 0, y: 25, width: 1440, height: 875 };
const SMALL: Area = { x: 1440, y: 300, width: 480, height: 320 };

describe('the popup', () => {
  it('stands at the top right of its screen, and is no larger than that', () => {
    expect(placed(MAIN, { width: 560, height: 400 })).toEqual({ x: 864, y: 41, width: 560, height: 400 });
    expect(placed(LEFT, { width: 560, height: 4_000 })).toEqual({ x: -576, y: 16, width: 560, height: 1008 });
    expect(placed(SMALL, { width: 560, height: 400 })).toEqual({ x: 1440, y: 316, width: 480, height: 288 });
  });

  it('stays where it is as long as a screen shows it there', () => {
    const bounds = placed(LEFT, { width: 560, height: 400 });
    expect(settled(bounds, [MAIN, LEFT], { x: 10, y: 50 })).toEqual(bounds);
  });

  it('comes to the screen of the mouse when its own is gone, and into what is left of its own when that has shrunk', () => {
    const bounds = placed(LEFT, { width: 560, height: 400 });
    expect(settled(bounds, [SMALL, MAIN], { x: 10, y: 50 })).toEqual(placed(MAIN, bounds));
    const shrunk = { ...LEFT, y: 60, height: 300 };
    expect(settled(bounds, [shrunk], { x: -100, y: 100 })).toEqual({ x: -576, y: 76, width: 560, height: 268 });
  });

  it('is left alone where no screen is known', () => {
    const bounds = placed(MAIN, { width: 560, height: 400 });
    expect(settled(bounds, [], { x: 0, y: 0 })).toEqual(bounds);
  });

  const area = fc.record({
    x: fc.integer({ min: -5000, max: 5000 }),
    y: fc.integer({ min: -5000, max: 5000 }),
    width: fc.integer({ min: 320, max: 4000 }),
    height: fc.integer({ min: 240, max: 3000 }),
  });
  it('can be seen with its title and its upper edge, whatever becomes of the screens', () => {
    fc.assert(
      fc.property(area, fc.array(area, { minLength: 1, maxLength: 4 }), fc.integer(), fc.integer(), (before, after, x, y) => {
        const { x: left, y: top, width, height } = settled(placed(before, { width: 560, height: 700 }), after, { x, y });
        const shows = after.filter((one) => holds(one, { x: left, y: top }) && holds(one, { x: left + width - 1, y: top + height - 1 }));
        expect(shows.length).toBeGreaterThan(0);
      }),
    );
  });
});
