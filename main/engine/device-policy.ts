/** The policy in force on this device: as the settings choose it, proved by its own tests. */

import { createHmac, type KeyObject } from 'node:crypto';
import type { Settings } from '../contract/settings.ts';
import { inspectLine } from './guard/inspect.ts';
import type { ScanTexts } from './guard/understand.ts';
import { createPolicy, type Policy } from './policy/engine.ts';
import type { GivenPolicies } from './policy/files.ts';

export interface DevicePolicyOptions {
  readonly chosen: Settings['policy'];
  /** The fleet's, which go before what the settings choose. */
  readonly given?: GivenPolicies;
  /** The device's own: what is derived from it tells this device from others, and tells nobody which it is. */
  readonly deviceKey: KeyObject;
  /** As of the live path. */
  readonly scan: ScanTexts;
  readonly log: (message: string) => void;
}

/** Rejects with `policy-invalid` and every mistake, failed tests among them. */
export function openDevicePolicy({ chosen: { use, dir }, given, deviceKey, scan, log }: DevicePolicyOptions): Promise<Policy> {
  return createPolicy({
    ...(use !== undefined && { use }),
    ...(dir !== undefined && { dir }),
    ...(given && { given }),
    device: createHmac('sha256', deviceKey.export({ type: 'pkcs8', format: 'der' }))
      .update('rollout')
      .digest('hex'),
    judge: (line, decide) => inspectLine(line, { decide, scan, strict: true }),
    log,
  });
}
