/** Finds instructions to an agent in text that should only inform it. */

import type { Finding } from '../../../contract/action.ts';
import { type Normalised, normalised } from '../normalise.ts';
import { passagesIn } from './score.ts';
import { signalsIn } from './signals.ts';
import { DOUBTED, REPORTED, readAsOrders } from './suspected.ts';
import { tokensOf } from './tokens.ts';

/**
 * What in `text` speaks to the agent as if it were its user, sorted and not overlapping. A sign and no proof: it never refuses by itself.
 * Linear in the text's length.
 */
export function findInjections(text: string): Finding[] {
  return injectionsIn(normalised(text), text.length);
}

/** The same for a text that was normalised already. */
export function injectionsIn(normal: Normalised, length: number): Finding[] {
  const reading = tokensOf(normal.text);
  const smuggled = normal.hidden.filter(
    ({ how, start, end }) => how === 'invisible' && /\p{L}{3}.{1,200}\p{L}{3}/u.test(normal.text.slice(start, Math.min(end, start + 300))),
  );
  const read = readAsOrders(normal.text, reading);
  const passages = passagesIn(normal, signalsIn(normal, reading), reading).filter(
    ({ severity, start, end }) =>
      severity === 'high' ||
      !read.some((each) => each.start < end && each.end > start) ||
      read.some((each) => each.start < end && each.end > start && each.score > DOUBTED),
  );
  const findings: Finding[] = [];
  const add = (label: string, severity: Finding['severity'], start: number, end: number) => {
    const from = Math.min(normal.originOf(start), length);
    findings.push({ detector: 'injection', label, severity, start: from, end: Math.max(from, Math.min(length, normal.originOfEnd(end))) });
  };
  for (const { label, severity, start, end } of passages) add(label, severity, start, end);
  for (const { start, end, score } of read) {
    if (score >= REPORTED && !passages.some((passage) => passage.start < end && passage.end > start))
      add('injection.tool-directive', 'medium', start, trimmedEnd(normal.text, start, end));
  }
  for (const { start, end } of smuggled) {
    if (!passages.some((passage) => passage.start < end && passage.end > start)) add('injection.hidden', 'medium', start, end);
  }
  return merged(findings);
}

/** A passage goes on to the start of the next one. */
function trimmedEnd(text: string, start: number, end: number): number {
  return start + text.slice(start, end).trimEnd().length;
}

function merged(findings: Finding[]): Finding[] {
  const sorted = findings.sort((a, b) => a.start - b.start || b.end - a.end);
  const out: Finding[] = [];
  for (const finding of sorted) {
    const last = out.at(-1);
    if (!last || finding.start >= last.end) out.push(finding);
    else if (last.severity !== 'high' && finding.severity === 'high')
      out[out.length - 1] = { ...finding, start: last.start, end: Math.max(last.end, finding.end) };
    else if (finding.end > last.end) out[out.length - 1] = { ...last, end: finding.end };
  }
  return out;
}
