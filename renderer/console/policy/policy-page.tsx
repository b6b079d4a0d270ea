/** Policy: what is in force and from whom, what would happen if, what is remembered, and what a draft would have said. */

import { type ReactNode, useRef } from 'react';
import type { ConsoleView } from '../../../main/app/channels.ts';
import type { Status } from '../../../main/contract/control.ts';
import { Visible } from '../../design/parts.tsx';
import { Problem, Section } from '../../design/sections.tsx';
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
  const places = {
    policies: useRef<HTMLHeadingElement>(null),
    remembered: useRef<HTMLHeadingElement>(null),
    draft: useRef<HTMLHeadingElement>(null),
  };
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
        {policies && isRunning && (
          <p className="policy-jump">
            {SECTIONS.map((name) => (
              <button key={name} type="button" className="link" onClick={() => goTo(places[name].current)}>
                {s.sections[name]}
              </button>
            ))}
          </p>
        )}
      </header>
      {isRunning && (
        <Section title={s.whatIf} lead={s.whatIfText}>
          <WhatIfDesk suspended={status.bypass?.until} />
        </Section>
      )}
      {problem && <Problem look="mild" says={problem} />}
      {policies && isRunning && (
        <Section title={s.sections.policies} headingRef={places.policies}>
          <PolicyGroups policies={policies} />
        </Section>
      )}
      {isRunning && (
        <Section title={s.sections.remembered} headingRef={places.remembered}>
          <Remembered grants={grants} />
        </Section>
      )}
      {isRunning && (
        <Section title={s.sections.draft} lead={s.draftText} headingRef={places.draft}>
          <Draft />
        </Section>
      )}
    </main>
  );
}

const SECTIONS = ['policies', 'remembered', 'draft'] as const;

function goTo(heading: HTMLElement | null): void {
  heading?.scrollIntoView({ block: 'start' });
  heading?.focus({ preventScroll: true });
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
