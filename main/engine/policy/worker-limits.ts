/** What a policy worker may use. The same for trying and for live evaluation: what compiled in one must not crash the other. */

import type { ResourceLimits } from 'node:worker_threads';

export const WORKER_LIMITS: ResourceLimits = { maxOldGenerationSizeMb: 256, stackSizeMb: 4 };
