/** Marks: the words of a text that a person should look at, without overlap. */

import type { Risk } from '../../contract/action.ts';
import type { Question } from '../../contract/approval.ts';
import type { Told } from './told-findings.ts';

export type Mark = Question['action']['marks'][number];

/** How loud a risk is; higher is louder. */
export const LOUDNESS: Record<Risk, number> = { plain: 0, watch: 1, risk: 2 };

const MAX_MARKS = 200;

/**
 * The effects' ranges in order of place, none overlapping: where two meet, the riskier has the words, and among equals the first.
 * `at` moves an offset of the effects' text to the shown text.
 */
export function marksOf(effects: readonly Told[], at: (offset: number) => number): Mark[] {
  const taken: Mark[] = [];
  const loudestFirst = effects
    .filter((effect) => effect.range !== undefined && effect.risk !== 'plain')
    .sort((a, b) => LOUDNESS[b.risk] - LOUDNESS[a.risk]);
  for (const { range, risk, says } of loudestFirst) {
    if (taken.length >= MAX_MARKS) break;
    const [start, end] = [at(range!.start), at(range!.end)];
    for (const gap of gapsIn(start, end, taken)) taken.push({ ...gap, risk, says });
    taken.sort((a, b) => a.start - b.start);
  }
  return taken.slice(0, MAX_MARKS);
}

/** The parts of start…end that no mark has yet; `taken` is sorted. */
function gapsIn(start: number, end: number, taken: readonly Mark[]): { start: number; end: number }[] {
  const gaps: { start: number; end: number }[] = [];
  let from = start;
  for (const mark of taken) {
    if (mark.end <= from) continue;
    if (mark.start >= end) break;
    if (mark.start > from) gaps.push({ start: from, end: mark.start });
    from = mark.end;
  }
  if (from < end) gaps.push({ start: from, end });
  return gaps;
}
