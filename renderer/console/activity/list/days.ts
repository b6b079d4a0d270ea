/** A day as a heading of a list. */

import { longDay } from '../../../design/time.ts';
import { STRINGS } from '../../../strings.ts';

export function dayOf(iso: string, now: Date = new Date()): string {
  const date = new Date(iso);
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (date.toDateString() === now.toDateString()) return STRINGS.activity.today;
  if (date.toDateString() === yesterday.toDateString()) return STRINGS.activity.yesterday;
  return longDay(iso, now);
}
