/** One thread that scans: what it has before it, the clock on what it is at, and its end. */

import { Worker } from 'node:worker_threads';
import type { Finding } from '../../contract/action.ts';
import { messageOf } from '../../contract/errors.ts';
import type { ClassifyingPattern } from './customer/patterns.ts';
import type { Piece } from './detectors.ts';

export type PieceResult = readonly Finding[] | 'timeout' | 'failed';

export interface ToScanWorker {
  readonly pieces: readonly Piece[];
}

/** Batches are answered in order. */
export type FromScanWorker = { readonly kind: 'ready' } | { readonly kind: 'scanned'; readonly results: readonly PieceResult[] };

export interface Job {
  readonly piece: Piece;
  readonly resolve: (result: PieceResult) => void;
  readonly promise: Promise<PieceResult>;
}

export interface Batch {
  readonly jobs: readonly Job[];
  /** Characters. */
  readonly length: number;
}

export interface ScanThread {
  take(batch: Batch): void;
  /** Characters before it. */
  load(): number;
  end(): Promise<void>;
}

export interface ThreadEnd {
  readonly why: string;
  /** A batch took longer than it may. */
  readonly late: boolean;
  /** It had been ready. */
  readonly began: boolean;
  /** Not answered; it was at the first of them. */
  readonly batches: readonly Batch[];
}

export interface ThreadOptions {
  readonly module: URL | undefined;
  readonly patterns: readonly ClassifyingPattern[];
  readonly deadlineMs: number;
  readonly onDone: (batch: Batch) => void;
  readonly onIdle: () => void;
  readonly onEnd: (end: ThreadEnd) => void;
}

const START_TIMEOUT_MS = 30_000;
/** A thread says so after so long without work. */
const IDLE_MS = 30_000;
/** A small heap for young objects keeps an idle thread small. */
const LIMITS = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 8, stackSizeMb: 4 };

export function createScanThread(options: ThreadOptions): ScanThread {
  const { module = new URL('./scan-worker.ts', import.meta.url), patterns, deadlineMs, onDone, onIdle, onEnd } = options;
  const worker = new Worker(module, { workerData: { patterns }, resourceLimits: LIMITS });
  // A command line that has its answer does not wait for it.
  worker.unref();
  let batches: Batch[] = [];
  let load = 0;
  let began = false;
  let over = false;
  let crash: string | undefined;
  let timer = setTimeout(() => void end('it did not start in time'), START_TIMEOUT_MS);

  worker.on('message', (message: FromScanWorker) => {
    if (over) return;
    if (message.kind === 'ready') {
      began = true;
    } else {
      const [batch, ...rest] = batches;
      if (!batch) return;
      batches = rest;
      load -= batch.length;
      onDone(batch);
      for (const [index, job] of batch.jobs.entries()) job.resolve(message.results[index] ?? 'failed');
    }
    watch();
  });
  // What it said before comes before its exit, and perhaps after its error: of a thread that crashed all that it said is heard.
  worker.on('error', (thrown) => {
    crash = `it crashed (${messageOf(thrown)})`;
  });
  worker.on('exit', () => void end(crash ?? 'it ended'));

  return {
    take(batch) {
      batches.push(batch);
      load += batch.length;
      const message: ToScanWorker = { pieces: batch.jobs.map(({ piece }) => piece) };
      worker.postMessage(message);
      if (began && batches.length === 1) watch();
    },
    load: () => load,
    end: () => end('it was ended'),
  };

  /** Sets the clock for the batch that the thread is at. */
  function watch(): void {
    clearTimeout(timer);
    if (batches.length === 0) {
      timer = setTimeout(onIdle, IDLE_MS);
      timer.unref();
      return;
    }
    const [first] = batches;
    timer = setTimeout(() => {
      // A laptop that slept, or a busy loop, lets clocks ring before the answers that lie there are read.
      setImmediate(() => {
        if (batches[0] === first) void end(`a text took longer than ${deadlineMs} ms`, true);
      });
    }, deadlineMs);
  }

  async function end(why: string, late = false): Promise<void> {
    if (!over) {
      over = true;
      clearTimeout(timer);
      const left = batches;
      batches = [];
      onEnd({ why, late, began, batches: left });
    }
    await worker.terminate();
  }
}
