/** The stretch of time that the figures are of. */

import type { FIGURE_STEPS } from '../../../main/contract/activity.ts';

export const RANGES = ['hours', 'week', 'month'] as const;
export type Range = (typeof RANGES)[number];

const HOUR = 3_600_000;
const LENGTHS: Readonly<Record<Range, { readonly step: (typeof FIGURE_STEPS)[number]; readonly stepMs: number; readonly count: number }>> =
  {
    hours: { step: 'hour', stepMs: HOUR, count: 24 },
    week: { step: 'day', stepMs: 24 * HOUR, count: 7 },
    month: { step: 'day', stepMs: 24 * HOUR, count: 30 },
  };

export interface Stretch {
  readonly from: string;
  readonly to: string;
  readonly step: (typeof FIGURE_STEPS)[number];
  readonly offsetMinutes: number;
}

/** Whole hours or days of the person's own, the one that is now among them. `offsetMinutes`: how far their clock is ahead of UTC. */
export function stretchOf(range: Range, now: Date, offsetMinutes = -now.getTimezoneOffset()): Stretch {
  const { step, stepMs, count } = LENGTHS[range];
  const offset = offsetMinutes * 60_000;
  const end = (Math.floor((now.getTime() + offset) / stepMs) + 1) * stepMs - offset;
  return { from: new Date(end - count * stepMs).toISOString(), to: new Date(end).toISOString(), step, offsetMinutes };
}
