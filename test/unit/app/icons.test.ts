/** The tray's state can be told at a glance, with and without colour, at every size. */

import { describe, expect, it } from 'vitest';
import type { Bitmap } from '../../../main/app/icons/draw.ts';
import { type TrayState, trayIcon, trayTemplate } from '../../../main/app/icons/tray-icon.ts';

const STATES: readonly TrayState[] = [
  { kind: 'protecting' },
  { kind: 'asking', count: 1 },
  { kind: 'uninspected' },
  { kind: 'outdated' },
  { kind: 'paused' },
  { kind: 'attention' },
  { kind: 'starting' },
  { kind: 'stopped' },
];

const PANELS = [40, 236];

/** How much two pictures differ in brightness, on the panel on which they differ less. */
function difference(one: TrayState, other: TrayState, size: number, draw = trayIcon, panels = PANELS): number {
  return Math.min(
    ...panels.map((panel) => {
      const seen = greys(draw(other, size), panel);
      return greys(draw(one, size), panel).reduce((sum, value, i) => sum + Math.abs(value - seen[i]!), 0) / seen.length;
    }),
  );
}

/** As somebody sees it who sees no colours. */
function greys({ size, pixels }: Bitmap, panel: number): number[] {
  return Array.from({ length: size * size }, (_, i) => {
    const [blue = 0, green = 0, red = 0, alpha = 0] = pixels.subarray(i * 4, i * 4 + 4);
    return 0.1 * blue + 0.6 * green + 0.3 * red + panel * (1 - alpha / 255);
  });
}

describe.each([16, 22, 32, 44, 64])('the tray’s pictures at %i pixels', (size) => {
  it('differ from one another without their colours', () => {
    for (const [i, one] of STATES.entries()) {
      for (const other of STATES.slice(i + 1)) expect(difference(one, other, size), `${one.kind} and ${other.kind}`).toBeGreaterThan(12);
    }
  });

  it('differ in one colour as well, which is black, as macOS wants it', () => {
    for (const [i, one] of STATES.entries()) {
      const { pixels } = trayTemplate(one, size);
      expect(pixels.every((value, at) => at % 4 === 3 || value === 0)).toBe(true);
      // Black on a light menu bar; on a dark one macOS turns it round.
      for (const other of STATES.slice(i + 1))
        expect(difference(one, other, size, trayTemplate, [236]), `${one.kind} and ${other.kind}`).toBeGreaterThan(12);
    }
  });

  it('count the open questions', () => {
    const counts = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((count) => trayIcon({ kind: 'asking', count }, size).pixels.join());
    expect(new Set(counts).size).toBe(10);
    expect(trayIcon({ kind: 'asking', count: 10 }, size)).toEqual(trayIcon({ kind: 'asking', count: 99 }, size));
  });

  it('have no colour where they have no substance', () => {
    for (const state of STATES) {
      const { pixels } = trayIcon(state, size);
      for (let i = 0; i < pixels.length; i += 4)
        expect(Math.max(pixels[i]!, pixels[i + 1]!, pixels[i + 2]!)).toBeLessThanOrEqual(pixels[i + 3]! + 1);
    }
  });
});
