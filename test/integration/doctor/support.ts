/** What the checks' tests share: a guard that runs, and the machine as a test wants it. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { CheckResult } from '../../../main/contract/doctor.ts';
import { type Check, runChecks } from '../../../native-config/doctor/check.ts';
import type { DoctorContext, GuardHere } from '../../../native-config/doctor/context.ts';
import { type System, thisSystem } from '../../../native-config/system.ts';
import type { Ready } from '../../support/guard-process.ts';

export function guardHere({ proxyUrl, caFile, dataDir }: Ready): GuardHere {
  return { proxyUrl, caFile, dataDir, caPem: readFileSync(caFile, 'utf8') };
}

export function context(change: Partial<DoctorContext> & { readonly system?: System } = {}): DoctorContext {
  return {
    system: thisSystem(),
    mode: 'own',
    shellEnv: Promise.resolve(undefined),
    command: (verb) => `holdpoint ${verb}`,
    ...change,
  };
}

export async function resultOf(checks: readonly Check[], id: string): Promise<CheckResult> {
  const check = checks.find((one) => one.id === id);
  if (!check) throw new Error(`There is no check ${id}, but ${checks.map((one) => one.id).join(', ')}.`);
  const [result] = await runChecks([check], () => {});
  return result!;
}

export function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'holdpoint-test-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}
