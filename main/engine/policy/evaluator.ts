/** Keeps one policy worker alive and asks it. Whatever happens to the worker, every question gets an answer. */

import { Worker } from 'node:worker_threads';
import { HoldpointError, messageOf } from '../../contract/errors.ts';
import type { CompiledPolicy } from './compile.ts';
import type { Evaluation, Observation } from './installed.ts';
import type { PolicyRequest } from './request.ts';
import { WORKER_LIMITS } from './worker-limits.ts';

export interface Evaluator {
  /**
   * Never rejects: a crash, a time-out or a closed evaluator is an evaluation with `failure`. Where that befalls observed policies
   * only, the evaluation of the others stands.
   */
  evaluate(request: PolicyRequest): Promise<Evaluation>;
  close(): Promise<void>;
}

export interface EvaluatorOptions {
  readonly schema: string;
  readonly policies: readonly CompiledPolicy[];
  /** Called with a sentence when a worker had to be replaced. */
  readonly log?: (message: string) => void;
  /** Greatest time of one evaluation. */
  readonly timeoutMs?: number;
  /** The worker's module. */
  readonly worker?: URL;
}

const EVALUATION_TIMEOUT_MS = 2_000;
const START_TIMEOUT_MS = 30_000;

/** Resolves when the policies are in force; rejects with `policy-invalid` where the worker cannot start. */
export async function createEvaluator(options: EvaluatorOptions): Promise<Evaluator> {
  const { log = () => {}, timeoutMs = EVALUATION_TIMEOUT_MS } = options;
  let closed: Promise<void> | undefined;
  let live = start(options);
  try {
    await live.ready;
  } catch (thrown) {
    throw new HoldpointError(
      'policy-invalid',
      `The policies cannot be put in force: ${messageOf(thrown)}. Run "holdpoint policy check" on their folder.`,
      thrown,
    );
  }
  supervise(live);

  /** Replaces a worker that was once ready; one that cannot even start is tried again with the next question. */
  function supervise(current: Live): void {
    void current.ended.then(async (why) => {
      if (closed || live !== current) return;
      log(`The policy worker ended (${why}); its open calls were denied and it is being replaced.`);
      await replace();
    });
  }

  async function replace(): Promise<void> {
    if (closed) return;
    const next = start(options);
    live = next;
    try {
      await next.ready;
      supervise(next);
    } catch (thrown) {
      log(`The policy worker cannot be replaced: ${messageOf(thrown)}. Everything is denied meanwhile.`);
    }
  }

  return {
    async evaluate(request) {
      if (closed) return failure('the policy engine is closed');
      const current = live;
      try {
        await current.ready;
      } catch (thrown) {
        if (live === current) void replace();
        return failure(`the policy worker does not start: ${messageOf(thrown)}`);
      }
      return await current.evaluate(request, timeoutMs);
    },
    close() {
      closed ??= live.end('closed');
      return closed;
    },
  };
}

interface Live {
  readonly ready: Promise<void>;
  /** Resolves with the cause when the thread is of no more use. */
  readonly ended: Promise<string>;
  evaluate(request: PolicyRequest, timeoutMs: number): Promise<Evaluation>;
  /** Fails what is open, and resolves when the thread is gone. */
  end(why: string): Promise<void>;
}

type FromWorker =
  | { readonly kind: 'ready' }
  /** `more`: an `observed` follows. */
  | { readonly kind: 'evaluated'; readonly id: number; readonly evaluation: Evaluation; readonly more?: boolean }
  | { readonly kind: 'observed'; readonly id: number; readonly observed: Observation | undefined };

interface Pending {
  resolve(evaluation: Evaluation): void;
  readonly timer: NodeJS.Timeout;
  /** Told already; what observed policies say is still to come. */
  evaluation?: Evaluation;
}

function start({ schema, policies, worker: module = new URL('./worker.ts', import.meta.url) }: EvaluatorOptions): Live {
  const worker = new Worker(module, { workerData: { schema, policies }, resourceLimits: WORKER_LIMITS });
  const ready = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<string>();
  const pending = new Map<number, Pending>();
  let next = 0;
  let over: string | undefined;
  // Nobody may be waiting for a replacement when it fails.
  ready.promise.catch(() => {});

  const end = async (why: string): Promise<void> => {
    if (over === undefined) {
      over = why;
      clearTimeout(starting);
      ready.reject(new Error(why));
      for (const { resolve, timer, evaluation } of pending.values()) {
        clearTimeout(timer);
        resolve(evaluation ? { ...evaluation, observed: unobserved(why) } : failure(why));
      }
      pending.clear();
      ended.resolve(why);
    }
    await worker.terminate();
  };
  const starting = setTimeout(() => void end(`not ready within ${START_TIMEOUT_MS / 1000} s`), START_TIMEOUT_MS);

  worker.on('message', (message: FromWorker) => {
    if (message.kind === 'ready') {
      clearTimeout(starting);
      ready.resolve();
      return;
    }
    const call = pending.get(message.id);
    if (!call) return;
    if (message.kind === 'evaluated' && message.more) {
      call.evaluation = message.evaluation;
      return;
    }
    pending.delete(message.id);
    clearTimeout(call.timer);
    if (message.kind === 'evaluated') call.resolve(message.evaluation);
    else if (call.evaluation) call.resolve({ ...call.evaluation, ...(message.observed && { observed: message.observed }) });
    else call.resolve(failure('the policy worker gave half an answer'));
  });
  worker.on('error', (thrown) => void end(`crashed: ${messageOf(thrown)}`));
  worker.on('exit', (code) => void end(`ended with code ${code}`));

  return {
    ready: ready.promise,
    ended: ended.promise,
    evaluate(request, timeoutMs) {
      if (over !== undefined) return Promise.resolve(failure(over));
      const { promise, resolve } = Promise.withResolvers<Evaluation>();
      const id = next++;
      const timer = setTimeout(() => void end(`no answer within ${timeoutMs} ms`), timeoutMs);
      pending.set(id, { resolve, timer });
      worker.postMessage({ id, request });
      return promise;
    },
    end,
  };
}

function unobserved(why: string): Observation {
  return { permits: [], forbids: [], failures: [{ id: 'holdpoint', failure: why }] };
}

function failure(why: string): Evaluation {
  return { failure: why, permits: [], denies: [], softs: [] };
}
