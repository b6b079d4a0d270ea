/** Where the popup stands: at the top right of the screen that the person works on. */

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const MARGIN = 16;
const LEAST_HEIGHT = 160;

export function topRight(workArea: Area, width: number): { x: number; y: number } {
  return { x: Math.max(workArea.x, workArea.x + workArea.width - width - MARGIN), y: workArea.y + MARGIN };
}

/** What does not fit on the screen is scrolled inside the window. */
export function heightWithin(workArea: Area, height: number): number {
  return Math.max(LEAST_HEIGHT, Math.min(height, workArea.height - 2 * MARGIN));
}

export function holds({ x, y, width, height }: Area, point: { readonly x: number; readonly y: number }): boolean {
  return point.x >= x && point.x < x + width && point.y >= y && point.y < y + height;
}
