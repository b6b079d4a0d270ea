/** Threads that scan: few, started when there is work, and replaced when a text keeps one of them too long. */

import type { ClassifyingPattern } from './customer/patterns.ts';
import type { Piece } from './detectors.ts';
import { type Batch, createScanThread, type Job, type PieceResult, type ScanThread, type ThreadEnd } from './scan-thread.ts';

export interface ScanPool {
  /** One promise a piece; none of them rejects. After `late` what is not done yet is a `timeout`. */
  run(pieces: readonly Piece[], late: AbortSignal): readonly Promise<PieceResult>[];
  close(): Promise<void>;
}

export interface ScanPoolOptions {
  readonly workers: number;
  /** Greatest time for one batch. */
  readonly deadlineMs: number;
  readonly patterns: readonly ClassifyingPattern[];
  readonly log: (message: string) => void;
  readonly worker?: URL;
}

/** Pieces go to a thread some at a time: a message costs as much as a few KB of scanning. Characters. */
const BATCH = 32 * 1024;
/** A second thread is started where the first has so much before it: starting one takes as long as scanning that. Characters. */
const BUSY = 4 * 1024 * 1024;
/** What waits for threads altogether; what would be more fails at once. Characters. */
const MAX_WAITING = 64 * 1024 * 1024;

export function createScanPool({ workers, deadlineMs, patterns, log, worker: module }: ScanPoolOptions): ScanPool {
  const threads = new Set<ScanThread>();
  let waiting = 0;
  let closed = false;

  return {
    run(pieces, late) {
      const jobs = pieces.map((piece) => ({ piece, ...Promise.withResolvers<PieceResult>() }));
      const giveUp = () => settleAll(jobs, 'timeout');
      if (late.aborted) giveUp();
      late.addEventListener('abort', giveUp, { once: true });
      for (const batch of batches(jobs)) enqueue(batch);
      return jobs.map(({ promise }) => promise);
    },
    async close() {
      closed = true;
      await Promise.all([...threads].map((thread) => thread.end()));
    },
  };

  function enqueue(batch: Batch): void {
    const { length } = batch;
    if (closed || waiting + length > MAX_WAITING) {
      settleAll(batch.jobs, 'failed');
      return;
    }
    waiting += length;
    let [freest] = [...threads].sort((a, b) => a.load() - b.load());
    if (!freest || (freest.load() + length > BUSY && freest.load() > 0 && threads.size < workers)) freest = started();
    freest.take(batch);
  }

  function started(): ScanThread {
    const thread: ScanThread = createScanThread({
      module,
      patterns,
      deadlineMs,
      onDone: (batch) => {
        waiting -= batch.length;
      },
      onIdle: () => {
        if (threads.size > 1 && [...threads][0] !== thread) void thread.end();
      },
      onEnd: (end) => ended(thread, end),
    });
    threads.add(thread);
    return thread;
  }

  /** What the thread was at is to blame; where that is several pieces, each is tried by itself. The rest goes to another thread. */
  function ended(thread: ScanThread, { why, late, began, batches: left }: ThreadEnd): void {
    threads.delete(thread);
    for (const batch of left) waiting -= batch.length;
    if (closed) {
      for (const { jobs } of left) settleAll(jobs, 'failed');
      return;
    }
    if (left.length > 0) log(`A thread that scans was replaced: ${why}.`);
    // A thread that does not even start is not tried again by itself: the next text will.
    if (!began) {
      for (const { jobs } of left) settleAll(jobs, 'failed');
      return;
    }
    const [blamed, ...rest] = left;
    if (blamed?.jobs.length === 1) settleAll(blamed.jobs, late ? 'timeout' : 'failed');
    else for (const job of blamed?.jobs ?? []) enqueue({ jobs: [job], length: job.piece.text.length });
    for (const batch of rest) enqueue(batch);
  }
}

function* batches(jobs: readonly Job[]): Generator<Batch> {
  let some: Job[] = [];
  let length = 0;
  for (const job of jobs) {
    if (some.length > 0 && length + job.piece.text.length > BATCH) {
      yield { jobs: some, length };
      some = [];
      length = 0;
    }
    some.push(job);
    length += job.piece.text.length;
  }
  if (some.length > 0) yield { jobs: some, length };
}

function settleAll(jobs: readonly Job[], result: PieceResult): void {
  for (const { resolve } of jobs) resolve(result);
}
