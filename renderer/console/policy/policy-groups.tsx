/** The policies by what they do, each in one sentence; the rest of it opens. */

import { type ReactNode, useId, useState } from 'react';
import type { Policies, ShownPolicy } from '../../../main/contract/policy-desk.ts';
import { type Look, Shape, Visible } from '../../design/parts.tsx';
import { STRINGS } from '../../strings.ts';

const s = STRINGS.policy;

const GROUPS = ['deny', 'ask', 'redact', 'allow', 'observe'] as const;
type Group = (typeof GROUPS)[number];

export const LOOKS: Readonly<Record<Group, Look>> = {
  deny: 'refused',
  ask: 'waiting',
  redact: 'unsure',
  allow: 'released',
  observe: 'noted',
};

export function PolicyGroups({ policies: { policies, count } }: { readonly policies: Policies }): ReactNode {
  return (
    <>
      {GROUPS.map((group) => {
        const members = policies.filter((policy) => groupOf(policy) === group);
        return members.length > 0 && <PolicyGroup key={group} group={group} policies={members} />;
      })}
      {policies.length < count && <p className="policy-more">{s.notAll(policies.length, count)}</p>}
    </>
  );
}

function PolicyGroup({ group, policies }: { readonly group: Group; readonly policies: readonly ShownPolicy[] }): ReactNode {
  const id = useId();
  const { title, text } = s.groups[group];
  return (
    <section className="policy-group" aria-labelledby={id}>
      <h3 id={id}>
        <Shape look={LOOKS[group]} />
        {title} <span>{text}</span>
      </h3>
      <ul>
        {policies.map((policy) => (
          <PolicyRow key={policy.id} policy={policy} />
        ))}
      </ul>
    </section>
  );
}

function PolicyRow({ policy }: { readonly policy: ShownPolicy }): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const { says, reason, contact } = policy;
  return (
    <li className="policy-row">
      <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <span className={isOpen ? 'policy-says' : 'policy-says short'}>
          <Says text={says} />
        </span>
        {(reason || contact) && (
          <span className="policy-reason">
            <Visible text={[reason, contact].filter(Boolean).join(' · ')} />
          </span>
        )}
      </button>
      {isOpen && <Detail policy={policy} />}
    </li>
  );
}

/** How most of them begin tells nothing new: the eye is led to what comes after. */
const USUAL = /^(?:Refuses a tool call that|Asks when a tool call) /;

function Says({ text }: { readonly text: string }): ReactNode {
  const usual = USUAL.exec(text)?.[0] ?? '';
  return (
    <>
      {usual && <span className="policy-usual">{usual}</span>}
      <Visible text={text.slice(usual.length)} />
    </>
  );
}

function Detail({ policy }: { readonly policy: ShownPolicy }): ReactNode {
  const { id, file, line, effect, remember, severity, rollout, mode, lasting, text } = policy;
  const f = s.field;
  return (
    <div className="policy-detail">
      <dl className="policy-facts">
        <Row name={f.id} value={id} isCode />
        <Row name={f.place} value={s.place(file, line)} />
        {effect === 'ask' && <Row name={f.remember} value={s.remember[remember]} />}
        <Row name={f.severity} value={lasting ? `${s.severity[severity]}. ${s.lasting}` : s.severity[severity]} />
        {rollout < 100 && <Row name={f.rollout} value={s.rollout(rollout, mode === 'enforce')} />}
      </dl>
      <pre className="policy-text">
        <Visible text={text} />
      </pre>
    </div>
  );
}

function Row({ name, value, isCode }: { readonly name: string; readonly value: string; readonly isCode?: boolean }): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {isCode ? (
          <code>
            <Visible text={value} />
          </code>
        ) : (
          <Visible text={value} />
        )}
      </dd>
    </div>
  );
}

function groupOf({ mode, effect }: ShownPolicy): Group {
  return mode === 'observe' ? 'observe' : effect;
}
