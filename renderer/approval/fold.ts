/** What of a change is in sight at once: what changes and the lines beside it; never less than what is marked. */

import type { Row } from './diff.ts';
import type { Range } from './lines.ts';

export type Shown = { readonly row: Row } | { readonly folded: number; readonly at: number };

/** Lines that stay, before and after a change. */
const BESIDE = 2;
/** Rows of the window that are in sight at once, and the characters that fit in one. */
const TALL = 15;
const WIDE = 58;
const LAST = 2;

/** Null where all of it is in sight. */
export function foldedRows(rows: readonly Row[], marks: readonly Range[]): readonly Shown[] | null {
  const isMarked = ({ body, twin }: Row) =>
    marks.some((mark) => [body, twin].some((range) => range && mark.start < range.end && mark.end > range.start));
  const isFixed = (row: Row) => row.kind === 'head' || isMarked(row);
  const near = new Set<number>();
  rows.forEach((row, i) => {
    if (row.kind === 'same' && !isFixed(row)) return;
    for (let j = i - BESIDE; j <= i + BESIDE; j++) near.add(j);
  });
  const wanted = rows.map((_, i) => near.has(i));
  let room = TALL - rows.reduce((sum, row, i) => (wanted[i] && isFixed(row) ? sum + height(row) : sum), 0);
  rows.forEach((row, i) => {
    if (!wanted[i] || isFixed(row)) return;
    if (room > LAST || (room > 0 && i >= rows.length - LAST)) room -= height(row);
    else wanted[i] = false;
  });
  const shown: Shown[] = [];
  for (let i = 0; i < rows.length; i++) {
    let end = i;
    while (end < rows.length && !wanted[end]) end++;
    // One line takes as much room as the words that it is folded.
    if (end - i > 1) shown.push({ folded: end - i, at: i });
    else if (end > i) shown.push({ row: rows[i]! });
    if (end < rows.length) shown.push({ row: rows[end]! });
    i = end;
  }
  return shown.some((one) => 'folded' in one) ? shown : null;
}

function height({ body }: Row): number {
  return Math.max(1, Math.ceil((body.end - body.start) / WIDE));
}
