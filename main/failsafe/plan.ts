/** What the last engine left for a time without one. */

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { HoldpointError, messageOf } from '../contract/errors.ts';
import { FAILSAFE_PLAN, type FailsafePlan, failsafePlanSchema } from '../contract/failsafe.ts';

const MAX_BYTES = 4 * 1024 * 1024;

/** Throws HoldpointError `not-found` where no engine has ever served this data folder, `data-dir-unusable` where the plan cannot be read. */
export function readPlan(dataDir: string): FailsafePlan {
  const file = join(dataDir, FAILSAFE_PLAN);
  try {
    const { size } = statSync(file);
    if (size > MAX_BYTES) throw new Error(`it has ${size} bytes`);
    return failsafePlanSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT')
      throw new HoldpointError(
        'not-found',
        `${file} is not there: no engine has served this data folder yet, so there is nothing to stand in for.`,
      );
    // What it holds is not repeated: credentials may be in it.
    const why = thrown instanceof Error && thrown.name === 'ZodError' ? 'it is not of this version' : messageOf(thrown);
    throw new HoldpointError('data-dir-unusable', `${file} cannot be used: ${why}. The next engine that starts writes it anew.`);
  }
}
