/** What a careful reader wants to see before answering: the call as it came, and the names of everything around it. */

import { type ReactNode, useRef } from 'react';
import type { Question } from '../../main/contract/approval.ts';
import { Visible } from '../design/parts.tsx';
import { STRINGS } from '../strings.ts';
import { Inked } from './inked.tsx';
import { useScrolls } from './use-scrolls.ts';
import { contactsOf } from './why.tsx';

export function Details({ question }: { readonly question: Question }): ReactNode {
  const { action, agent, details, policies, workspace } = question;
  const s = STRINGS.popup.field;
  const rows: readonly (readonly [string, string | null])[] = [
    [s.tool, `${action.tool} (${action.toolKind})`],
    [s.folder, workspace],
    [s.process, agent.pid === null ? null : `${agent.pid} · ${[...agent.parents, agent.name].join(STRINGS.popup.started)}`],
    [s.host, `${details.host} · ${details.protocol}`],
    [
      s.policies,
      policies
        .map((policy) => (policy.reason && policy.reason !== question.reason ? `${policy.id}: ${policy.reason}` : policy.id))
        .join('; '),
    ],
    [STRINGS.popup.contact, contactsOf(policies)],
    [s.session, details.session],
    [s.exchange, details.exchange],
    [s.shown, question.shown.slice(0, 16)],
  ];
  return (
    <section className="details" aria-label={STRINGS.popup.details}>
      {details.arguments !== '' && <Arguments text={details.arguments} />}
      <dl>
        {rows.map(([name, value]) =>
          value ? (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <Visible text={value} />
              </dd>
            </div>
          ) : null,
        )}
      </dl>
    </section>
  );
}

function Arguments({ text }: { readonly text: string }): ReactNode {
  const pre = useRef<HTMLPreElement>(null);
  const scrolls = useScrolls(pre, text);
  return (
    <pre ref={pre} className="arguments" tabIndex={scrolls ? 0 : undefined}>
      <Inked text={text} language="json" />
    </pre>
  );
}
