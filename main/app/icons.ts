/** The tray's pictures, drawn from distances so that they are sharp at every size: each state has a shape of its own, not only a colour. */

export type TrayState =
  | { readonly kind: 'protecting' }
  | { readonly kind: 'asking'; readonly count: number }
  | { readonly kind: 'attention' }
  | { readonly kind: 'stopped' };

/** Eight bits a channel, blue first, alpha premultiplied: what Electron and X take. */
export interface Bitmap {
  readonly size: number;
  readonly pixels: Uint8Array;
}

type Colour = readonly [red: number, green: number, blue: number];
/** Signed distance to a shape's edge, negative inside. The picture is the square from 0 to 1. */
type Shape = (x: number, y: number) => number;
type Layer = { readonly shape: Shape; readonly colour: Colour };

const INK: Colour = [38, 33, 28];
const PAPER: Colour = [250, 248, 244];
const AMBER: Colour = [240, 164, 46];
const RED: Colour = [200, 50, 45];
/** Lets a dark picture be seen on a dark panel and a light one on a light panel. */
const RIM: Colour = [150, 143, 134];

export function trayIcon(state: TrayState, size: number): Bitmap {
  return drawn(layersOf(state, size), size);
}

function layersOf(state: TrayState, size: number): readonly Layer[] {
  const hair = 1 / Math.max(size, 22);
  const tile = roundedBox(0.5, 0.5, 0.47, 0.47, 0.24);
  switch (state.kind) {
    case 'protecting':
      return [
        { shape: tile, colour: RIM },
        { shape: grown(tile, -hair), colour: INK },
        { shape: roundedBox(0.36, 0.5, 0.08, 0.245, 0.05), colour: PAPER },
        { shape: roundedBox(0.64, 0.5, 0.08, 0.245, 0.05), colour: PAPER },
      ];
    case 'asking': {
      const disc = circle(0.5, 0.5, 0.49);
      const word = state.count > 9 ? '9+' : String(state.count);
      return [
        { shape: disc, colour: AMBER },
        { shape: written(word, size), colour: INK },
      ];
    }
    case 'attention':
      return [
        { shape: grown(triangle([0.5, 0.13], [0.93, 0.86], [0.07, 0.86]), 0.06), colour: AMBER },
        {
          shape: stroke(
            [
              [0.5, 0.38],
              [0.5, 0.58],
            ],
            0.06,
          ),
          colour: INK,
        },
        { shape: circle(0.5, 0.745, 0.066), colour: INK },
      ];
    case 'stopped':
      return [
        { shape: ring(tile, 0.055), colour: RED },
        { shape: roundedBox(0.36, 0.5, 0.07, 0.2, 0.05), colour: RIM },
        { shape: roundedBox(0.64, 0.5, 0.07, 0.2, 0.05), colour: RIM },
        {
          shape: stroke(
            [
              [0.16, 0.84],
              [0.84, 0.16],
            ],
            0.055,
          ),
          colour: RED,
        },
      ];
  }
}

function drawn(layers: readonly Layer[], size: number): Bitmap {
  const pixels = new Uint8Array(size * size * 4);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      let [red, green, blue, alpha] = [0, 0, 0, 0];
      for (const { shape, colour } of layers) {
        const cover = coverage(shape((column + 0.5) / size, (row + 0.5) / size) * size);
        red = colour[0] * cover + red * (1 - cover);
        green = colour[1] * cover + green * (1 - cover);
        blue = colour[2] * cover + blue * (1 - cover);
        alpha = 255 * cover + alpha * (1 - cover);
      }
      pixels.set([Math.round(blue), Math.round(green), Math.round(red), Math.round(alpha)], (row * size + column) * 4);
    }
  }
  return { size, pixels };
}

/** How much of a pixel lies inside an edge that passes `distance` pixels from its centre. */
function coverage(distance: number): number {
  return Math.min(1, Math.max(0, 0.5 - distance));
}

function circle(cx: number, cy: number, radius: number): Shape {
  return (x, y) => Math.hypot(x - cx, y - cy) - radius;
}

function roundedBox(cx: number, cy: number, halfWidth: number, halfHeight: number, radius: number): Shape {
  return (x, y) => {
    const dx = Math.abs(x - cx) - halfWidth + radius;
    const dy = Math.abs(y - cy) - halfHeight + radius;
    return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - radius;
  };
}

type Point = readonly [x: number, y: number];

/** Corners clockwise on a picture whose y grows downwards. */
function triangle(...corners: readonly [Point, Point, Point]): Shape {
  return (x, y) => {
    const edges = corners.map((from, i) => {
      const to = corners[(i + 1) % 3]!;
      const outside =
        ((to[1] - from[1]) * (x - from[0]) - (to[0] - from[0]) * (y - from[1])) / Math.hypot(to[0] - from[0], to[1] - from[1]);
      return { outside, away: toSegment(from, to, x, y) };
    });
    const deepest = Math.max(...edges.map((edge) => edge.outside));
    return deepest <= 0 ? deepest : Math.min(...edges.map((edge) => edge.away));
  };
}

function stroke(points: readonly Point[], halfWidth: number): Shape {
  return (x, y) => Math.min(...points.slice(1).map((to, i) => toSegment(points[i]!, to, x, y))) - halfWidth;
}

function toSegment(from: Point, to: Point, x: number, y: number): number {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const along = Math.min(1, Math.max(0, ((x - from[0]) * dx + (y - from[1]) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - from[0] - along * dx, y - from[1] - along * dy);
}

function grown(shape: Shape, by: number): Shape {
  return (x, y) => shape(x, y) - by;
}

function ring(shape: Shape, halfWidth: number): Shape {
  return (x, y) => Math.abs(shape(x, y) + halfWidth) - halfWidth;
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

function written(word: string, size: number): Shape {
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
