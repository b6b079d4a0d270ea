/** Where a label stands: beside what it is about, never over it, and in the window. */

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const MARGIN = 8;
const GAP = 6;

/** `lines` are the boxes of the marked words, a line each. Below the last one, else above the first, else where it hides least. In pixels. */
export function tipPlace(lines: readonly Box[], tip: Size, window: Size): { readonly left: number; readonly top: number } {
  const seen = lines.filter(({ bottom, top }) => bottom > 0 && top < window.height);
  const [first, last] = [seen[0] ?? lines[0], seen.at(-1) ?? lines.at(-1)];
  if (!first || !last) return { left: MARGIN, top: MARGIN };
  const most = window.height - MARGIN - tip.height;
  const below = last.bottom + GAP;
  const above = first.top - GAP - tip.height;
  const beside = (line: Box) => Math.max(MARGIN, Math.min(line.left, window.width - MARGIN - tip.width));
  if (below <= most) return { left: beside(last), top: below };
  if (above >= MARGIN) return { left: beside(first), top: above };
  return { left: beside(last), top: Math.max(MARGIN, most) };
}
