/** When to try again. */

export interface Backoff {
  /** Milliseconds to wait after one more failure in a row. `asked` is what the collector wants, in milliseconds. */
  next(asked?: number): number;
  /** As after a failure that waiting does not help: what is set has to be corrected. */
  slow(): number;
  reset(): void;
}

const FIRST_MS = 1_000;
const LONGEST_MS = 300_000;
/** A collector that asks for more is asked again all the same: a typing error must not silence a fleet. */
const LONGEST_ASKED_MS = 3_600_000;

/** Twice as long each time; between half of it and all of it, so that a fleet does not come back all at once. `random` is below 1. */
export function createBackoff(random: () => number): Backoff {
  let failures = 0;
  return {
    next(asked) {
      const step = Math.min(LONGEST_MS, FIRST_MS * 2 ** failures);
      failures = Math.min(failures + 1, 30);
      const own = step * (0.5 + random() / 2);
      return asked === undefined ? own : Math.max(own, Math.min(asked, LONGEST_ASKED_MS) * (1 + random() / 10));
    },
    slow: () => LONGEST_MS * (0.5 + random() / 2),
    reset() {
      failures = 0;
    },
  };
}

/** Retry-After (RFC 9110 §10.2.3): seconds or a date, to milliseconds from `now`; undefined where it is neither. */
export function retryAfterMs(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value.trim())) return Number(value) * 1000;
  if (!/^[A-Za-z]{3}, \d{2} [A-Za-z]{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(value.trim())) return undefined;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
