/** Why it is asked, where the idea came from, and whom to ask. */

import type { ReactNode } from 'react';
import type { Question } from '../../main/contract/approval.ts';
import { Visible } from '../design/parts.tsx';
import { STRINGS } from '../strings.ts';
import { toolName } from './tool-name.ts';

export function Why({ question }: { readonly question: Question }): ReactNode {
  const { idea, policies, reason } = question;
  const model = idea.model ?? idea.provider;
  const contacts = contactsOf(policies);
  const s = STRINGS.popup;
  return (
    <section className="why">
      <p id="reason" dir="auto">
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
                <Visible text={sourceOf(idea.after)} />
              </b>
            </>
          )}
        </dd>
        {contacts && (
          <>
            <dt>{s.contact}</dt>
            <dd>
              <b>
                <Visible text={contacts} />
              </b>
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}

/** Whom policy names for questions, each once. */
export function contactsOf(policies: Question['policies']): string {
  return [...new Set(policies.flatMap(({ contact }) => contact ?? []))].join(', ');
}

function sourceOf(after: string): string {
  const { name, server } = toolName(after);
  return server === null ? name : `${name} (${server})`;
}
