/** Replays of drafts: one at a time, with an end, and none that nobody waits for. */

import { isAbsolute } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ControlParams } from '../../contract/control.ts';
import { HoldpointError, messageOf } from '../../contract/errors.ts';
import type { DraftReplay } from '../../contract/policy-desk.ts';
import type { ReplayWork } from './replay-worker.ts';

export interface Replays {
  /** Rejects with HoldpointError: the folder is named by no whole path, or the thread has failed. */
  replay(asked: ControlParams<'replayDraft'>, gone: AbortSignal): Promise<DraftReplay>;
  close(): Promise<void>;
}

export interface ReplaysOptions {
  readonly logFile: string;
  /** A client gives up on an answer after 30 s. */
  readonly limitMs?: number;
}

const LIMITS = { maxOldGenerationSizeMb: 512 };

export function createReplays({ logFile, limitMs = 25_000 }: ReplaysOptions): Replays {
  let current: { readonly done: Promise<DraftReplay>; stop(why: Error): void } | undefined;

  return {
    async replay({ dir, since }, gone) {
      if (!isAbsolute(dir)) throw new HoldpointError('not-found', `${dir} is not the whole path of a folder.`);
      if (current) return { state: 'busy' };
      if (gone.aborted) throw LEFT;
      const run = start({ logFile, dir, since: Date.parse(since) });
      current = run;
      const leave = () => run.stop(LEFT);
      gone.addEventListener('abort', leave, { once: true });
      try {
        return await run.done;
      } finally {
        gone.removeEventListener('abort', leave);
        current = undefined;
      }
    },
    async close() {
      current?.stop(LEFT);
      await current?.done.catch(() => {});
    },
  };

  function start(work: ReplayWork): { readonly done: Promise<DraftReplay>; stop(why: Error): void } {
    const { promise, resolve, reject } = Promise.withResolvers<DraftReplay>();
    const worker = new Worker(new URL('./replay-worker.ts', import.meta.url), { workerData: work, resourceLimits: LIMITS });
    const timer = setTimeout(() => resolve({ state: 'too-long', seconds: limitMs / 1_000 }), limitMs);
    worker.on('message', resolve);
    worker.on('error', (thrown) => reject(failed(messageOf(thrown), thrown)));
    worker.on('exit', () => reject(failed('its thread ended')));
    const done = promise.finally(() => {
      clearTimeout(timer);
      return worker.terminate();
    });
    return { done, stop: reject };
  }
}

const LEFT = new HoldpointError('control-unreachable', 'Nobody waits for this replay any more, so it was stopped.');

function failed(why: string, cause?: unknown): HoldpointError {
  return new HoldpointError('internal', `The draft could not be tried on the log: ${why.replace(/\.$/, '')}.`, cause);
}
