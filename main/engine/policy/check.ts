/** `holdpoint policy check` and `test`: everything that is wrong with a policy folder, at once. */

import { type BundleChoice, loadBundle } from './bundle.ts';
import { policyOf } from './engine.ts';
import type { PolicyProblem } from './problems.ts';
import { failingTests, failureProblem, type Judge, type TestFailure } from './tests.ts';

export interface CheckResult {
  /** The folder can be put in force; there may still be warnings. */
  readonly ok: boolean;
  readonly dir: string;
  readonly files: number;
  /** Number of policies that are sound by themselves. */
  readonly count: number;
  /** Number of the folder's own tests. */
  readonly tests: number;
  /** SHA-256 (hex) of the files' names and content: what the engine's status shows when the folder is in force. */
  readonly hash: string;
  /** By file and place; failed tests are among them. */
  readonly problems: readonly PolicyProblem[];
}

export interface TestResult extends CheckResult {
  readonly passed: number;
  readonly failed: number;
  readonly failures: readonly TestFailure[];
}

/** Never rejects for what is in the folder: every mistake is a problem. Without a judge its tests are only read. */
export async function checkPolicies(choice: BundleChoice, judge?: Judge): Promise<CheckResult> {
  const { failures: _, passed: __, failed: ___, ...result } = await testPolicies(choice, judge);
  return result;
}

/** As `checkPolicies`, with what became of the tests. Where the policies themselves are not sound, none is run. */
export async function testPolicies(choice: BundleChoice, judge?: Judge): Promise<TestResult> {
  const bundle = await loadBundle(choice);
  const sound = !bundle.problems.some(({ severity }) => severity === 'error');
  let failures: readonly TestFailure[] = [];
  if (sound && judge && bundle.tests.length > 0) {
    const policy = await policyOf(bundle, bundle.policies, () => {});
    failures = await failingTests(bundle.tests, policy.decide, judge);
    await policy.close();
  }
  const { dir, files, policies, hash, tests } = bundle;
  const ran = sound && judge ? tests.length : 0;
  return {
    ok: sound && failures.length === 0,
    dir,
    files,
    count: policies.length,
    tests: tests.length,
    hash,
    problems: [...bundle.problems, ...failures.map(failureProblem)],
    passed: ran - failures.length,
    failed: failures.length,
    failures,
  };
}
