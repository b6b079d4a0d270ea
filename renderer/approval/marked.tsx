/** A part of the action's text with its marks; what a mark means is told on hover and on focus. */

import { type ReactNode, useState } from 'react';
import { createPortal } from 'react-dom';
import type { Question } from '../../main/contract/approval.ts';
import { Visible } from '../design/parts.tsx';
import type { Range } from './lines.ts';

type Mark = Question['action']['marks'][number];

export function Marked({
  text,
  marks,
  range,
}: {
  readonly text: string;
  readonly marks: readonly Mark[];
  readonly range: Range;
}): ReactNode {
  return segmentsOf(marks, range).map(({ start, end, mark }) =>
    mark && mark.risk !== 'plain' ? (
      <MarkedPart key={start} mark={mark} text={text.slice(start, end)} />
    ) : (
      <span key={start}>
        <Visible text={text.slice(start, end)} />
      </span>
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

const TIP_WIDTH = 260;
const MARGIN = 10;

function MarkedPart({ mark, text }: { readonly mark: Mark; readonly text: string }): ReactNode {
  const [place, setPlace] = useState<{ left: number; top: number }>();
  const show = (element: Element) => {
    const { left, bottom } = element.getClientRects()[0] ?? element.getBoundingClientRect();
    setPlace({ left: Math.max(MARGIN, Math.min(left, window.innerWidth - TIP_WIDTH - MARGIN)), top: bottom + 6 });
  };
  const hide = () => setPlace(undefined);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it shows a label and does nothing.
    <span
      className={`mark-${mark.risk}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: its meaning must be reachable by keyboard.
      tabIndex={0}
      aria-description={mark.says}
      onMouseEnter={({ currentTarget }) => show(currentTarget)}
      onMouseLeave={hide}
      onFocus={({ currentTarget }) => show(currentTarget)}
      onBlur={hide}
    >
      <Visible text={text} />
      {place &&
        createPortal(
          <div role="tooltip" className="tip" style={place}>
            <Visible text={mark.says} />
          </div>,
          document.body,
        )}
    </span>
  );
}
