/** Times, numbers and money as a person reads them: in their own time zone, and as their system writes them. */

// Of the page: a sandboxed process has none of its own that could be relied on.
const LOCALE = navigator.language;
const TIME = new Intl.DateTimeFormat(LOCALE, { timeStyle: 'short' });
const TIME_WITH_SECONDS = new Intl.DateTimeFormat(LOCALE, { timeStyle: 'medium' });
const DAY = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short' });
const DAY_OF_YEAR = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short', year: 'numeric' });
const WEEKDAY = new Intl.DateTimeFormat(LOCALE, { weekday: 'short', day: 'numeric', month: 'short' });
const LONG_DAY = new Intl.DateTimeFormat(LOCALE, { weekday: 'long', day: 'numeric', month: 'long' });
const LONG_DAY_OF_YEAR = new Intl.DateTimeFormat(LOCALE, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const NUMBER = new Intl.NumberFormat(LOCALE);
const SHORT_NUMBER = new Intl.NumberFormat(LOCALE, { notation: 'compact', maximumSignificantDigits: 3 });
const DOLLARS = new Intl.NumberFormat(LOCALE, { style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol' });
const WHOLE_DOLLARS = new Intl.NumberFormat(LOCALE, {
  style: 'currency',
  currency: 'USD',
  currencyDisplay: 'narrowSymbol',
  maximumFractionDigits: 0,
});
const UNITS = (['millisecond', 'second', 'minute', 'hour', 'day'] as const).map((unit) => ({
  long: new Intl.NumberFormat(LOCALE, { style: 'unit', unit, unitDisplay: 'long' }),
  narrow: new Intl.NumberFormat(LOCALE, { style: 'unit', unit, unitDisplay: 'narrow' }),
}));
const LENGTHS = [1, 1000, 60_000, 3_600_000, 86_400_000];

/** "1:14"; rounded up, so that "0:00" means that it is over. */
export function minutesAndSeconds(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** "14:32", or with seconds "14:32:05"; "2:32 PM" where that is how it is said. */
export function clock(iso: string, seconds = false): string {
  return (seconds ? TIME_WITH_SECONDS : TIME).format(new Date(iso));
}

/** "14:32" today, else "12 Nov, 14:32"; with the year where it is another. */
export function moment(iso: string, now: Date = new Date()): string {
  const date = new Date(iso);
  if (date.toDateString() === now.toDateString()) return clock(iso);
  return `${day(iso, now)}, ${clock(iso)}`;
}

/** "12 Nov"; with the year where it is another. */
export function day(iso: string, now: Date = new Date()): string {
  const date = new Date(iso);
  return (date.getFullYear() === now.getFullYear() ? DAY : DAY_OF_YEAR).format(date);
}

/** "Thu, 12 Nov". */
export function weekday(iso: string): string {
  return WEEKDAY.format(new Date(iso));
}

/** "Thursday 12 November"; with the year where it is another. */
export function longDay(iso: string, now: Date = new Date()): string {
  const date = new Date(iso);
  return (date.getFullYear() === now.getFullYear() ? LONG_DAY : LONG_DAY_OF_YEAR).format(date);
}

/** "14 seconds", or narrow "14s": in the greatest unit of which there is one, with one decimal while that says more. */
export function duration(ms: number, width: 'long' | 'narrow' = 'long'): string {
  const at = Math.max(
    1,
    LENGTHS.findLastIndex((length) => ms >= length),
  );
  const value = ms / LENGTHS[at]!;
  return UNITS[at]![width].format(value < 10 ? Math.round(value * 10) / 10 : Math.round(value));
}

export function number(value: number): string {
  return NUMBER.format(value);
}

/** "61.2K". */
export function shortNumber(value: number): string {
  return SHORT_NUMBER.format(value);
}

/** US dollars: "$0.38"; whole ones from a thousand on. What is less than a cent is said to be so. */
export function money(usd: number): string {
  if (usd > 0 && usd < 0.01) return `< ${DOLLARS.format(0.01)}`;
  return (usd >= 1000 ? WHOLE_DOLLARS : DOLLARS).format(usd);
}
