/** A draft over the past, in a thread of its own: the log is read and policies are asked beside the engine, not in it. */

import { parentPort, workerData } from 'node:worker_threads';
import type { DraftReplay } from '../../contract/policy-desk.ts';
import { pastRecords } from '../audit/past.ts';
import { createScanner } from '../detection/scanner.ts';
import { inspectLine } from '../guard/inspect.ts';
import { checkPolicies } from '../policy/check.ts';
import { createPolicy } from '../policy/engine.ts';
import { PAST_KINDS } from '../policy/past-actions.ts';
import { replay } from '../policy/replay.ts';
import { boundedProblems, boundedReplay } from './bounded.ts';

export interface ReplayWork {
  readonly logFile: string;
  readonly dir: string;
  /** Milliseconds since 1970. */
  readonly since: number;
}

const { logFile, dir, since } = workerData as ReplayWork;
parentPort?.postMessage(await replayed());

async function replayed(): Promise<DraftReplay> {
  const { scan } = createScanner({ workers: 0 });
  const checked = await checkPolicies({ dir }, (line, decide) => inspectLine(line, { decide, scan, strict: true }));
  if (!checked.ok) return boundedProblems(checked.dir, checked.problems);
  const draft = await createPolicy({ dir });
  try {
    const from = new Date(since);
    const result = await replay(() => pastRecords(logFile, { since: from, kinds: PAST_KINDS }), draft);
    return boundedReplay({ ...draft.summary, warnings: checked.problems }, from, result);
  } finally {
    await draft.close();
  }
}
