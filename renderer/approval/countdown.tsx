/** The time left: a ring and digits that don't jump. */

import { type ReactNode, useEffect, useState } from 'react';
import { minutesAndSeconds } from '../design/time.ts';
import { STRINGS } from '../strings.ts';

const RADIUS = 7.5;
/** From here on it is nearly over. */
const ENDING_MS = 10_000;
const ROUND = 2 * Math.PI * RADIUS;

export function Countdown({ askedAt, expiresAt }: { readonly askedAt: string; readonly expiresAt: string }): ReactNode {
  const end = Date.parse(expiresAt);
  const left = useTimeLeft(end);
  const share = Math.min(1, left / Math.max(1, end - Date.parse(askedAt)));
  const digits = minutesAndSeconds(left);

  return (
    <div
      className={left <= ENDING_MS ? 'clock ending' : 'clock'}
      role="timer"
      aria-label={left > 0 ? STRINGS.popup.timeLeft(digits) : STRINGS.popup.overdue}
      title={STRINGS.popup.timeLeft(digits)}
    >
      <span aria-hidden="true">{digits}</span>
      <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
        <circle className="track" cx="9" cy="9" r={RADIUS} />
        <circle className="left" cx="9" cy="9" r={RADIUS} strokeDasharray={`${share * ROUND} ${ROUND}`} transform="rotate(-90 9 9)" />
      </svg>
    </div>
  );
}

function useTimeLeft(end: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, []);
  return Math.max(0, end - now);
}
