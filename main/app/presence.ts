/** Whether a person can be there: nobody is asked behind a locked screen or in a sleeping computer. */

import type { EventEmitter } from 'node:events';

/** What Electron's power monitor has of it. */
export type Monitor = EventEmitter & { getSystemIdleState(idleThreshold: number): string };

export interface Presence {
  readonly present: boolean;
}

/** Linux tells no event of a locked screen, so it is asked. */
const ASK_EVERY_MS = 5_000;
/** In seconds: longer than anybody is away, so that only the lock counts. */
const NEVER_IDLE = 10 ** 9;

export function watchPresence(options: {
  readonly monitor: Monitor;
  readonly platform: NodeJS.Platform;
  onChange(present: boolean): void;
  readonly every?: (ms: number, ask: () => void) => void;
}): Presence {
  const { monitor, platform, onChange, every = timer } = options;
  const away = new Set<'locked' | 'asleep' | 'found-locked'>();

  const change = (why: 'locked' | 'asleep' | 'found-locked', is: boolean) => {
    const before = away.size === 0;
    if (is) away.add(why);
    else away.delete(why);
    if (before !== (away.size === 0)) onChange(!before);
  };
  monitor.on('lock-screen', () => change('locked', true));
  monitor.on('unlock-screen', () => change('locked', false));
  monitor.on('suspend', () => change('asleep', true));
  monitor.on('resume', () => change('asleep', false));
  if (platform === 'linux') every(ASK_EVERY_MS, () => change('found-locked', monitor.getSystemIdleState(NEVER_IDLE) === 'locked'));

  return {
    get present() {
      return away.size === 0;
    },
  };
}

function timer(ms: number, ask: () => void): void {
  setInterval(ask, ms).unref();
}
