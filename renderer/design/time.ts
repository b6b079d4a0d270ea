/** Times as a person reads them, in their own time zone. */

/** "1:14"; rounded up, so that "0:00" means that it is over. */
export function minutesAndSeconds(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** "14:32", or with seconds "14:32:05". */
export function clock(iso: string, seconds = false): string {
  return new Date(iso).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', ...(seconds && { second: '2-digit' }) });
}

/** "14:32" today, else "12 Nov, 14:32". */
export function moment(iso: string, now: Date = new Date()): string {
  const date = new Date(iso);
  if (date.toDateString() === now.toDateString()) return clock(iso);
  return `${date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })}, ${clock(iso)}`;
}

export function number(value: number): string {
  return value.toLocaleString('en-US');
}
