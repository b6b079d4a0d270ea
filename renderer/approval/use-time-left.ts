/** The time left, as it passes. */

import { useEffect, useState } from 'react';
import { createTimes, type Timed } from './time-left.ts';

const TIMES = createTimes(
  () => performance.now(),
  () => Date.now(),
);

/** In milliseconds. */
export function useTimeLeft(question: Timed): number {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), 250);
    return () => clearInterval(timer);
  }, []);
  return TIMES.leftOf(question);
}
