/** What somebody is looking for, as they chose it; and as the log is asked for it. */

import { RECORD_ENDS, type RecordEnd, type RecordFilter } from '../../../../main/contract/activity-filter.ts';
import { STRINGS } from '../../../strings.ts';
import { labelInWords } from '../story/labels.ts';

export const WHENS = ['hour', 'today', 'week', 'month'] as const;
export type When = (typeof WHENS)[number];

export interface Choice {
  readonly agent?: string;
  readonly end?: RecordEnd;
  readonly label?: string;
  readonly host?: string;
  readonly when?: When;
}
export type ChoiceName = keyof Choice;

export const CHOICES: readonly ChoiceName[] = ['agent', 'end', 'label', 'host', 'when'];
/** UTF-16 units that the log searches for. */
export const MOST_TEXT = 400;

/** Undefined where nothing is left out. */
export function filterFor(text: string, { when, ...choice }: Choice, now: Date): RecordFilter | undefined {
  const wanted = text.slice(0, MOST_TEXT).trim();
  const filter = { ...choice, ...(wanted !== '' && { text: wanted }), ...(when && { from: beginningOf(when, now).toISOString() }) };
  return Object.keys(filter).length > 0 ? filter : undefined;
}

function beginningOf(when: When, now: Date): Date {
  if (when === 'hour') return new Date(now.getTime() - 3_600_000);
  const days = { today: 0, week: 6, month: 29 }[when];
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - days);
}

/** How a choice is shown. */
export function choiceInWords(name: ChoiceName, value: string): string {
  const s = STRINGS.activity;
  if (name === 'end') return RECORD_ENDS.find((end) => end === value) ? s.end[value as RecordEnd] : value;
  if (name === 'when') return WHENS.find((when) => when === value) ? s.when[value as When] : value;
  return name === 'label' ? labelInWords(value) : value;
}

/** The families of labels, each before its own: "secret" finds all secrets. */
export function withFamilies(labels: readonly string[]): readonly string[] {
  const families = groups(labels);
  return families.flatMap(([family, own]) => (own.length > 1 && !own.includes(family) ? [family, ...own] : own));
}

function groups(labels: readonly string[]): readonly (readonly [string, readonly string[]])[] {
  const families = new Map<string, string[]>();
  for (const label of labels) {
    const family = label.split('.', 1)[0]!;
    families.set(family, [...(families.get(family) ?? []), label]);
  }
  return [...families];
}
