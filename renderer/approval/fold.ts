/** What of a change is in sight at once: what changes and the lines beside it; never less than what is marked. */

import type { Row } from './diff.ts';
import type { Range } from './lines.ts';

export type Shown = { readonly row: Row } | { readonly folded: number; readonly at: number };

/** Rows of the window that are in sight at once, and the characters that fit in one. */
const TALL = 15;
const WIDE = 58;
const LAST = 2;
const FOLDS = 3;

/** Null where all of it is in sight. */
export function foldedRows(rows: readonly Row[], marks: readonly Range[]): readonly Shown[] | null {
  const isMarked = ({ body, twin }: Row) =>
    marks.some((mark) => [body, twin].some((range) => range && mark.start < range.end && mark.end > range.start));
  if (rows.reduce((sum, row) => sum + height(row), 0) <= TALL) return null;
  const wanted = rows.map((row) => row.kind === 'head' || isMarked(row));
  let room = TALL - rows.reduce((sum, row, i) => (wanted[i] ? sum + height(row) : sum), 0);
  const take = (i: number) => {
    if (wanted[i] || room <= 0) return;
    wanted[i] = true;
    room -= height(rows[i]!);
  };
  // What changes comes first; what is beside it has what is left, less some room for the folds themselves.
  const changes = rows.flatMap(({ kind }, i) => (kind === 'same' || kind === 'note' || kind === 'head' ? [] : [i]));
  for (const i of changes.slice(-LAST)) take(i);
  for (const i of changes) take(i);
  room -= FOLDS;
  for (const far of [1, 2]) {
    for (const i of changes) {
      if (!wanted[i]) continue;
      for (const j of [i - far, i + far]) if (rows[j] && isBeside(rows[j])) take(j);
    }
  }
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

/** A file's name has some room around it. */
function height({ kind, body }: Row): number {
  return Math.max(1, Math.ceil((body.end - body.start) / WIDE)) + (kind === 'head' ? 0.6 : 0);
}

function isBeside({ kind }: Row): boolean {
  return kind === 'same' || kind === 'note';
}
