/** A label never covers the words that it is about, and never leaves the window. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tipPlace } from '../../../renderer/approval/tip-place.ts';

const WINDOW = { width: 560, height: 400 };
const line = (left: number, top: number, width: number) => ({ left, top, right: left + width, bottom: top + 20 });

describe('a label', () => {
  it('stands below the last of the marked lines', () => {
    expect(tipPlace([line(300, 100, 200), line(20, 120, 90)], { width: 200, height: 30 }, WINDOW)).toEqual({ left: 20, top: 146 });
  });

  it('stands above the first one where there is no room below', () => {
    expect(tipPlace([line(300, 330, 200), line(20, 350, 90)], { width: 200, height: 30 }, WINDOW)).toEqual({ left: 300, top: 294 });
  });

  it('covers nothing of the words where there is room beside them, and is in the window', () => {
    const lines = fc
      .tuple(fc.integer({ min: 0, max: 380 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 500 }))
      .map(([top, count, left]) => Array.from({ length: count }, (_, i) => line(i === 0 ? left : 20, top + 20 * i, 60)));
    fc.assert(
      fc.property(lines, fc.integer({ min: 20, max: 260 }), fc.integer({ min: 20, max: 80 }), (boxes, width, height) => {
        const { left, top } = tipPlace(boxes, { width, height }, WINDOW);
        expect(left >= 0 && left + width <= WINDOW.width && top >= 0 && top + height <= WINDOW.height).toBe(true);
        const seen = boxes.filter((box) => box.top < WINDOW.height);
        const roomBeside = seen.at(-1)!.bottom + height + 14 <= WINDOW.height || seen[0]!.top - height - 14 >= 0;
        if (roomBeside) expect(top >= seen.at(-1)!.bottom || top + height <= seen[0]!.top).toBe(true);
      }),
    );
  });
});
