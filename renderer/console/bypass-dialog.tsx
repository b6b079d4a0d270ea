/** Asks for how long, and why, enforcement shall be suspended. */

import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { ask } from '../ask.ts';
import { Button } from '../design/button.tsx';
import { Segments } from '../design/choice.tsx';
import { Dialog } from '../design/dialog.tsx';
import { Problem } from '../design/sections.tsx';
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
  const why = useRef<HTMLTextAreaElement>(null);
  const form = useId();

  useEffect(() => why.current?.focus(), []);

  return (
    <Dialog
      title={s.title}
      onClose={onClose}
      actions={
        <>
          <Button look="quiet" onClick={onClose}>
            {s.cancel}
          </Button>
          <Button submits look="strong" form={form} disabled={busy || reason.trim() === ''}>
            {busy ? s.pausing : s.begin(minutes)}
          </Button>
        </>
      }
    >
      <form id={form} className="pause-form" onSubmit={(event) => void begin(event)}>
        <p>{s.text}</p>
        <p className="sub">{s.holds}</p>
        <Segments
          label={s.howLong}
          labelled="above"
          wide
          value={minutes}
          options={choices.map((value) => ({ value, label: s.minutes(value) }))}
          onChoose={setMinutes}
        />
        <label>
          {s.why}
          <textarea
            ref={why}
            className="input"
            rows={2}
            required
            maxLength={MOST_REASON}
            placeholder={s.whyHint}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </label>
        {problem ? <Problem says={problem} /> : <p className="sub">{s.recorded}</p>}
      </form>
    </Dialog>
  );

  async function begin(event: FormEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setProblem('');
    const reply = await ask('bypass', { minutes, reason: reason.trim() });
    setBusy(false);
    if (reply.ok) onClose();
    else setProblem(reply.says);
  }
}

function choicesWithin(most: number): readonly number[] {
  const fitting = CHOICES.filter((choice) => choice <= most);
  const longest = Math.min(most, CHOICES.at(-1)!);
  return fitting.at(-1) === longest ? fitting : [...fitting, longest];
}
