/** A part of the action's text with its marks, and quietly with its syntax. Where both speak, the mark does. */

import type { ReactNode } from 'react';
import type { Question } from '../../main/contract/approval.ts';
import { Visible } from '../design/parts.tsx';
import { type Inked, inksWithin } from './highlight.ts';
import type { Range } from './lines.ts';
import { MarkedPart } from './marked-part.tsx';

type Mark = Question['action']['marks'][number];

interface MarkedProps {
  readonly text: string;
  readonly marks: readonly Mark[];
  readonly range: Range;
  readonly inks?: readonly Inked[];
  /** What is new in a line, or gone from it. */
  readonly changed?: readonly Range[];
}

export function Marked({ text, marks, range, inks = [], changed = [] }: MarkedProps): ReactNode {
  return segmentsOf(marks, range).map(({ start, end, mark }) =>
    mark && mark.risk !== 'plain' ? (
      <MarkedPart key={start} mark={mark} text={text.slice(start, end)} />
    ) : (
      piecesOf({ start, end }, inksWithin(inks, { start, end }), changed).map((piece) => (
        <span key={piece.start} className={piece.looks}>
          <Visible text={text.slice(piece.start, piece.end)} />
        </span>
      ))
    ),
  );
}

export interface Segment extends Range {
  readonly mark?: Mark;
}

/** The range cut at the edges of marks, which are sorted and don't overlap. */
export function segmentsOf(marks: readonly Mark[], { start, end }: Range): readonly Segment[] {
  const segments: Segment[] = [];
  let at = start;
  for (const mark of marks) {
    const from = Math.max(mark.start, at);
    const to = Math.min(mark.end, end);
    if (from >= to) continue;
    if (from > at) segments.push({ start: at, end: from });
    segments.push({ start: from, end: to, mark });
    at = to;
  }
  if (at < end) segments.push({ start: at, end });
  return segments;
}

export interface Piece extends Range {
  /** Class names; undefined where it looks like any text. */
  readonly looks: string | undefined;
}

/** The range cut at every edge of an ink or of a change. */
export function piecesOf(range: Range, inks: readonly Inked[], changed: readonly Range[]): readonly Piece[] {
  const within = ({ start, end }: Range) => start < range.end && end > range.start;
  const changes = changed.filter(within);
  const edges = new Set([range.start, range.end]);
  for (const { start, end } of [...inks.filter(within), ...changes]) {
    edges.add(Math.max(start, range.start));
    edges.add(Math.min(end, range.end));
  }
  const sorted = [...edges].sort((a, b) => a - b);
  let next = 0;
  return sorted.slice(0, -1).map((start, i) => {
    const end = sorted[i + 1]!;
    while (next < inks.length && inks[next]!.end <= start) next++;
    const here = inks[next];
    const ink = here && here.start < end ? `ink-${here.ink}` : '';
    const isChanged = changes.some((change) => change.start < end && change.end > start);
    return { start, end, looks: [ink, isChanged ? 'ink-changed' : ''].filter(Boolean).join(' ') || undefined };
  });
}
