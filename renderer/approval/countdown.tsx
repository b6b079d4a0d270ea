/** The time left: a ring and digits that don't jump; and a few words for those who hear it. */

import type { ReactNode } from 'react';
import { minutesAndSeconds } from '../design/time.ts';
import { STRINGS } from '../strings.ts';
import { type Timed, wholeOf } from './time-left.ts';
import { useTimeLeft } from './use-time-left.ts';

const RADIUS = 7.5;
/** From here on it is nearly over. */
const ENDING_MS = 10_000;
/** From here on it is said. */
const SAID_MS = 30_000;
const ROUND = 2 * Math.PI * RADIUS;

export function Countdown({ question }: { readonly question: Timed }): ReactNode {
  const left = useTimeLeft(question);
  const share = Math.min(1, left / Math.max(1, wholeOf(question)));
  const digits = minutesAndSeconds(left);
  const says = left > 0 ? STRINGS.popup.timeLeft(digits) : STRINGS.popup.overdue;

  return (
    <div className={left <= ENDING_MS ? 'clock ending' : 'clock'} role="timer" aria-label={says} title={says}>
      <span aria-hidden="true">{digits}</span>
      <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
        <circle className="track" cx="9" cy="9" r={RADIUS} />
        <circle className="left" cx="9" cy="9" r={RADIUS} strokeDasharray={`${share * ROUND} ${ROUND}`} transform="rotate(-90 9 9)" />
      </svg>
    </div>
  );
}

/** Heard and not seen: that answers count now, and twice that time runs out. Not every second. */
export function Heard({ question, armed }: { readonly question: Timed; readonly armed: boolean }): ReactNode {
  const left = useTimeLeft(question);
  const s = STRINGS.popup;
  const says = left <= 0 ? s.overdue : left <= ENDING_MS ? s.heardLeft(10) : left <= SAID_MS ? s.heardLeft(30) : armed ? s.heardArmed : '';
  return (
    <p className="unseen" role="status">
      {says}
    </p>
  );
}
