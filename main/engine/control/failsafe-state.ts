/** What stands in for an engine that cannot run, as far as a client may know. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAILSAFE_STATE, failsafeSentence, failsafeStateSchema } from '../../contract/failsafe.ts';

/** A sentence for a person; undefined where nothing stands in. `dir`: where the client looked for the engine. */
export function failsafeIn(dir: string): string | undefined {
  try {
    return failsafeSentence(failsafeStateSchema.parse(JSON.parse(readFileSync(join(dir, FAILSAFE_STATE), 'utf8'))));
  } catch {
    return undefined;
  }
}
