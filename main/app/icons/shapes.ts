/** Shapes by their distances, so that they are sharp at every size. */

/** Signed distance to a shape's edge, negative inside. The picture is the square from 0 to 1, and y grows downwards. */
export type Shape = (x: number, y: number) => number;

export type Point = readonly [x: number, y: number];

export function circle(cx: number, cy: number, radius: number): Shape {
  return (x, y) => Math.hypot(x - cx, y - cy) - radius;
}

export function roundedBox(cx: number, cy: number, halfWidth: number, halfHeight: number, radius: number): Shape {
  return (x, y) => {
    const dx = Math.abs(x - cx) - halfWidth + radius;
    const dy = Math.abs(y - cy) - halfHeight + radius;
    return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - radius;
  };
}

/** Corners clockwise on a picture whose y grows downwards. */
export function triangle(...corners: readonly [Point, Point, Point]): Shape {
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

export function stroke(points: readonly Point[], halfWidth: number): Shape {
  return (x, y) => Math.min(...points.slice(1).map((to, i) => toSegment(points[i]!, to, x, y))) - halfWidth;
}

function toSegment(from: Point, to: Point, x: number, y: number): number {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const along = Math.min(1, Math.max(0, ((x - from[0]) * dx + (y - from[1]) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - from[0] - along * dx, y - from[1] - along * dy);
}

export function grown(shape: Shape, by: number): Shape {
  return (x, y) => shape(x, y) - by;
}

export function ring(shape: Shape, halfWidth: number): Shape {
  return (x, y) => Math.abs(shape(x, y) + halfWidth) - halfWidth;
}

/** What both have. */
export function both(one: Shape, other: Shape): Shape {
  return (x, y) => Math.max(one(x, y), other(x, y));
}
