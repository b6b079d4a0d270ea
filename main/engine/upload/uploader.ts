/** Sends the log to the collector, from where it was last confirmed: in order, at least once, and nothing passed over in silence. */

import { messageOf } from '../../contract/errors.ts';
import type { Judge } from './answers.ts';
import { type Backoff, createBackoff, retryAfterMs } from './backoff.ts';
import { createDelivery, type Deliver } from './delivery.ts';
import type { Encode } from './encode.ts';
import { checkpointLog, gapLog } from './events.ts';
import type { Post } from './post.ts';
import type { OwedGap, Progress } from './progress.ts';
import type { Source } from './source.ts';

export interface Clock {
  now(): number;
  /** Calls back once, after `ms`; gives back what cancels it. */
  after(ms: number, then: () => void): () => void;
}

export interface UploaderOptions {
  readonly source: Source;
  readonly progress: Progress;
  /** Resolves when it is durable. */
  readonly keep: (progress: Progress) => Promise<void>;
  readonly encode: Encode;
  readonly post: (message: Awaited<ReturnType<Encode>>) => ReturnType<Post>;
  readonly judge: Judge;
  readonly maxBacklog: number;
  readonly clock: Clock;
  /** At least 0 and below 1. */
  readonly random: () => number;
  /** Told whenever either has changed. */
  readonly tell: (progress: Progress, problem: string | null) => void;
}

export interface Uploader {
  /** There is something new. While a failure is waited out, it waits along. */
  wake(): void;
  /** Sends what there is, unless a failure is being waited out. Resolves when that has gone well, or not. */
  flush(): Promise<void>;
  close(): void;
}

/** Looked for what nobody told of: a checkpoint comes after the record that it signs. */
const IDLE_MS = 60_000;
const PAGE = { most: 500, bytes: 3_500_000 };

export function createUploader(options: UploaderOptions): Uploader {
  const { source, keep, maxBacklog, clock, tell } = options;
  const backoff: Backoff = createBackoff(options.random);
  let progress = options.progress;
  let problem: string | null = null;
  /** Of this thread's own: whether the collector has taken what was last sent. */
  let reachable = false;
  let waiting: (() => void) | undefined;
  let idling: (() => void) | undefined;
  let running: Promise<void> | undefined;
  let again = false;
  let closed = false;

  const delivery: Deliver = createDelivery({ ...options, kept, progress: () => progress });

  return {
    wake,
    async flush() {
      wake();
      while (running) await running;
    },
    close() {
      closed = true;
      waiting?.();
      idling?.();
    },
  };

  function wake(): void {
    if (closed || waiting) return;
    if (running) again = true;
    else start();
  }

  function start(): void {
    idling?.();
    again = false;
    running = run().finally(() => {
      running = undefined;
      if (closed || waiting) return;
      if (again) start();
      else idling = clock.after(IDLE_MS, wake);
    });
  }

  async function run(): Promise<void> {
    try {
      while (!closed && (await sendPage()));
    } catch (thrown) {
      failed(
        `The log cannot be uploaded: ${messageOf(thrown).replace(/\.$/, '')}. It is tried again by itself; "holdpoint audit verify" looks at the log.`,
        backoff.next(),
      );
    }
  }

  /** False where there is nothing to send, or it has to wait. */
  async function sendPage(): Promise<boolean> {
    await passOver();
    const records = source.page(progress.seq, PAGE);
    const newest = records.findLast((item) => item.kind === 'record')?.seq ?? progress.seq;
    const checkpoint = source.checkpoint(progress.checkpoint, newest);
    const items = [
      ...progress.owed.map((gap) => ({ kind: 'gap' as const, gap, log: gapLog(gap) })),
      ...records,
      ...(checkpoint ? [{ kind: 'checkpoint' as const, seq: checkpoint.seq, log: checkpointLog(checkpoint) }] : []),
    ];
    if (items.length === 0) return false;
    const before = progress;
    const trouble = await delivery(items);
    if (closed) return false;
    // A part that got through is no failure in a row.
    if (progress !== before) backoff.reset();
    if (trouble === undefined) {
      reachable = true;
      if (problem !== null) {
        problem = null;
        tell(progress, problem);
      }
      return true;
    }
    reachable = false;
    failed(trouble.problem, trouble.slow ? backoff.slow() : backoff.next(retryAfterMs(trouble.retryAfter, clock.now())));
    return false;
  }

  /** What the log no longer has, and what is too much: told as a gap before anything that comes after it. */
  async function passOver(): Promise<void> {
    const head = source.head();
    if (progress.seq > head) {
      const count = progress.seq - head;
      const gap = gapOf({ from: head + 1, to: progress.seq, count, reason: 'cut' });
      await kept({ ...progress, seq: head, checkpoint: Math.min(progress.checkpoint, head), owed: [...progress.owed, gap] });
      return;
    }
    // Only while records get through: otherwise each failure would make a gap of its own.
    const count = head - progress.seq - maxBacklog;
    if (!reachable || count <= 0) return;
    const to = progress.seq + count;
    const gap = gapOf({ from: progress.seq + 1, to, count, reason: 'backlog' });
    await kept({ ...progress, seq: to, passed: progress.passed + count, owed: [...progress.owed, gap] });
  }

  function gapOf(gap: Pick<OwedGap, 'from' | 'to' | 'count' | 'reason'>): OwedGap {
    return { ...gap, message: '', hash: source.hashOf(gap.to), at: new Date(clock.now()).toISOString() };
  }

  async function kept(next: Progress): Promise<void> {
    await keep(next);
    progress = next;
    tell(progress, problem);
  }

  function failed(why: string, ms: number): void {
    problem = why;
    tell(progress, problem);
    if (closed) return;
    waiting = clock.after(ms, () => {
      waiting = undefined;
      wake();
    });
  }
}
