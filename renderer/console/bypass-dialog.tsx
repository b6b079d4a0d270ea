/** Asks for how long, and why, enforcement shall be suspended. */

import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { ask } from '../ask.ts';
import { Visible } from '../design/parts.tsx';
import { STRINGS } from '../strings.ts';

const s = STRINGS.bypass;
/** In minutes; and the most that settings permit. */
const CHOICES = [5, 15, 30, 60, 120, 240, 480];
const MOST_REASON = 300;

interface BypassDialogProps {
  /** The most that settings permit. */
  readonly most: number;
  /** What is chosen at first. */
  readonly minutes: number;
  onClose(): void;
}

export function BypassDialog({ most, minutes: wanted, onClose }: BypassDialogProps): ReactNode {
  const choices = choicesWithin(most);
  const [minutes, setMinutes] = useState(choices.findLast((choice) => choice <= wanted) ?? choices[0]!);
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const dialog = useRef<HTMLDialogElement>(null);
  const why = useRef<HTMLTextAreaElement>(null);
  const title = useId();

  useEffect(() => {
    dialog.current?.showModal();
    why.current?.focus();
  }, []);

  return (
    <dialog ref={dialog} className="bypass-dialog" aria-labelledby={title} onClose={onClose}>
      <form onSubmit={(event) => void begin(event)}>
        <h2 id={title}>{s.title}</h2>
        <p>{s.text}</p>
        <p className="sub">{s.holds}</p>
        <fieldset>
          <legend>{s.howLong}</legend>
          <div className="choices">
            {choices.map((choice) => (
              <label key={choice}>
                <input type="radio" name="minutes" checked={choice === minutes} onChange={() => setMinutes(choice)} />
                <span>{s.minutes(choice)}</span>
              </label>
            ))}
          </div>
        </fieldset>
        <label className="why">
          {s.why}
          <textarea
            ref={why}
            rows={2}
            required
            maxLength={MOST_REASON}
            placeholder={s.whyHint}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </label>
        {problem ? (
          <p className="alarm" role="alert">
            <Visible text={problem} />
          </p>
        ) : (
          <p className="sub">{s.recorded}</p>
        )}
        <footer>
          <button type="button" className="button quiet" onClick={() => dialog.current?.close()}>
            {s.cancel}
          </button>
          <button type="submit" className="button strong" disabled={busy || reason.trim() === ''}>
            {busy ? s.pausing : s.begin(minutes)}
          </button>
        </footer>
      </form>
    </dialog>
  );

  async function begin(event: FormEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setProblem('');
    const reply = await ask('bypass', { minutes, reason: reason.trim() });
    setBusy(false);
    if (reply.ok) dialog.current?.close();
    else setProblem(reply.says);
  }
}

function choicesWithin(most: number): readonly number[] {
  const fitting = CHOICES.filter((choice) => choice <= most);
  const longest = Math.min(most, CHOICES.at(-1)!);
  return fitting.at(-1) === longest ? fitting : [...fitting, longest];
}
