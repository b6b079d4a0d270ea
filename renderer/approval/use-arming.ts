/** Nothing counts at once: not in the first moment of a question, and not while somebody is typing for another program. */

import { useCallback, useEffect, useRef, useState } from 'react';

export interface Arming {
  readonly armed: boolean;
  /** The main process knows that the questions are in sight: time counts from here. */
  readonly drawn: () => void;
  /** No key reached this window by surprise: it has had the keyboard for long enough. */
  readonly isQuiet: () => boolean;
}

/** `sight` names what is shown; a new sight is not armed. The main process keeps the same rule for itself. */
export function useArming(sight: string, afterMs: number): Arming {
  const [armedFor, setArmedFor] = useState('');
  const timer = useRef<number>(undefined);
  const focusedAt = useRef(Number.NEGATIVE_INFINITY);
  const armed = sight !== '' && armedFor === sight;

  const drawn = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setArmedFor(sight), afterMs);
  }, [sight, afterMs]);

  useEffect(() => {
    if (sight === '') setArmedFor('');
    return () => clearTimeout(timer.current);
  }, [sight]);

  useEffect(() => {
    const typed = () => {
      if (!armed && timer.current !== undefined) drawn();
    };
    const focused = () => {
      focusedAt.current = performance.now();
    };
    window.addEventListener('keydown', typed, true);
    window.addEventListener('focus', focused);
    return () => {
      window.removeEventListener('keydown', typed, true);
      window.removeEventListener('focus', focused);
    };
  }, [armed, drawn]);

  const isQuiet = useCallback(() => performance.now() - focusedAt.current >= afterMs, [afterMs]);
  return { armed, drawn, isQuiet };
}
