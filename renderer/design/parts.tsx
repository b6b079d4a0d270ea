/** The small parts that both pages are made of. */

import type { ReactNode } from 'react';
import { visiblePieces } from './visible.ts';

/** Two bars: a pause. */
export function Mark({ size }: { readonly size: number }): ReactNode {
  return (
    <svg className="mark" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true">
      <rect x="4" y="3" width="4.4" height="14" rx="1.4" />
      <rect x="11.6" y="3" width="4.4" height="14" rx="1.4" />
    </svg>
  );
}

export function Lock({ label }: { readonly label: string }): ReactNode {
  return (
    <svg className="lock" width="13" height="13" viewBox="0 0 16 16" role="img" aria-label={label}>
      <rect x="3" y="7" width="10" height="7.4" rx="1.8" fill="currentColor" />
      <path d="M5.2 7.4V5a2.8 2.8 0 0 1 5.6 0v2.4" fill="none" stroke="currentColor" strokeWidth="1.6" />
    </svg>
  );
}

export type Look = 'released' | 'refused' | 'waiting' | 'unsure' | 'noted';

export function Shape({ look }: { readonly look: Look }): ReactNode {
  return <i className={`shape ${look}`} aria-hidden="true" />;
}

export function Chip({ look, children }: { readonly look: Look; readonly children: ReactNode }): ReactNode {
  return <span className={`chip ${look}`}>{children}</span>;
}

/** Text from elsewhere: a character that would hide or reorder the others is shown as its number. */
export function Visible({ text }: { readonly text: string }): ReactNode {
  const pieces = visiblePieces(text);
  if (pieces.length === 1 && pieces[0]?.plain) return text;
  return pieces.map(({ at, plain, text: part }) =>
    plain ? (
      <span key={at}>{part}</span>
    ) : (
      <span key={at} className="escape">
        {part}
      </span>
    ),
  );
}
