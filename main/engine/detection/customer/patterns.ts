/** A company's own patterns: what is confidential there, in a subset of regular expressions that cannot run away. */

import type { Finding } from '../../../contract/action.ts';
import { whyRefused } from './subset.ts';

export interface ClassifyingPattern {
  readonly id: string;
  /** Dotted, as of any finding: `data.project-name`. */
  readonly label: string;
  readonly severity: Finding['severity'];
  readonly pattern: string;
  readonly flags?: string | undefined;
}

export interface CompiledPattern {
  readonly detector: string;
  readonly label: string;
  readonly severity: Finding['severity'];
  readonly expression: RegExp;
}

/** More of one pattern in one text is no sign of anything but a pattern that fits everything. */
const MOST_FINDINGS = 10_000;

/** Throws for the first one that `whyRefused` refuses. */
export function compilePatterns(patterns: readonly ClassifyingPattern[]): readonly CompiledPattern[] {
  return patterns.map(({ id, label, severity, pattern, flags = '' }) => {
    const refused = whyRefused(pattern, flags);
    if (refused !== undefined) throw new Error(`The pattern ${id} is refused: ${refused}`);
    return { detector: `pattern:${id}`, label, severity, expression: new RegExp(pattern, `${flags}g`) };
  });
}

/** Sorted by pattern, then by place. Throws where one of them fits more than 10,000 times. */
export function findPatterns(text: string, patterns: readonly CompiledPattern[]): Finding[] {
  return patterns.flatMap(({ detector, label, severity, expression }) => {
    const found: Finding[] = [];
    for (const { index, 0: match } of text.matchAll(expression)) {
      if (found.length === MOST_FINDINGS) throw new Error(`${detector} fits more than ${MOST_FINDINGS} times`);
      found.push({ detector, label, severity, start: index, end: index + match.length });
    }
    return found;
  });
}
