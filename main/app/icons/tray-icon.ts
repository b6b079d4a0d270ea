/** The tray's pictures: each state has a shape of its own, not only a colour, because a panel is light, dark, or seen by eyes without colours. */

import { written } from './digits.ts';
import { AMBER, type Bitmap, type Colour, drawn, INK, type Layer, PAPER, RED, template } from './draw.ts';
import { both, circle, grown, ring, roundedBox, type Shape, stroke, triangle } from './shapes.ts';

export type TrayState =
  | { readonly kind: 'protecting' }
  | { readonly kind: 'asking'; readonly count: number }
  /** Something passed or was refused that nobody could read. */
  | { readonly kind: 'uninspected' }
  /** The policy, or one of guard and app, is older than it should be. */
  | { readonly kind: 'outdated' }
  /** A person has suspended enforcement for a while. */
  | { readonly kind: 'paused' }
  | { readonly kind: 'attention' }
  | { readonly kind: 'starting' }
  | { readonly kind: 'stopped' };

export function trayIcon(state: TrayState, size: number): Bitmap {
  return drawn(layersOf(state, size), size);
}

/** As macOS wants it: it colours the picture itself, as its menu bar is light or dark. */
export function trayTemplate(state: TrayState, size: number): Bitmap {
  return template(layersOf(state, size), size);
}

/** Lets a dark picture be seen on a dark panel and a light one on a light panel. */
const RIM: Colour = [150, 143, 134];
/** For lines alone: as far from a light panel as from a dark one. */
const DEEP_AMBER: Colour = [208, 126, 18];

function layersOf(state: TrayState, size: number): readonly Layer[] {
  const hair = 1 / Math.max(size, 22);
  // On whole pixels at 16, where half of one would be a blur all around.
  const inset = size < 20 ? 0.5 / size : 0.03;
  const tile = roundedBox(0.5, 0.5, 0.5 - inset, 0.5 - inset, 0.24);
  switch (state.kind) {
    case 'protecting':
      return [...dark(tile, hair), ...bars(size)];
    case 'asking':
      return [
        { shape: circle(0.5, 0.5, 0.49), colour: AMBER },
        { shape: written(state.count > 9 ? '9+' : String(state.count), size), colour: INK, hole: true },
      ];
    case 'uninspected':
      return eye();
    case 'outdated':
      return clock(hair);
    case 'paused':
      return [
        { shape: ring(tile, 0.06), colour: DEEP_AMBER },
        { shape: grown(triangle([0.39, 0.3], [0.71, 0.5], [0.39, 0.7]), 0.05), colour: DEEP_AMBER },
      ];
    case 'attention':
      return [
        { shape: grown(triangle([0.5, 0.13], [0.93, 0.86], [0.07, 0.86]), 0.06), colour: AMBER },
        { shape: line([0.5, 0.38], [0.5, 0.58], 0.06), colour: INK, hole: true },
        { shape: circle(0.5, 0.745, 0.066), colour: INK, hole: true },
      ];
    case 'starting':
      return [
        { shape: ring(tile, 0.045), colour: RIM },
        ...[0.27, 0.5, 0.73].map((x): Layer => ({ shape: circle(x, 0.5, 0.075), colour: RIM })),
      ];
    case 'stopped':
      return [
        { shape: ring(tile, 0.055), colour: RED },
        { shape: line([0.18, 0.82], [0.82, 0.18], 0.055), colour: RED },
      ];
  }
}

function dark(shape: Shape, hair: number): readonly Layer[] {
  return [
    { shape, colour: RIM },
    { shape: grown(shape, -hair), colour: INK },
  ];
}

/** A pause, with its edges between pixels: at 16 there are three for each bar. */
function bars(size: number): readonly Layer[] {
  const width = Math.round(0.17 * size);
  const wished = Math.round(0.12 * size);
  const gap = wished + ((wished + size) % 2);
  const height = Math.round(0.5 * size);
  const halfHeight = (height + ((height + size) % 2)) / 2 / size;
  return [-1, 1].map((side) => ({
    shape: roundedBox(0.5 + (side * (gap + width)) / 2 / size, 0.5, width / 2 / size, halfHeight, 0.05),
    colour: PAPER,
    hole: true,
  }));
}

/** An eye that is crossed out. */
function eye(): readonly Layer[] {
  const lens = both(circle(0.5, 0.74, 0.555), circle(0.5, 0.26, 0.555));
  const halfWidth = 0.055;
  const slash = (width: number) => line([0.15, 0.85], [0.85, 0.15], width);
  return [
    { shape: ring(lens, halfWidth), colour: DEEP_AMBER },
    { shape: circle(0.5, 0.5, 0.16), colour: DEEP_AMBER },
    { shape: slash(halfWidth + 0.07), colour: 'none' },
    { shape: slash(halfWidth), colour: DEEP_AMBER },
  ];
}

function clock(hair: number): readonly Layer[] {
  const face = circle(0.5, 0.5, 0.49);
  return [
    { shape: face, colour: RIM },
    { shape: grown(face, -hair), colour: INK },
    { shape: ring(circle(0.5, 0.5, 0.36), 0.035), colour: AMBER, hole: true },
    {
      shape: stroke(
        [
          [0.5, 0.31],
          [0.5, 0.52],
          [0.64, 0.6],
        ],
        0.05,
      ),
      colour: AMBER,
      hole: true,
    },
  ];
}

function line(from: readonly [number, number], to: readonly [number, number], halfWidth: number): Shape {
  return stroke([from, to], halfWidth);
}
