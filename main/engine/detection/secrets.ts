/** Finds credentials in text, as they are written and behind one encoding. */

import type { Finding } from '../../contract/action.ts';
import { ASSIGNMENT_PATTERNS } from './assignments.ts';
import { COMMAND_PATTERNS } from './commands.ts';
import { ENCODED_PATTERNS, encodedParts } from './hidden/parts.ts';
import { LANGUAGE_PATTERNS } from './languages.ts';
import { MENTION_PATTERNS } from './mentions.ts';
import { placeholdersIn } from './placeholder.ts';
import { type Hit, PASS_PATTERNS, type PassOptions, singlePass } from './single-pass.ts';
import { STRUCTURE_PATTERNS } from './structures.ts';
import { TABLE_PATTERNS } from './tables.ts';

/** How often one rule may be tried on a text before the scan gives it up there: so often, and once in 16 characters. */
export const MAX_ATTEMPTS = 2000;
const CHARACTERS_AN_ATTEMPT = 16;

/**
 * Credentials in `text`, sorted and not overlapping; time is linear in its length whatever it is.
 * Where a rule was given up, a last finding `secret.scan-truncated` covers the rest of the text.
 */
export function findSecrets(text: string): Finding[] {
  const maxAttempts = MAX_ATTEMPTS + text.length / CHARACTERS_AN_ATTEMPT;
  const { findings, givenUpAt } = scanSecrets(text, { lenient: false, maxAttempts });
  if (givenUpAt === undefined) return findings;
  return [...findings, { detector: 'secrets', label: 'secret.scan-truncated', severity: 'medium', start: givenUpAt, end: text.length }];
}

export interface SecretScan {
  readonly findings: Finding[];
  /** Where the first rule was given up; undefined where the whole text was read. */
  readonly givenUpAt: number | undefined;
  /** Patterns and parsers tried, over all rules. */
  readonly attempts: number;
}

export type ScanOptions = PassOptions;

export function scanSecrets(text: string, options: ScanOptions): SecretScan {
  const { hits, givenUpAt, attempts } = singlePass(text, options);
  let inside = 0;
  for (const part of encodedParts(text)) {
    if (part.isKey) hits.push({ label: 'private-key', severity: 'high', start: part.start, end: part.end, specific: true });
    if (part.text === '') continue;
    const within = singlePass(part.text, options);
    inside += within.attempts;
    for (const hit of within.hits) hits.push({ ...hit, start: part.originOf(hit.start, false), end: part.originOf(hit.end, true) });
  }
  return { findings: merged(apartFromPlaceholders(text, hits)), givenUpAt, attempts: attempts + inside };
}

/** The name in a placeholder is no credential, whatever word stands before it: "Bearer [secret:…]". */
function apartFromPlaceholders(text: string, hits: readonly Hit[]): readonly Hit[] {
  const placeholders = hits.length === 0 ? [] : placeholdersIn(text);
  if (placeholders.length === 0) return hits;
  let next = 0;
  return [...hits]
    .sort((a, b) => a.start - b.start)
    .filter((hit) => {
      while (next < placeholders.length && placeholders[next]!.end <= hit.start) next += 1;
      const around = placeholders[next];
      return !around || hit.start < around.start || hit.end > around.end;
    });
}

/** Overlapping hits become one over all that they cover, with the most specific name. */
function merged(hits: readonly Hit[]): Finding[] {
  const out: Hit[] = [];
  for (const hit of [...hits].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = out.at(-1);
    if (!last || hit.start >= last.end) out.push(hit);
    else {
      const named = hit.specific && !last.specific ? hit : last;
      out[out.length - 1] = { ...named, start: last.start, end: Math.max(last.end, hit.end) };
    }
  }
  return out.map(({ label, severity, start, end }) => ({ detector: 'secrets', label: `secret.${label}`, severity, start, end }));
}

/** For the test that asserts that every quantifier is bounded. */
export const SCAN_PATTERNS: readonly RegExp[] = [
  ...PASS_PATTERNS,
  ...ASSIGNMENT_PATTERNS,
  ...MENTION_PATTERNS,
  ...COMMAND_PATTERNS,
  ...TABLE_PATTERNS,
  ...ENCODED_PATTERNS,
  ...STRUCTURE_PATTERNS,
  ...LANGUAGE_PATTERNS,
];
