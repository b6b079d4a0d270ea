/** A no with a reason: it goes to the model, so that it can try something else. */

import { type FormEvent, type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { STRINGS } from '../strings.ts';

/** As long as an answer may be. */
const MAX_REASON = 2_000;

export function DenyWhy({ onSend, onBack }: { onSend(reason: string): void; onBack(): void }): ReactNode {
  const [reason, setReason] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const s = STRINGS.popup;

  useEffect(() => field.current?.focus(), []);

  const send = (event: FormEvent) => {
    event.preventDefault();
    onSend(reason.trim());
  };
  const back = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    // Esc leaves the field, not the question.
    event.preventDefault();
    onBack();
  };

  return (
    <footer>
      <form onSubmit={send}>
        <input
          ref={field}
          aria-label={s.whyLabel}
          placeholder={s.whyPlaceholder}
          maxLength={MAX_REASON}
          value={reason}
          onKeyDown={back}
          onChange={(event) => setReason(event.target.value)}
        />
        <button type="button" className="button quiet" onClick={onBack} onKeyDown={back}>
          {s.whyBack}
        </button>
        <button type="submit" className="button strong">
          {s.whySend}
        </button>
      </form>
    </footer>
  );
}
