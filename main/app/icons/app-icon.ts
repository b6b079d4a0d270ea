/** The app's icon: a pause in amber, on ink. One drawing for every size and platform. */

import { AMBER, type Bitmap, drawn, INK } from './draw.ts';
import { grown, roundedBox } from './shapes.ts';

/** `margin`: what of the picture is left free on each side, as a part of it. macOS wants a tenth, others next to nothing. */
export function appIcon(size: number, margin = 1 / 32): Bitmap {
  const half = 0.5 - margin;
  const tile = roundedBox(0.5, 0.5, half, half, half * 0.45);
  // An edge of light above, so that it is no hole in a dark desktop.
  const edge = Math.max(0.012, 0.75 / size);
  const bar = { width: half * 0.145, height: half * 0.52, away: half * 0.285, round: half * 0.075 };
  return drawn(
    [
      { shape: tile, colour: [92, 84, 75] },
      { shape: grown(tile, -edge), colour: INK },
      ...[-1, 1].map((side) => ({
        shape: roundedBox(0.5 + side * bar.away, 0.5, bar.width, bar.height, bar.round),
        colour: AMBER,
      })),
    ],
    size,
  );
}
