/** How long there is to answer, by a clock that nobody can set: counted from when the question came here. */

import type { Question } from '../../main/contract/approval.ts';

export type Timed = Pick<Question, 'id' | 'askedAt' | 'expiresAt'>;

export interface Times {
  /** Milliseconds; never less than nothing, never more than the question ever had. */
  leftOf(question: Timed): number;
}

const MOST_KEPT = 1_000;

/** `clock` only goes forward, in milliseconds; `wall` is the time of day, which may jump. */
export function createTimes(clock: () => number, wall: () => number): Times {
  const ends = new Map<string, number>();
  return {
    leftOf(question) {
      let end = ends.get(question.id);
      if (end === undefined) {
        end = clock() + within(Date.parse(question.expiresAt) - wall(), 0, wholeOf(question));
        ends.set(question.id, end);
        if (ends.size > MOST_KEPT) ends.delete(ends.keys().next().value!);
      }
      return Math.max(0, end - clock());
    },
  };
}

/** All the time that a question has from its beginning, in milliseconds. */
export function wholeOf({ askedAt, expiresAt }: Timed): number {
  return Math.max(0, Date.parse(expiresAt) - Date.parse(askedAt) || 0);
}

function within(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value || 0, most));
}
