/** Numbers in the tray, written with strokes: a font would be a blur at 16 pixels. */

import { type Point, type Shape, stroke } from './shapes.ts';

export function written(word: string, size: number): Shape {
  const scale = word.length > 1 ? 0.072 : 0.094;
  const width = (word.length * 4 + (word.length - 1) * 2.2) * scale;
  const halfWidth = size <= 16 ? 0.058 : 0.054;
  const strokes = [...word].flatMap((glyph, i) =>
    (GLYPHS[glyph] ?? []).map((points) =>
      stroke(
        points.map(([x, y]) => [0.5 - width / 2 + (x + i * 6.2) * scale, 0.5 + (y - 3) * scale] as const),
        halfWidth * (word.length > 1 ? 0.85 : 1),
      ),
    ),
  );
  return (x, y) => Math.min(...strokes.map((shape) => shape(x, y)));
}

/** Strokes of the digits in a box 4 wide and 6 high. */
const GLYPHS: Readonly<Record<string, readonly (readonly Point[])[]>> = {
  '1': [
    [
      [0.8, 1.3],
      [2.2, 0],
      [2.2, 6],
    ],
  ],
  '2': [
    [
      [0, 1.5],
      [0.6, 0.4],
      [2, 0],
      [3.4, 0.4],
      [4, 1.6],
      [3.4, 2.9],
      [0, 6],
      [4, 6],
    ],
  ],
  '3': [
    [
      [0, 0],
      [4, 0],
      [1.8, 2.4],
      [3.3, 2.8],
      [4, 4.2],
      [3.3, 5.6],
      [1.8, 6],
      [0, 5.2],
    ],
  ],
  '4': [
    [
      [3, 6],
      [3, 0],
      [0, 4.2],
      [4, 4.2],
    ],
  ],
  '5': [
    [
      [3.8, 0],
      [0.5, 0],
      [0.2, 2.7],
      [2, 2.2],
      [3.5, 2.8],
      [4, 4.1],
      [3.4, 5.5],
      [2, 6],
      [0, 5.3],
    ],
  ],
  '6': [
    [
      [3.4, 0],
      [1.6, 1.2],
      [0.4, 2.8],
      [0, 4.2],
      [0.7, 5.6],
      [2, 6],
      [3.4, 5.6],
      [4, 4.2],
      [3.4, 2.8],
      [2, 2.4],
      [0.5, 3.1],
    ],
  ],
  '7': [
    [
      [0, 0],
      [4, 0],
      [1.4, 6],
    ],
  ],
  '8': [
    [
      [2, 2.8],
      [0.6, 2.2],
      [0.3, 1.2],
      [1, 0.2],
      [2, 0],
      [3, 0.2],
      [3.7, 1.2],
      [3.4, 2.2],
      [2, 2.8],
      [0.5, 3.4],
      [0, 4.5],
      [0.7, 5.7],
      [2, 6],
      [3.3, 5.7],
      [4, 4.5],
      [3.5, 3.4],
      [2, 2.8],
    ],
  ],
  '9': [
    [
      [0.6, 6],
      [2.4, 4.8],
      [3.6, 3.2],
      [4, 1.8],
      [3.3, 0.4],
      [2, 0],
      [0.6, 0.4],
      [0, 1.8],
      [0.6, 3.2],
      [2, 3.6],
      [3.5, 2.9],
    ],
  ],
  '+': [
    [
      [0, 3],
      [4, 3],
    ],
    [
      [2, 1],
      [2, 5],
    ],
  ],
};
