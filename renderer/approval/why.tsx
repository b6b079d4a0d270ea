/** Why it is asked, where the idea came from, and whom to ask. */

import type { ReactNode } from 'react';
import type { Question } from '../../main/contract/approval.ts';
import { Visible } from '../design/parts.tsx';
import { STRINGS } from '../strings.ts';

export function Why({ question }: { readonly question: Question }): ReactNode {
  const { idea, policies, reason } = question;
  const model = idea.model ?? idea.provider;
  const contact = policies.find((policy) => policy.contact)?.contact;
  const s = STRINGS.popup;
  return (
    <section className="why">
      <p id="reason">
        <Visible text={reason} />
      </p>
      <dl>
        <dt>{s.ideaFrom}</dt>
        <dd>
          <b>
            <Visible text={model} />
          </b>
          {idea.after && (
            <>
              {s.ideaAfter(idea.after)}
              <b>
                <Visible text={idea.after} />
              </b>
            </>
          )}
        </dd>
        {policies.length > 0 && (
          <>
            <dt>{s.policy}</dt>
            <dd>
              <Visible text={policies.map((policy) => policy.id).join(', ')} />
              {contact && (
                <>
                  {' · '}
                  <b>
                    <Visible text={contact} />
                  </b>
                </>
              )}
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}
