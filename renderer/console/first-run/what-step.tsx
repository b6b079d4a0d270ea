/** What this is, what it watches, and who sees that. */

import type { ReactNode } from 'react';
import type { Status } from '../../../main/contract/control.ts';
import { Visible } from '../../design/parts.tsx';
import { STRINGS } from '../../strings.ts';

const s = STRINGS.firstRun.what;

export function WhatStep({ status }: { readonly status: Status | null }): ReactNode {
  const { watched, seen, seenBy } = STRINGS.console;
  const host = status?.upload && /^https?:\/\/([^/?#]+)/i.exec(status.upload.url)?.[1];
  return (
    <>
      <p className="lead">{s.text}</p>
      <h2>{s.watched}</h2>
      <ul className="watched-here">
        {watched.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <h2>{s.seen}</h2>
      <p className="seen-here">{host === undefined ? seen : <Visible text={seenBy(host)} />}</p>
    </>
  );
}
