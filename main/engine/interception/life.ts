/** How long an exchange lasts: until its answer has left, or its client has. */

import type { Connection } from './connection.ts';
import type { Answer } from './message.ts';

export type Ending = 'complete' | 'client-gone' | 'upstream-failed';

export interface Life {
  /** Aborted when the client goes away before its answer is complete. */
  readonly signal: AbortSignal;
  /** Whether it has ended. */
  over(): boolean;
  /** The answer, if it leaves at all, is not the provider's whole one. */
  upstreamFailed(): void;
  /** Called once, at the end; at once where that has been. */
  onceOver(tell: (ending: Ending) => void): void;
}

export function beginLife(answer: Answer, connection: Pick<Connection, 'begin'>): Life {
  const controller = new AbortController();
  const listeners: ((ending: Ending) => void)[] = [];
  let failed = false;
  let ending: Ending | undefined;
  // A pipelined response that has not had its turn gets no event of its own when the connection closes.
  const over = connection.begin(end);
  answer.onceClosed(end);

  return {
    signal: controller.signal,
    over: () => ending !== undefined,
    upstreamFailed() {
      failed = true;
    },
    onceOver(tell) {
      if (ending === undefined) listeners.push(tell);
      else tell(ending);
    },
  };

  function end(): void {
    if (ending !== undefined) return;
    ending = failed ? 'upstream-failed' : answer.left() ? 'complete' : 'client-gone';
    if (ending === 'client-gone') controller.abort();
    for (const tell of listeners) tell(ending);
    over();
  }
}
