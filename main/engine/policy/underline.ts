/** Underlines parts of a text, for a terminal. */

import type { TextRange } from './explain.ts';

/** Lines are shown with those beside them, and long ones in part. */
const CONTEXT = 1;
const MAX_SHORT_LINES = 6;
const MAX_LINES = 40;
const MAX_WIDTH = 160;
const BEFORE = 40;

/** The text's lines, each with `^` under its ranges where it has some; of a long text only what is near them. */
export function underlined(text: string, ranges: readonly TextRange[]): string[] {
  let start = 0;
  const lines = text.split('\n').map((line) => {
    const from = start;
    start += line.length + 1;
    return { line, marks: marksIn(line, from, ranges) };
  });
  const near = (index: number) => lines.slice(Math.max(index - CONTEXT, 0), index + CONTEXT + 1).some(({ marks }) => marks.length > 0);
  const shown: string[] = [];
  let left = false;
  for (const [index, { line, marks }] of lines.entries()) {
    if (shown.length >= MAX_LINES || (lines.length > MAX_SHORT_LINES && !near(index) && ranges.length > 0)) {
      left = true;
      continue;
    }
    if (left) shown.push('…');
    left = false;
    shown.push(...lineAndMarks(line, marks));
  }
  return left ? [...shown, '…'] : shown;
}

function marksIn(line: string, from: number, ranges: readonly TextRange[]): TextRange[] {
  return ranges
    .map(({ start, end }) => ({ start: Math.max(start - from, 0), end: Math.min(end - from, line.length) }))
    .filter(({ start, end }) => start < end);
}

function lineAndMarks(line: string, marks: readonly TextRange[]): string[] {
  const first = Math.min(...marks.map(({ start }) => start), line.length);
  const from = line.length > MAX_WIDTH && marks.length > 0 ? Math.max(first - BEFORE, 0) : 0;
  const to = Math.min(from + MAX_WIDTH, line.length);
  const lead = from > 0 ? '…' : '';
  const text = `${lead}${line.slice(from, to)}${to < line.length ? '…' : ''}`;
  if (marks.length === 0) return [text];
  const under = Array.from({ length: to - from }, (_, at) =>
    marks.some(({ start, end }) => start <= from + at && from + at < end) ? '^' : ' ',
  );
  return [text, `${' '.repeat(lead.length)}${under.join('')}`.trimEnd()];
}
