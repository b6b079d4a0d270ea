/** What decides in the evaluation: what `holdpoint inspect` decides with, started once for a policy folder. */

import { createScanner } from '../../main/engine/detection/scanner.ts';
import { type Inspected, type InspectJudge, inspectLine } from '../../main/engine/guard/inspect.ts';
import { createPolicy, type Policy } from '../../main/engine/policy/engine.ts';

const { scan } = createScanner({ workers: 0 });
const policies = new Map<string, Promise<Policy>>();

/** Of the starter policy where no folder is given. */
export async function judgeOf(policyDir?: string): Promise<InspectJudge> {
  const key = policyDir ?? '';
  const known = policies.get(key) ?? createPolicy(policyDir === undefined ? {} : { dir: policyDir });
  policies.set(key, known);
  const { decide } = await known;
  return { decide, scan };
}

/** Throws where the line is not understood: that is a mistake in the corpus. */
export async function inspected(line: Record<string, unknown>, judge: InspectJudge): Promise<Inspected> {
  const answer = await inspectLine(JSON.stringify(line), judge);
  if ('error' in answer) throw new Error(`${answer.error} ${JSON.stringify(line)}`);
  return answer;
}

export async function closeJudges(): Promise<void> {
  for (const policy of policies.values()) await (await policy).close();
  policies.clear();
}
