/** How commands judge actions with no engine running: by the same code as the live path. */

import { existsSync } from 'node:fs';
import { SHIPPED_POLICIES } from '../contract/settings.ts';
import { createScanner } from '../engine/detection/scanner.ts';
import { inspectLine } from '../engine/guard/inspect.ts';
import type { BundleChoice } from '../engine/policy/bundle.ts';
import type { Judge } from '../engine/policy/tests.ts';

/** In this thread: nobody waits for it but who asked. */
export const { scan } = createScanner({ workers: 0 });

/** Runs a bundle's tests: a misspelt key is a test that tests nothing. */
export const judge: Judge = (line, decide) => inspectLine(line, { decide, scan, strict: true });

/** A folder, or the name of a policy that ships with Holdpoint where no folder is called so. */
export function choiceOf(policy: string | undefined): BundleChoice {
  if (policy === undefined) return {};
  const use = SHIPPED_POLICIES.find((name) => name === policy);
  return use !== undefined && !existsSync(policy) ? { use } : { dir: policy };
}
