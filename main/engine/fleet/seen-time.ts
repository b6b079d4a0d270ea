/** The latest time that this device has ever seen: a clock that is set back must not make fresh what has expired. */

export interface SeenTime {
  /** Milliseconds since 1970. Never goes back, save by `trust`. */
  read(): number;
  /** Something new was signed that only holds at the clock's time: the time seen before was wrong. */
  trust(): void;
}

/** `now` is the clock, which anybody may set; `uptime` only goes up (ms). `seen` is what was read last before a restart. */
export function createSeenTime(options: { now(): number; uptime(): number; seen: number }): SeenTime {
  const { now, uptime } = options;
  let seen = options.seen;
  let last = uptime();
  return {
    read() {
      const at = uptime();
      seen = Math.max(now(), seen + Math.max(0, at - last));
      last = at;
      return seen;
    },
    trust() {
      seen = now();
      last = uptime();
    },
  };
}
