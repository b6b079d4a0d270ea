/** Whether the engine still does its work, and not only runs: one harmless call goes the way that all calls go. */

import { HoldpointError } from '../contract/errors.ts';
import { inspectLine } from './guard/inspect.ts';
import type { ScanTexts } from './guard/understand.ts';
import type { World } from './guard/world.ts';

/** Rejects where one of them failed; where one hangs, it does not settle. */
export function createLiveness(options: {
  /** Resolves when the log's writer has answered. */
  readonly settle: () => Promise<unknown>;
  readonly decide: World['decide'];
  readonly scan: ScanTexts;
}): () => Promise<void> {
  const { settle, decide, scan } = options;
  let asked = 0;

  return async () => {
    await settle();
    asked += 1;
    // Never the same twice: what was decided once is remembered, and would prove nothing.
    const line = JSON.stringify({ kind: 'tool_call', tool: 'Bash', arguments: { command: `true ${asked}` }, cwd: '/', home: '/' });
    const judged = await inspectLine(line, { decide: deciding, scan, strict: true });
    if ('error' in judged) throw new HoldpointError('internal', judged.error);
  };

  async function deciding(...given: Parameters<World['decide']>): ReturnType<World['decide']> {
    const decision = await decide(...given);
    if (decision.failure !== undefined) throw new HoldpointError('internal', decision.failure);
    return decision;
  }
}
