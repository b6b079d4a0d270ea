/** One question, as large as it deserves. */

import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { STRINGS } from '../strings.ts';
import { Action } from './action.tsx';
import { AllowButton } from './allow-button.tsx';
import { DenyWhy } from './deny-why.tsx';
import { Details } from './details.tsx';
import { Header } from './header.tsx';
import type { CardProps } from './popup.tsx';
import { Why } from './why.tsx';

export function SingleCard({ questions: [question], position, platform, armed, notice, give }: CardProps): ReactNode {
  const [telling, setTelling] = useState(false);
  const [detailed, setDetailed] = useState(false);
  const deny = useRef<HTMLButtonElement>(null);
  const s = STRINGS.popup;

  useEffect(() => {
    if (!telling) deny.current?.focus();
  }, [telling]);

  const allowByChord = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.repeat || telling) return;
    event.preventDefault();
    give(question, { choice: 'allow', for: 'once' }, true);
  };

  return (
    <div
      className={armed ? 'card' : 'card unarmed'}
      role="alertdialog"
      aria-labelledby="title"
      aria-describedby="action reason"
      onKeyDown={allowByChord}
    >
      <Header title={question.title} question={question} position={position} armed={armed} />
      <section id="action" className="action" aria-label={s.theAction}>
        <Action question={question} most={6} />
      </section>
      <Why question={question} />
      {detailed && <Details question={question} />}
      {notice && (
        <p className="notice" role="status">
          {notice}
        </p>
      )}
      {telling ? (
        <DenyWhy
          onSend={(reason) => give(question, { choice: 'deny', ...(reason && { reason }) }, true)}
          onBack={() => setTelling(false)}
        />
      ) : (
        <footer>
          <button
            ref={deny}
            type="button"
            className="button strong"
            aria-disabled={!armed}
            onClick={({ detail }) => give(question, { choice: 'deny' }, detail === 0)}
          >
            {s.deny}
          </button>
          <button type="button" className="button" onClick={() => armed && setTelling(true)}>
            {s.denyWhy}
          </button>
          <span className="gap" />
          <button type="button" className="button quiet" aria-expanded={detailed} onClick={() => setDetailed(!detailed)}>
            {detailed ? s.hideDetails : s.details}
          </button>
          <AllowButton
            grants={question.grants}
            armed={armed}
            chord={s.allowChord(platform)}
            onAllow={(how, byKey) => give(question, { choice: 'allow', for: how }, byKey)}
          />
        </footer>
      )}
    </div>
  );
}
