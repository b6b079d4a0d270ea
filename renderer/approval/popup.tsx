/** The popup: shows the card that the main process gives it, says what it has drawn, and sends the answer. */

import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { PopupView } from '../../main/app/channels.ts';
import type { Answer, Question } from '../../main/contract/approval.ts';
import { bridge } from '../bridge.ts';
import { STRINGS } from '../strings.ts';
import { Ended } from './ended.tsx';
import { GroupCard, MOST_ROWS } from './group-card.tsx';
import { SingleCard } from './single-card.tsx';
import { useArming } from './use-arming.ts';

/** How a card sends an answer. `byKey`: the keyboard must have been quiet before. */
export type Give = (question: Question, answer: Answer, byKey: boolean) => void;

export interface CardProps {
  readonly questions: readonly [Question, ...Question[]];
  readonly position: PopupView['position'];
  readonly platform: string;
  readonly armed: boolean;
  readonly notice: string;
  readonly give: Give;
  /** No to all that the card shows now. */
  denyAll(byKey: boolean): void;
}

/** In pixels: no screen is taller. */
const TALLEST = 10_000;

export function Popup(): ReactNode {
  const view = usePopupView();
  const card = view?.card ?? null;
  const shown = card?.questions.slice(0, MOST_ROWS) ?? [];
  const ids = shown.map((question) => question.id);
  const sight = card?.questions.map((question) => question.id).join(' ') ?? '';
  const page = useRef<HTMLElement>(null);
  const { armed, drawn, isQuiet } = useArming(sight, view?.armsAfterMs ?? 0);
  const [told, setTold] = useState({ sight: '', text: '' });
  // What came of an answer belongs to the questions that it was given to.
  const notice = told.sight === sight ? told.text : '';
  const sending = useRef(new Set<string>());
  const denied = useRef(new Set<string>());

  useLayoutEffect(() => {
    const element = page.current;
    if (!element || ids.length === 0) return;
    const tell = () => bridge().call('popup:displayed', { ids, height: Math.min(TALLEST, element.getBoundingClientRect().height) });
    // The main process shows the window on this: it must not wait for a frame, which a hidden window never gets.
    void tell().then(drawn);
    const observer = new ResizeObserver(() => void tell());
    observer.observe(element);
    return () => observer.disconnect();
  }, [view, drawn]);

  useEffect(() => sending.current.clear(), [sight]);

  useEffect(() => {
    const setAside = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) void bridge().call('popup:setAside', {});
      // A key that is held down was pressed for something else.
      if (event.key === 'Enter' && event.repeat) event.preventDefault();
    };
    window.addEventListener('keydown', setAside);
    return () => window.removeEventListener('keydown', setAside);
  }, []);

  const give: Give = (question, answer, byKey) => {
    if (!armed || (byKey && !isQuiet()) || sending.current.has(question.id)) return;
    sending.current.add(question.id);
    const { id, nonce, shown } = question;
    void bridge()
      .call('popup:answer', { id, nonce, shown, answer })
      .then((given) => {
        if (given.accepted) return;
        sending.current.delete(id);
        // It is denied once the card is armed again.
        if (given.why === 'arming' && denied.current.has(id)) return;
        setTold({ sight, text: STRINGS.popup.refusedAnswer[given.why] });
      });
  };

  const denyAll = (byKey: boolean) => {
    if (!armed || (byKey && !isQuiet())) return;
    for (const question of card?.questions ?? []) denied.current.add(question.id);
    for (const question of shown) give(question, { choice: 'deny' }, byKey);
  };
  // The first to go moves the others, which are then not armed: the no was given to them too.
  useEffect(() => {
    if (!armed) return;
    for (const question of shown) if (denied.current.has(question.id)) give(question, { choice: 'deny' }, false);
  }, [armed, sight]);

  const [first, ...others] = card?.questions ?? [];
  if (view?.ended && !card) return <Ended title={view.ended.title} />;
  if (!view || !card || !first) return null;
  const props: CardProps = {
    questions: [first, ...others],
    position: view.position,
    platform: view.platform,
    armed,
    notice,
    give,
    denyAll,
  };
  return (
    <main ref={page} className={view.platform === 'linux' ? 'page framed' : 'page'}>
      {others.length === 0 ? <SingleCard key={sight} {...props} /> : <GroupCard key={card.key} {...props} />}
    </main>
  );
}

function usePopupView(): PopupView | undefined {
  const [view, setView] = useState<PopupView>();
  useEffect(() => {
    const show = (next: PopupView) => flushSync(() => setView(next));
    const off = bridge().on('popup:view', show);
    void bridge().call('popup:ready', {}).then(show);
    return off;
  }, []);
  return view;
}
