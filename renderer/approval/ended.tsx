/** In place of a question that ended without this window: the place is kept for a moment, so that a click meant for it hits nothing else. */

import type { ReactNode } from 'react';
import { Visible } from '../design/parts.tsx';
import { STRINGS } from '../strings.ts';

export function Ended({ title }: { readonly title: string }): ReactNode {
  const s = STRINGS.popup;
  return (
    <div className="ended" role="status">
      <h1>{s.ended}</h1>
      <p>
        <Visible text={title} />
      </p>
      <p>{s.endedHint}</p>
    </div>
  );
}
