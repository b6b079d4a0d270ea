/** Several questions of one answer, one under the other: each has its own yes, and there is one no for all. */

import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { Question } from '../../main/contract/approval.ts';
import { Visible } from '../design/parts.tsx';
import { STRINGS } from '../strings.ts';
import { Action } from './action.tsx';
import { AllowButton } from './allow-button.tsx';
import { Details } from './details.tsx';
import { Header } from './header.tsx';
import type { CardProps, Give } from './popup.tsx';

/** So many are shown at once; the others are held, and come as these are answered. */
export const MOST_ROWS = 20;

export function GroupCard({ questions, position, armed, notice, give, denyAll }: CardProps): ReactNode {
  const denyButton = useRef<HTMLButtonElement>(null);
  const s = STRINGS.popup;
  const first = questions.reduce((a, b) => (Date.parse(a.expiresAt) <= Date.parse(b.expiresAt) ? a : b));

  // One that goes takes its buttons along, and the focus with them.
  useEffect(() => denyButton.current?.focus(), [questions.length]);

  return (
    <div className={armed ? 'card' : 'card unarmed'} role="alertdialog" aria-labelledby="title">
      <Header title={s.several(questions[0].agent.name, questions.length)} question={first} position={position} armed={armed} />
      <ul className="rows" aria-label={s.theActions}>
        {questions.slice(0, MOST_ROWS).map((question) => (
          <Row key={question.id} question={question} armed={armed} give={give} />
        ))}
      </ul>
      {questions.length > MOST_ROWS && <p className="beyond">{s.beyond(questions.length - MOST_ROWS)}</p>}
      {notice && (
        <p className="notice" role="status">
          {notice}
        </p>
      )}
      <footer>
        <button
          ref={denyButton}
          type="button"
          className="button strong"
          aria-disabled={!armed}
          onClick={({ detail }) => denyAll(detail === 0)}
        >
          {s.denyAll}
        </button>
        <span className="gap" />
        <span className="hint">{s.oneByOne}</span>
      </footer>
    </div>
  );
}

function Row({ question, armed, give }: { readonly question: Question; readonly armed: boolean; readonly give: Give }): ReactNode {
  const [detailed, setDetailed] = useState(false);
  const s = STRINGS.popup;

  // The chord counts for the row that has the focus: it never allows what is not being looked at.
  const allowByChord = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.repeat) return;
    event.preventDefault();
    give(question, { choice: 'allow', for: 'once' }, true);
  };

  return (
    <li className="row" onKeyDown={allowByChord}>
      <h2>
        <Visible text={withoutAgent(question)} />
      </h2>
      <div className="action">
        <Action question={question} most={3} />
      </div>
      <p className="row-reason" dir="auto">
        <Visible text={question.reason} />
      </p>
      {detailed && <Details question={question} />}
      <div className="row-buttons">
        <button
          type="button"
          className="button small"
          aria-disabled={!armed}
          onClick={({ detail }) => give(question, { choice: 'deny' }, detail === 0)}
        >
          {s.deny}
        </button>
        <button type="button" className="button small quiet" aria-expanded={detailed} onClick={() => setDetailed(!detailed)}>
          {detailed ? s.hideDetails : s.details}
        </button>
        <span className="gap" />
        <AllowButton
          small
          grants={question.grants}
          armed={armed}
          onAllow={(how, byKey) => give(question, { choice: 'allow', for: how }, byKey)}
        />
      </div>
    </li>
  );
}

/** "Delete files outside this project": the card's title has said who. */
function withoutAgent({ title, agent }: Question): string {
  const start = `${agent.name} wants to `;
  if (!title.startsWith(start)) return title;
  const rest = title.slice(start.length);
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}
