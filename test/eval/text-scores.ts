/** What was found in a text against what should have been. */

import { percent } from './section.ts';
import type { TextCase } from './text-cases.ts';

export interface Scored<Case extends TextCase = TextCase> {
  readonly case: Case;
  /** Labels of the family that the corpus is about, each once. */
  readonly labels: readonly string[];
  readonly missing: readonly string[];
}

/** Says that a text was not read to its end, and nothing about what is in it. */
const NOT_READ = /\.(scan-truncated|unscanned)$/;

export function scored<Case extends TextCase>(one: Case, family: string, found: readonly string[]): Scored<Case> {
  const labels = [...new Set(found)].filter((label) => isBelow(label, family) && !NOT_READ.test(label));
  return { case: one, labels, missing: one.expect.filter((wanted) => !labels.some((label) => isBelow(label, wanted))) };
}

/** Is it the same label, or one below it? */
export function isBelow(label: string, above: string): boolean {
  return label === above || label.startsWith(`${above}.`);
}

export const isMissed = ({ missing }: Scored): boolean => missing.length > 0;

export const isFalseAlarm = ({ case: { expect }, labels }: Scored): boolean => expect.length === 0 && labels.length > 0;

/** Found something, and something was there. */
const isRight = ({ case: { expect }, labels }: Scored): boolean => expect.length > 0 && labels.length > 0;

export const COLUMNS = ['label', 'present', 'found', 'recall', 'reported', 'right', 'precision'] as const;

/** One row a label that is expected anywhere, or that was reported; then one for all. */
export function labelRows(all: readonly Scored[]): string[][] {
  const labels = [...new Set(all.flatMap(({ case: { expect }, labels }) => [...expect, ...labels]))].sort();
  return [...labels.map((label) => labelRow(label, all)), wholeRow('all', all)];
}

function labelRow(label: string, all: readonly Scored[]): string[] {
  const present = all.filter(({ case: { expect } }) => expect.includes(label));
  const found = present.filter(({ missing }) => !missing.includes(label));
  const reported = all.filter(({ labels }) => labels.some((one) => isBelow(one, label)));
  // A case that expects only the family is right about whatever label below it was found.
  const right = reported.filter(({ case: { expect } }) => expect.some((wanted) => isBelow(wanted, label) || isBelow(label, wanted)));
  return [label, ...ratio(present.length, found.length), ...ratio(reported.length, right.length)];
}

export function wholeRow(name: string, all: readonly Scored[]): string[] {
  const present = all.filter(({ case: { expect } }) => expect.length > 0);
  const found = present.filter((one) => !isMissed(one));
  const reported = all.filter(({ labels }) => labels.length > 0);
  return [name, ...ratio(present.length, found.length), ...ratio(reported.length, reported.filter(isRight).length)];
}

function ratio(whole: number, part: number): string[] {
  return [String(whole), String(part), percent(part, whole)];
}
