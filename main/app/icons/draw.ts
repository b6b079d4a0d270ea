/** Draws shapes one over another, each pixel covered as far as it lies inside. */

import type { Shape } from './shapes.ts';

/** Eight bits a channel, blue first, alpha premultiplied: what Electron and X take. */
export interface Bitmap {
  readonly size: number;
  readonly pixels: Uint8Array;
}

export type Colour = readonly [red: number, green: number, blue: number];

export interface Layer {
  readonly shape: Shape;
  /** `none` takes away what is below. */
  readonly colour: Colour | 'none';
  /** In a picture of one colour this is a hole. Without it, it is ink; `none` is a hole there as well. */
  readonly hole?: true;
}

export const INK: Colour = [38, 33, 28];
export const PAPER: Colour = [250, 248, 244];
export const AMBER: Colour = [240, 164, 46];
export const RED: Colour = [200, 50, 45];

export function drawn(layers: readonly Layer[], size: number): Bitmap {
  const pixels = new Uint8Array(size * size * 4);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      let [red, green, blue, alpha] = [0, 0, 0, 0];
      for (const { shape, colour } of layers) {
        const cover = coverage(shape((column + 0.5) / size, (row + 0.5) / size) * size);
        const [r, g, b] = colour === 'none' ? [0, 0, 0] : colour;
        red = r * cover + red * (1 - cover);
        green = g * cover + green * (1 - cover);
        blue = b * cover + blue * (1 - cover);
        alpha = (colour === 'none' ? 0 : 255) * cover + alpha * (1 - cover);
      }
      pixels.set([Math.round(blue), Math.round(green), Math.round(red), Math.round(alpha)], (row * size + column) * 4);
    }
  }
  return { size, pixels };
}

/** In black and holes, as macOS wants what it colours itself to fit its menu bar. */
export function template(layers: readonly Layer[], size: number): Bitmap {
  const black: Colour = [0, 0, 0];
  return drawn(
    layers.map(({ shape, colour, hole }) => ({ shape, colour: hole || colour === 'none' ? 'none' : black })),
    size,
  );
}

/** How much of a pixel lies inside an edge that passes `distance` pixels from its centre. */
function coverage(distance: number): number {
  return Math.min(1, Math.max(0, 0.5 - distance));
}
