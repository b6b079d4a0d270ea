/** The part of a session that is held in memory: records come at either end, and what they tell is worked out only where it changed. */

import type { Said, StoryRecord } from '../../../../main/contract/activity.ts';
import type { AuditRecord } from '../../../../main/contract/record.ts';
import { stepsOf } from './exchange-steps.ts';
import { createFolding } from './fold.ts';
import type { Step } from './step.ts';

export interface StoryWindow {
  /** In any order; a record that is there already is replaced where more of its words are known now. */
  add(records: readonly StoryRecord[]): void;
  /**
   * Leaves at most `most` records, taking whole exchanges from one end. Gives the `seq` of the taken record that is nearest to what stays;
   * undefined where nothing was taken.
   */
  trim(from: 'oldest' | 'newest', most: number): number | undefined;
  steps(): readonly Step[];
  /** Lowest and highest `seq`; undefined where nothing is held. */
  readonly range: { readonly from: number; readonly to: number } | undefined;
  readonly size: number;
  /** What is held, oldest first. */
  records(): readonly StoryRecord[];
}

interface Group {
  readonly key: string;
  records: StoryRecord[];
  /** Undefined until worked out. */
  steps: readonly Step[] | undefined;
}

/** `waitingSince`: what was held before the running engine started waits no more; null while none runs. */
export function createStoryWindow(waitingSince: string | null): StoryWindow {
  const groups = new Map<string, Group>();
  const folding = createFolding();
  const seqs = new Set<number>();
  /** The earliest record here that said it, by the text's hash. */
  const firsts = new Map<string, number>();
  const ordered: Group[] = [];
  let isOrdered = true;

  return {
    add(records) {
      sort();
      const before = ordered[0];
      for (const one of records) put(one);
      sort();
      // What it repeats of a page that has come before it is no news any more.
      if (before && before !== ordered[0]) before.steps = undefined;
    },
    trim(from, most) {
      sort();
      let nearest: number | undefined;
      let taken = 0;
      for (let left = seqs.size; left > most && taken < ordered.length - 1; taken++) {
        const { records } = ordered[from === 'oldest' ? taken : ordered.length - 1 - taken]!;
        left -= records.length;
        const edge = from === 'oldest' ? records.at(-1)!.record.seq : records[0]!.record.seq;
        nearest = from === 'oldest' ? Math.max(nearest ?? edge, edge) : edge;
      }
      const gone = from === 'oldest' ? ordered.splice(0, taken) : ordered.splice(ordered.length - taken, taken);
      for (const { key, records } of gone) {
        groups.delete(key);
        for (const { record, said } of records) {
          seqs.delete(record.seq);
          for (const { hash } of said) if (firsts.get(hash) === record.seq) firsts.delete(hash);
        }
      }
      return nearest;
    },
    steps() {
      sort();
      return folding.fold(ordered.flatMap((group) => (group.steps ??= stepsOf(group.key, group.records, waitingSince, isKnown))));
    },
    get range() {
      sort();
      if (ordered.length === 0) return undefined;
      let to = 0;
      for (const { records } of ordered.slice(-REACH)) to = Math.max(to, records.at(-1)!.record.seq);
      return { from: firstOf(ordered[0]!), to };
    },
    get size() {
      return seqs.size;
    },
    records: () => {
      sort();
      return ordered.flatMap(({ records }) => records);
    },
  };

  function put(one: StoryRecord): void {
    const { seq, exchange, action, id } = one.record;
    const key = exchange ?? action ?? id;
    for (const { hash } of one.said) firsts.set(hash, Math.min(firsts.get(hash) ?? seq, seq));
    const group = groups.get(key);
    if (!group) {
      const made: Group = { key, records: [one], steps: undefined };
      groups.set(key, made);
      if (ordered.length > 0 && firstOf(ordered.at(-1)!) > seq) isOrdered = false;
      ordered.push(made);
      seqs.add(seq);
      return;
    }
    if (seqs.has(seq)) {
      const known = group.records.findIndex(({ record }) => record.seq === seq);
      if (known < 0 || group.records[known]!.said.length >= one.said.length) return;
      group.records[known] = one;
    } else {
      seqs.add(seq);
      const isFirst = seq < firstOf(group);
      const after = group.records.findLastIndex(({ record }) => record.seq < seq);
      group.records.splice(after + 1, 0, one);
      if (isFirst) isOrdered = false;
    }
    group.steps = undefined;
  }

  function isKnown({ hash }: Said, { seq }: AuditRecord): boolean {
    return (firsts.get(hash) ?? seq) < seq;
  }

  function sort(): void {
    if (!isOrdered) ordered.sort((a, b) => firstOf(a) - firstOf(b));
    isOrdered = true;
  }
}

/** Exchanges run side by side: the newest record is in one of the last. */
const REACH = 64;

function firstOf({ records }: Group): number {
  return records[0]!.record.seq;
}
