/** Watches that an open question comes before somebody's eyes: what can't be shown, or was put aside and forgotten, is told another way. Once. */

import type { Question } from '../contract/approval.ts';

export interface Unseen {
  /** All that is open, in the order of asking. `wanted`: it should be in sight now; else somebody has put it aside. */
  update(open: readonly Question[], wanted: boolean): void;
}

/** A window that is not there by then does not come: the system has no place for it, or its page has died again and again. */
export const SHOWN_WITHIN_MS = 3_000;
/** So much after it was put aside it is told of once more, if there is time left to answer. */
export const ASIDE_FOR_MS = 30_000;

export function createUnseen(options: {
  /** Whether the questions that are wanted are drawn in a window that can be seen. */
  isSeen(): boolean;
  /** `others`: so many more wait with it. */
  tell(question: Question, others: number): void;
  readonly wait?: (ms: number, then: () => void) => () => void;
}): Unseen {
  const { isSeen, tell, wait = timer } = options;
  const told = new Set<string>();
  let open: readonly Question[] = [];
  let wanted = false;
  let cancel: (() => void) | undefined;

  return {
    update(questions, isWanted) {
      const isOther = isWanted !== wanted;
      open = questions;
      wanted = isWanted;
      for (const id of told) if (!open.some((question) => question.id === id)) told.delete(id);
      if (untold().length === 0 || isOther) {
        cancel?.();
        cancel = undefined;
      }
      if (untold().length > 0) cancel ??= wait(wanted ? SHOWN_WITHIN_MS : ASIDE_FOR_MS, look);
    },
  };

  function look(): void {
    cancel = undefined;
    const [first, ...others] = untold();
    if (!first) return;
    if (wanted && isSeen()) return;
    for (const { id } of open) told.add(id);
    tell(first, others.length);
  }

  function untold(): Question[] {
    return open.filter(({ id }) => !told.has(id));
  }
}

function timer(ms: number, then: () => void): () => void {
  const timeout = setTimeout(then, ms);
  return () => clearTimeout(timeout);
}
