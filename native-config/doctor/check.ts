/** A check: one question to the machine, asked beside others, which always ends and never throws. */

import type { CheckFix, CheckGroup, CheckResult, CheckState } from '../../main/contract/doctor.ts';
import { messageOf } from '../../main/contract/errors.ts';

export interface Finding {
  readonly state: CheckState;
  /** What is so, and where. */
  readonly says: string;
  readonly fix?: CheckFix;
}

export interface Check {
  /** Dotted, the same for the same thing: "trust.curl". */
  readonly id: string;
  readonly group: CheckGroup;
  readonly title: string;
  /** At most so long, in ms; 15 s where absent. */
  readonly patienceMs?: number;
  /** `over` is aborted when nobody waits any more. */
  run(over: AbortSignal): Promise<Finding> | Finding;
}

const PATIENCE_MS = 15_000;
/** Each may start a program: more at once make each other late. */
const AT_ONCE = 6;

/** Runs all, side by side; `tell` hears each as it ends. */
export async function runChecks(checks: readonly Check[], tell: (result: CheckResult) => void): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  const waiting = [...checks];
  const worker = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const result = await outcomeOf(check);
      results.push(result);
      tell(result);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

async function outcomeOf({ id, group, title, patienceMs = PATIENCE_MS, run }: Check): Promise<CheckResult> {
  const over = new AbortController();
  const late = Promise.withResolvers<Finding>();
  const timer = setTimeout(() => {
    over.abort();
    late.resolve({ state: 'unknown', says: `There was no answer within ${patienceMs / 1000} s.` });
  }, patienceMs);
  try {
    const finding = await Promise.race([Promise.resolve().then(() => run(over.signal)), late.promise]);
    return { id, group, title, ...bounded(finding) };
  } catch (thrown) {
    return { id, group, title, ...bounded({ state: 'unknown', says: `This could not be looked at: ${messageOf(thrown)}` }) };
  } finally {
    clearTimeout(timer);
    over.abort();
  }
}

const LONGEST = 2_000;

function bounded(finding: Finding): Finding {
  return finding.says.length > LONGEST ? { ...finding, says: `${finding.says.slice(0, LONGEST - 1)}…` } : finding;
}

/** The worst of several, with all that is as bad as that said. `well` is said where nothing is wrong. */
export function worstOf(findings: readonly Finding[], well: Finding): Finding {
  for (const state of ['problem', 'warning', 'unknown'] as const) {
    const found = findings.filter((finding) => finding.state === state);
    const [first] = found;
    if (!first) continue;
    const fixes = found.flatMap((finding) => finding.fix ?? []);
    const fix = fixes.find(({ repairs }) => repairs) ?? fixes[0];
    return { state, says: [...new Set(found.map(({ says }) => says))].join(' '), ...(fix && { fix }) };
  }
  return well;
}
