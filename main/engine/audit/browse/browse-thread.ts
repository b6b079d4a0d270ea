/** One thread that reads, and what waits for it: started for the first question, ended when nobody has asked for a while, replaced when it fails. */

import { Worker } from 'node:worker_threads';
import type { ControlResult } from '../../../contract/control.ts';
import { HoldpointError, messageOf } from '../../../contract/errors.ts';
import type { BrowseAnswer, BrowseMethod, BrowseQuestion, BrowseSetup } from './messages.ts';

export interface BrowseThreadOptions {
  readonly file: string;
  /** How long a question may take, from when it is asked. */
  readonly deadlineMs?: number;
  readonly idleMs?: number;
  readonly maxWaiting?: number;
  /** What the thread runs. */
  readonly module?: URL;
}

export interface BrowseThread {
  /** @throws HoldpointError as the thread says it, or that it could not be answered. */
  ask(question: BrowseQuestion): Promise<ControlResult<BrowseMethod>>;
  /** A thread is there. */
  running(): boolean;
  close(): Promise<void>;
}

/** Answers are bounded, and so is what is sorted for them. */
const LIMITS = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 32 };

interface Asked {
  readonly question: BrowseQuestion;
  readonly resolve: (result: ControlResult<BrowseMethod>) => void;
  readonly reject: (error: HoldpointError) => void;
  timer?: NodeJS.Timeout;
}

export function createBrowseThread(options: BrowseThreadOptions): BrowseThread {
  const { file, deadlineMs = 20_000, idleMs = 60_000, maxWaiting = 64 } = options;
  const { module = new URL('./browse-worker.ts', import.meta.url) } = options;
  /** The first is with the thread. */
  let waiting: Asked[] = [];
  let worker: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  const ending = new Set<Promise<unknown>>();
  let closed = false;

  return {
    ask(question) {
      if (closed) return Promise.reject(unanswered('Holdpoint is stopping'));
      if (waiting.length >= maxWaiting)
        return Promise.reject(unanswered(`${maxWaiting} questions are waiting already; ask again in a moment`));
      const { promise, resolve, reject } = Promise.withResolvers<ControlResult<BrowseMethod>>();
      const asked: Asked = { question, resolve, reject };
      asked.timer = setTimeout(() => late(asked), deadlineMs);
      waiting.push(asked);
      if (waiting.length === 1) send();
      return promise;
    },
    running: () => worker !== undefined,
    async close() {
      closed = true;
      for (const asked of waiting) settle(asked, (one) => one.reject(unanswered('Holdpoint is stopping')));
      waiting = [];
      end();
      await Promise.all(ending);
    },
  };

  function send(): void {
    clearTimeout(idle);
    const [first] = waiting;
    if (first) {
      worker ??= started();
      worker.postMessage(first.question);
    } else {
      idle = setTimeout(end, idleMs);
      idle.unref();
    }
  }

  function started(): Worker {
    const setup: BrowseSetup = { file };
    const own = new Worker(module, { workerData: setup, resourceLimits: LIMITS });
    own.unref();
    own.on('message', (answer: BrowseAnswer) => {
      if (worker === own) done(answer);
    });
    own.on('error', (error) => failed(own, messageOf(error)));
    own.on('exit', () => failed(own, 'the thread that reads has ended'));
    return own;
  }

  function done(answer: BrowseAnswer): void {
    const first = waiting.shift();
    if (first)
      settle(first, ({ resolve, reject }) =>
        answer.kind === 'answer' ? resolve(answer.result) : reject(new HoldpointError(answer.code, answer.message)),
      );
    send();
  }

  /** The question that it was at is to blame; the others go to another thread. */
  function failed(own: Worker, why: string): void {
    if (worker !== own) return;
    worker = undefined;
    const first = waiting.shift();
    if (first) settle(first, ({ reject }) => reject(unanswered(why)));
    send();
  }

  function late(asked: Asked): void {
    // A laptop that slept lets clocks ring before the answers that lie there are read.
    setImmediate(() => {
      if (!waiting.includes(asked)) return;
      const isRunning = waiting[0] === asked;
      waiting = waiting.filter((one) => one !== asked);
      settle(asked, ({ reject }) => reject(unanswered(`it took longer than ${deadlineMs / 1000} seconds; ask for less of it`)));
      if (!isRunning) return;
      end();
      send();
    });
  }

  function end(): void {
    clearTimeout(idle);
    const own = worker;
    worker = undefined;
    if (!own) return;
    const ended = own.terminate().finally(() => ending.delete(ended));
    ending.add(ended);
  }

  function settle(asked: Asked, how: (asked: Asked) => void): void {
    clearTimeout(asked.timer);
    how(asked);
  }
}

function unanswered(why: string): HoldpointError {
  return new HoldpointError('internal', `The audit log could not be searched: ${why}.`);
}
