/** What this is, what it watches, and who sees that. */

import type { ReactNode } from 'react';
import type { Status } from '../../../main/contract/control.ts';
import { Visible } from '../../design/parts.tsx';
import { Lines } from '../../design/sections.tsx';
import { STRINGS } from '../../strings.ts';
import { seenBy } from '../seen-by.ts';

const s = STRINGS.firstRun.what;

export function WhatStep({ status }: { readonly status: Status | null }): ReactNode {
  return (
    <>
      <p className="lead">{s.text}</p>
      <h2>{s.watched}</h2>
      <Lines lines={STRINGS.console.watched} />
      <h2>{s.seen}</h2>
      <Seen status={status} />
    </>
  );
}

/** A person may have named a collector of their own. */
function Seen({ status }: { readonly status: Status | null }): ReactNode {
  const { seenWhat, seenReport } = STRINGS.console;
  return (
    <>
      <p className="seen-here">
        <Visible text={status ? seenBy(status) : STRINGS.console.seen.own} />
      </p>
      {status?.upload && <Lines lines={[...seenWhat[status.upload.content], seenReport]} />}
    </>
  );
}
