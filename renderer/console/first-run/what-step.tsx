/** What this is, what it watches, and who sees that. */

import type { ReactNode } from 'react';
import type { Status } from '../../../main/contract/control.ts';
import { Visible } from '../../design/parts.tsx';
import { STRINGS } from '../../strings.ts';

const s = STRINGS.firstRun.what;

export function WhatStep({ status }: { readonly status: Status | null }): ReactNode {
  return (
    <>
      <p className="lead">{s.text}</p>
      <h2>{s.watched}</h2>
      <Lines lines={STRINGS.console.watched} />
      <h2>{s.seen}</h2>
      <Seen upload={status?.upload} />
    </>
  );
}

/** A person may have named a collector of their own. */
function Seen({ upload }: { readonly upload: Status['upload'] }): ReactNode {
  const { seen, seenBy, seenWhat, seenReport } = STRINGS.console;
  if (!upload) return <p className="seen-here">{seen}</p>;
  const host = /^https?:\/\/([^/?#]+)/i.exec(upload.url)?.[1] ?? upload.url;
  return (
    <>
      <p className="seen-here">
        <Visible text={seenBy(host)} />
      </p>
      <Lines lines={[...seenWhat[upload.content], seenReport]} />
    </>
  );
}

function Lines({ lines }: { readonly lines: readonly string[] }): ReactNode {
  return (
    <ul className="watched-here">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
