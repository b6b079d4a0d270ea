/** Gets one page of logs to the collector, in parts where it does not take the whole, and moves the cursor as far as that went well. */

import type { Judge, Outcome } from './answers.ts';
import type { Encode } from './encode.ts';
import type { Post } from './post.ts';
import type { OwedGap, Progress } from './progress.ts';
import type { Item } from './source.ts';
import type { Clock } from './uploader.ts';

/** What a request is made of, in this order: gaps that are owed, records, the newest checkpoint. */
export type Sendable =
  | Item
  | { readonly kind: 'gap'; readonly gap: OwedGap; readonly log: Item['log'] }
  | { readonly kind: 'checkpoint'; readonly seq: number; readonly log: Item['log'] };

export type Trouble = Extract<Outcome, { kind: 'again' }>;
/** Undefined where everything has been dealt with. */
export type Deliver = (items: readonly Sendable[]) => Promise<Trouble | undefined>;

export interface DeliveryOptions {
  readonly encode: Encode;
  readonly post: (message: Awaited<ReturnType<Encode>>) => ReturnType<Post>;
  readonly judge: Judge;
  readonly clock: Clock;
  readonly progress: () => Progress;
  readonly kept: (progress: Progress) => Promise<void>;
}

/** Bytes of a request before compression. */
const MAX_REQUEST = 4 * 1024 * 1024;
const LEAST_REQUEST = 64 * 1024;
/** More than there are in a page. */
const MAX_LOGS = 1024;
/** Refused requests in a row after which it is not the records' fault. */
const MAX_REFUSALS = 64;

/** Refused alone. Whether it is its own fault is known when the collector has taken another. */
interface Suspect {
  readonly item: Sendable;
  readonly reason: 'unacceptable' | 'too-large';
  readonly message: string;
}

export function createDelivery({ encode, post, judge, clock, progress, kept }: DeliveryOptions): Deliver {
  /** Bytes that the collector was seen to take. */
  let limit = MAX_REQUEST;
  /** Logs of a request while a bad one is looked for: remembered, since a collector that fails now and then would not let one be found. */
  let most = MAX_LOGS;

  return async (items) => {
    let suspects: Suspect[] = [];
    let refusals = 0;
    let taken = false;
    let lastProblem = '';

    const trouble = await deliver(items);
    if (trouble) return trouble;
    if (suspects.length > 0 && taken) await settle([], 0, '');
    // Nothing was taken: a collector that is set up wrong must not make a gap of all that it is sent.
    return suspects.length > 0 ? { kind: 'again', slow: true, problem: lastProblem } : undefined;

    async function deliver(part: readonly Sendable[]): Promise<Trouble | undefined> {
      if (part.length > most) return inTwo(part, most);
      const message = await encode(part.map(({ log }) => log));
      if (message.plainBytes > limit && part.length > 1) return inTwo(part, Math.ceil(part.length / 2));
      const outcome = await post(message).then(judge.answered, judge.failed);
      switch (outcome.kind) {
        case 'again':
          return outcome;
        case 'accepted':
          taken = true;
          most = Math.min(MAX_LOGS, most * 2);
          await settle(part, Math.min(outcome.rejected, part.length), outcome.message);
          return undefined;
        case 'split':
          lastProblem = outcome.problem;
          if (!taken && ++refusals > MAX_REFUSALS) return { kind: 'again', slow: true, problem: outcome.problem };
          if (outcome.reason === 'too-large') limit = Math.max(LEAST_REQUEST, Math.floor(message.plainBytes / 2));
          if (part.length > 1) {
            most = Math.ceil(part.length / 2);
            return inTwo(part, most);
          }
          suspects.push({ item: part[0]!, reason: outcome.reason, message: outcome.message });
          return undefined;
      }
    }

    async function inTwo(part: readonly Sendable[], first: number): Promise<Trouble | undefined> {
      return (await deliver(part.slice(0, first))) ?? deliver(part.slice(first));
    }

    /** All up to the end of `part` is dealt with: it was taken, and so the suspects before it are really bad. */
    async function settle(part: readonly Sendable[], rejected: number, message: string): Promise<void> {
      const at = new Date(clock.now()).toISOString();
      const bad = suspects.flatMap(({ item, reason, message: said }): OwedGap[] =>
        item.kind === 'record' ? [{ from: item.seq, to: item.seq, count: 1, reason, message: said, hash: item.hash, at }] : [],
      );
      const records = part.filter((item) => item.kind === 'record');
      const lost = Math.min(rejected, records.length);
      const [first, last] = [records[0], records.at(-1)];
      if (lost > 0 && first && last)
        bad.push({ from: first.seq, to: last.seq, count: lost, reason: 'rejected', message, hash: last.hash, at });
      const done = [...suspects.map(({ item }) => item), ...part];
      suspects = [];
      const before = progress();
      await kept({
        seq: Math.max(before.seq, ...done.map((item) => (item.kind === 'record' ? item.seq : 0))),
        checkpoint: Math.max(before.checkpoint, ...done.map((item) => (item.kind === 'checkpoint' ? item.seq : 0))),
        uploaded: before.uploaded + records.length - lost,
        passed: before.passed + bad.reduce((sum, { count }) => sum + count, 0),
        owed: [...before.owed.filter((gap) => !done.some((item) => item.kind === 'gap' && item.gap === gap)), ...bad],
        confirmedAt: part.length > 0 ? at : before.confirmedAt,
      });
    }
  };
}
