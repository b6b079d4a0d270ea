/** What would be said of an action, as the popup would show it, with what decides it. */

import { type ReactNode, useState } from 'react';
import type { WhatIf } from '../../../main/contract/policy-desk.ts';
import { Action } from '../../approval/action.tsx';
import { contactsOf } from '../../approval/why.tsx';
import { Shape, Visible } from '../../design/parts.tsx';
import { STRINGS } from '../../strings.ts';
import { LOOKS } from './policy-groups.tsx';

type Judged = Extract<WhatIf, { state: 'judged' }>;

const s = STRINGS.policy;

export function WhatIfCard({ judged }: { readonly judged: Judged }): ReactNode {
  const { verdict, title, reason, policies, observed, told, because, failed } = judged;
  const contacts = contactsOf(policies);
  return (
    <article className="verdict-card" aria-label={s.would[verdict]}>
      <header>
        <Shape look={verdict === 'redact' ? 'refused' : LOOKS[verdict]} />
        <div>
          <h3>{failed ? s.wouldFail : s.would[verdict]}</h3>
          <p className="sub">
            <Visible text={title} />
          </p>
        </div>
      </header>
      <div className="action">
        <Action key={judged.action.text} question={judged} most={6} />
      </div>
      <div className="verdict-why">
        <p>
          <Visible text={reason} />
        </p>
        <dl className="policy-facts">
          {policies.length > 0 && (
            <Row name={s.decidedBy}>
              {policies.map(({ id, says }) => (
                <p key={id}>
                  {says !== null && <Visible text={`${says} `} />}
                  <code className="policy-name">
                    <Visible text={id} />
                  </code>
                </p>
              ))}
            </Row>
          )}
          {contacts && (
            <Row name={s.contact}>
              <Visible text={contacts} />
            </Row>
          )}
          {observed.length > 0 && (
            <Row name={s.watched}>
              {observed.map(({ id, says }) => (
                <p key={id}>
                  <Visible text={says ?? id} />
                </p>
              ))}
            </Row>
          )}
        </dl>
        <Folded words={s.exactly} text={because} />
        {told !== null && <Folded words={s.told} text={told} lead={verdict === 'ask' ? s.told.ask : undefined} />}
      </div>
    </article>
  );
}

function Row({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Folded({
  words,
  text,
  lead,
}: {
  readonly words: { readonly show: string; readonly hide: string };
  readonly text: string;
  readonly lead?: string | undefined;
}): ReactNode {
  const [isOpen, setOpen] = useState(false);
  return (
    <div className="verdict-more">
      <button type="button" className="link" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {isOpen ? words.hide : words.show}
      </button>
      {isOpen && (
        <>
          {lead && <p className="sub">{lead}</p>}
          <blockquote>
            <Visible text={text} />
          </blockquote>
        </>
      )}
    </div>
  );
}
