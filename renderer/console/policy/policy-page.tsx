/** Policy: what is in force and from whom, what would happen if, what is remembered, and what a draft would have said. */

import { type ReactNode, useId } from 'react';
import type { ConsoleView } from '../../../main/app/channels.ts';
import type { Status } from '../../../main/contract/control.ts';
import { Visible } from '../../design/parts.tsx';
import { moment } from '../../design/time.ts';
import { STRINGS } from '../../strings.ts';
import { Draft } from './draft.tsx';
import { PolicyGroups } from './policy-groups.tsx';
import { Remembered } from './remembered.tsx';
import { usePolicies } from './use-policies.ts';
import { WhatIfDesk } from './what-if.tsx';

const s = STRINGS.policy;

export function PolicyPage({ view: { guard, status, grants } }: { readonly view: ConsoleView }): ReactNode {
  const { policies, problem } = usePolicies(status?.policy.hash);
  const isRunning = guard.state === 'running' && status !== null;
  return (
    <main className="page policy">
      <header className="policy-head">
        <h1>{s.title}</h1>
        <p className="lead">
          <Visible text={status ? headline(status) : s.notRunning} />
        </p>
        {status && (
          <p className="policy-hash">
            {s.fingerprint} <code>{status.policy.hash.slice(0, 16)}</code>
          </p>
        )}
      </header>
      {isRunning && (
        <Section title={s.whatIf} text={s.whatIfText}>
          <WhatIfDesk />
        </Section>
      )}
      {problem && (
        <p className="alarm mild" role="alert">
          <Visible text={problem} />
        </p>
      )}
      {policies && isRunning && (
        <Section title={s.sections.policies}>
          <PolicyGroups policies={policies} />
        </Section>
      )}
      <Section title={s.sections.remembered}>
        <Remembered grants={grants} />
      </Section>
      {isRunning && (
        <Section title={s.sections.draft} text={s.draftText}>
          <Draft />
        </Section>
      )}
    </main>
  );
}

function Section({ title, text, children }: { readonly title: string; readonly text?: string; readonly children: ReactNode }): ReactNode {
  const id = useId();
  return (
    <section className="policy-section" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {text && <p className="lead">{text}</p>}
      {children}
    </section>
  );
}

/** "Signed by your company, revision 41, confirmed 14:20, 23 policies." */
function headline({ policy: { source, name, dir, count }, fleet }: Status): string {
  const signed = source === 'fleet' && fleet;
  const parts = [
    s.inForce[source](name, dir),
    ...(signed && fleet.revision !== null ? [s.revision(fleet.revision)] : []),
    ...(signed && fleet.confirmedAt ? [s.confirmed(moment(fleet.confirmedAt))] : []),
    s.count(count),
  ];
  return `${parts.join(', ')}.`;
}
