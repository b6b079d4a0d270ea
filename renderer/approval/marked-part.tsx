/** A marked part of the text. What the mark means is told on hover and on focus, and to whoever listens. */

import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import type { Question } from '../../main/contract/approval.ts';
import { Visible } from '../design/parts.tsx';
import { tipPlace } from './tip-place.ts';

type Mark = Question['action']['marks'][number];

export function MarkedPart({ mark, text }: { readonly mark: Mark; readonly text: string }): ReactNode {
  const part = useRef<HTMLElement>(null);
  const [isTold, setTold] = useState(false);
  const hide = () => setTold(false);

  return (
    <mark
      ref={part}
      className={`mark-${mark.risk}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: its meaning must be reachable by keyboard.
      tabIndex={0}
      aria-description={mark.says}
      onMouseEnter={() => setTold(true)}
      onMouseLeave={hide}
      onFocus={() => setTold(true)}
      onBlur={hide}
    >
      <Visible text={text} />
      {isTold && <Tip of={part} says={mark.says} onHide={hide} />}
    </mark>
  );
}

function Tip({
  of,
  says,
  onHide,
}: {
  readonly of: { readonly current: HTMLElement | null };
  readonly says: string;
  onHide(): void;
}): ReactNode {
  const tip = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<{ readonly left: number; readonly top: number }>();

  useLayoutEffect(() => {
    if (!of.current || !tip.current) return;
    const { width, height } = tip.current.getBoundingClientRect();
    setPlace(tipPlace([...of.current.getClientRects()], { width, height }, { width: window.innerWidth, height: window.innerHeight }));
  }, [of]);

  useEffect(() => {
    // Esc takes away the label first, and only then the question.
    const esc = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      onHide();
    };
    // What it points at moves away under it.
    window.addEventListener('scroll', onHide, true);
    window.addEventListener('keydown', esc, true);
    return () => {
      window.removeEventListener('scroll', onHide, true);
      window.removeEventListener('keydown', esc, true);
    };
  }, [onHide]);

  return createPortal(
    <div ref={tip} role="tooltip" className="tip" style={place ?? { left: 0, top: 0, visibility: 'hidden' }}>
      <Visible text={says} />
    </div>,
    document.querySelector('main') ?? document.body,
  );
}
