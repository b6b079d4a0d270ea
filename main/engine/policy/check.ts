/** `holdpoint policy check`: everything that is wrong with a policy folder, at once. */

import { loadBundle } from './bundle.ts';
import type { PolicyProblem } from './problems.ts';

export interface CheckResult {
  /** The folder can be put in force; there may still be warnings. */
  readonly ok: boolean;
  readonly dir: string;
  readonly files: number;
  /** Number of policies that are sound by themselves. */
  readonly count: number;
  /** SHA-256 (hex) of the files' names and content: what the engine's status shows when the folder is in force. */
  readonly hash: string;
  /** By file and place. */
  readonly problems: readonly PolicyProblem[];
}

/** Never rejects for what is in the folder: every mistake is a problem. */
export async function checkPolicies(dir: string): Promise<CheckResult> {
  const { dir: folder, files, policies, hash, problems } = await loadBundle(dir);
  return { ok: !problems.some(({ severity }) => severity === 'error'), dir: folder, files, count: policies.length, hash, problems };
}
