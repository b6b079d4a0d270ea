/** What this is, what it watches, and who sees that. */

import type { ReactNode } from 'react';
import type { Status } from '../../../main/contract/control.ts';
import { Visible } from '../../design/parts.tsx';
import { Lines } from '../../design/sections.tsx';
import { STRINGS } from '../../strings.ts';
import { hostOf } from '../host.ts';

const s = STRINGS.firstRun.what;

export function WhatStep({ status }: { readonly status: Status | null }): ReactNode {
  return (
    <>
      <p className="lead">{s.text}</p>
      <h2>{s.watched}</h2>
      <Lines lines={STRINGS.console.watched} />
      <h2>{s.seen}</h2>
      <Seen upload={status?.upload} service={status?.engine.service} />
    </>
  );
}

/** A person may have named a collector of their own. */
function Seen({ upload, service }: { readonly upload: Status['upload']; readonly service: Status['engine']['service'] }): ReactNode {
  const { seen, seenHere, seenBy, seenWhat, seenReport } = STRINGS.console;
  if (!upload) return <p className="seen-here">{service ? seenHere : seen}</p>;
  return (
    <>
      <p className="seen-here">
        <Visible text={seenBy(hostOf(upload.url))} />
      </p>
      <Lines lines={[...seenWhat[upload.content], seenReport]} />
    </>
  );
}
