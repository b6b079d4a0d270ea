/** Where the popup stands: at the top right of the screen that the person works on, and always where it can be seen. In device-independent pixels. */

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

const MARGIN = 16;
const LEAST_HEIGHT = 160;

/** Of that size, or of what the screen has room for. */
export function placed(workArea: Area, size: { readonly width: number; readonly height: number }): Area {
  const width = Math.min(size.width, workArea.width);
  const x = Math.max(workArea.x, workArea.x + workArea.width - width - MARGIN);
  return { x, y: workArea.y + MARGIN, width, height: heightWithin(workArea, size.height) };
}

/**
 * The same place where a screen shows it; else the place of a new one on the screen of `at`: screens come and go, and change their size
 * and what the system keeps of it for itself.
 */
export function settled(bounds: Area, workAreas: readonly Area[], at: Point): Area {
  if (workAreas.some((area) => contains(area, bounds))) return bounds;
  const here = workAreas.find((area) => holds(area, at)) ?? workAreas[0];
  return here ? placed(here, bounds) : bounds;
}

/** What does not fit on the screen is scrolled inside the window. */
export function heightWithin(workArea: Area, height: number): number {
  return Math.max(LEAST_HEIGHT, Math.min(height, workArea.height - 2 * MARGIN));
}

export function holds({ x, y, width, height }: Area, point: Point): boolean {
  return point.x >= x && point.x < x + width && point.y >= y && point.y < y + height;
}

function contains(area: Area, { x, y, width, height }: Area): boolean {
  return holds(area, { x, y }) && x + width <= area.x + area.width && y + height <= area.y + area.height;
}
