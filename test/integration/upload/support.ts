/** An uploader on a real log and a real receiver, whose clock is the test's. */

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { AuditLog } from '../../../main/engine/audit/log.ts';
import { createJudge } from '../../../main/engine/upload/answers.ts';
import { createEncode } from '../../../main/engine/upload/encode.ts';
import type { Level } from '../../../main/engine/upload/levels.ts';
import { createPost, type PostLimits } from '../../../main/engine/upload/post.ts';
import { cursorName, cursorOf, type Progress, progressOf } from '../../../main/engine/upload/progress.ts';
import { openSource } from '../../../main/engine/upload/source.ts';
import { type Clock, createUploader } from '../../../main/engine/upload/uploader.ts';
import { type OtlpReceiver, type ReceivedLog, startOtlpReceiver, type Value } from '../../support/otlp-receiver.ts';
import { entry } from '../audit/support.ts';

export const START = Date.parse('2026-11-24T10:00:00Z');

export interface TestClock extends Clock {
  /** Resolves when something waits for the time, with how long it still has to wait: the uploader has done what it could. */
  rest(): Promise<number>;
  /** Lets the time pass, and calls what waited for it. */
  advance(ms: number): void;
}

export function testClock(): TestClock {
  let now = START;
  const timers = new Set<{ readonly at: number; readonly then: () => void }>();
  const resting: (() => void)[] = [];
  return {
    now: () => now,
    after(ms, then) {
      const timer = { at: now + ms, then };
      timers.add(timer);
      for (const rested of resting.splice(0)) rested();
      return () => timers.delete(timer);
    },
    async rest() {
      while (timers.size === 0) await new Promise<void>((resolve) => resting.push(resolve));
      return Math.min(...[...timers].map(({ at }) => at)) - now;
    },
    advance(ms) {
      now += ms;
      for (const timer of [...timers].filter(({ at }) => at <= now)) {
        timers.delete(timer);
        timer.then();
      }
    },
  };
}

export const LIMITS: PostLimits = { connectMs: 10_000, headMs: 10_000, bodyMs: 10_000, bodyBytes: 64 * 1024 };

export async function receiver(): Promise<OtlpReceiver> {
  const started = await startOtlpReceiver();
  onTestFinished(() => started.close());
  return started;
}

export interface Uploading {
  readonly clock: TestClock;
  /** As last told. */
  progress(): Progress;
  problem(): string | null;
  wake(): void;
  /** Wakes it, and waits until it has done what it could. */
  run(): Promise<number>;
  /** The uploader ends as if it had been killed; another goes on from what the log has kept. */
  again(): Uploading;
}

export interface UploadingOptions {
  readonly url: string;
  readonly dir: string;
  readonly log: Pick<AuditLog, 'keepCursor'>;
  readonly content?: Level;
  readonly encoding?: 'protobuf' | 'json';
  readonly maxBacklog?: number;
  /** Looked at for each request anew. */
  readonly limits?: PostLimits;
  readonly headers?: Readonly<Record<string, string>>;
  readonly roots?: readonly string[];
  readonly proxy?: string;
  readonly clock?: TestClock;
  /** Says no to what the uploader wants to have kept. */
  readonly forget?: () => boolean;
}

export function uploading(options: UploadingOptions): Uploading {
  const { url, dir, log, content = 'metadata', encoding = 'protobuf', headers = {}, forget = () => false } = options;
  const clock = options.clock ?? testClock();
  const name = cursorName(url);
  const source = openSource(join(dir, 'audit.db'), content);
  let told = progressOf(source.cursor(name));
  let problem: string | null = null;
  let dead = false;
  const post = createPost({
    url,
    headers,
    userAgent: 'holdpoint/test',
    roots: options.roots ?? [],
    proxy: options.proxy,
    limits: options.limits ?? LIMITS,
  });
  const uploader = createUploader({
    source,
    progress: told,
    keep: async (progress) => {
      if (dead || forget()) return new Promise<void>(() => {});
      await log.keepCursor(cursorOf(name, progress));
    },
    encode: createEncode(encoding, { 'service.name': 'holdpoint', 'device.id': 'device-1' }),
    post,
    judge: createJudge({ url, secrets: Object.values(headers) }),
    maxBacklog: options.maxBacklog ?? 5_000_000,
    clock,
    random: () => 0.5,
    tell(progress, trouble) {
      told = progress;
      problem = trouble;
    },
  });
  const end = () => {
    dead = true;
    uploader.close();
    post.close();
    source.close();
  };
  onTestFinished(() => {
    if (!dead) end();
  });
  return {
    clock,
    progress: () => told,
    problem: () => problem,
    wake: uploader.wake,
    run() {
      uploader.wake();
      return clock.rest();
    },
    again() {
      end();
      const { forget: _, ...rest } = options;
      return uploading(rest);
    },
  };
}

/** Appends `count` records, and gives the seq of the last. */
export async function appended(log: AuditLog, count: number, from = 1): Promise<number> {
  const records = await Promise.all(Array.from({ length: count }, (_, i) => log.append(entry(from + i))));
  return records.at(-1)!.seq;
}

/** Seqs of the records among what was received, each once, in the order in which they first came. */
export function seqsOf(logs: readonly ReceivedLog[]): Value[] {
  return [...new Set(logs.flatMap(({ attributes }) => attributes['holdpoint.chain.seq'] ?? []))];
}

export function gapsOf(logs: readonly ReceivedLog[]): ReceivedLog['attributes'][] {
  return logs.filter(({ eventName }) => eventName === 'holdpoint.upload.gap').map(({ attributes }) => attributes);
}

export function upTo(last: number, from = 1): number[] {
  return Array.from({ length: last - from + 1 }, (_, i) => from + i);
}

/** Text that does not compress. */
export function noise(bytes: number): string {
  return randomBytes(bytes / 2).toString('hex');
}
