/** A list of the engine's, page by page, with its head asked for again while records come. */

import { useCallback, useEffect, useRef, useState } from 'react';
import type { Reply } from '../../../main/app/channels.ts';
import { listenToRecords } from './live.ts';
import { type Order, type Page, withNewest, withOlder } from './pages.ts';
import { createThrottle } from './throttle.ts';

const REFRESH_MS = 1_000;
const RETRY_MS = 3_000;

export interface Pages<Item> {
  /** The question that `items` answer; null where none has been answered yet. */
  readonly id: string | null;
  readonly items: readonly Item[];
  readonly more: boolean;
  /** What is shown is of an earlier question, or nothing is known yet. */
  readonly isLoading: boolean;
  /** Why it cannot be known, in words; what was known is still there. */
  readonly problem: string | null;
  loadMore(): void;
}

interface State<Item> extends Page<Item> {
  readonly id: string | null;
  readonly problem: string | null;
}

interface PagesOptions<Item> {
  /** What is asked: another one begins anew. */
  readonly id: string;
  /** An engine is there to be asked. */
  readonly isLive: boolean;
  readonly order: Order<Item>;
  fetch(before: number | undefined): Promise<Reply<Page<Item>>>;
}

export function usePages<Item>({ id, isLive, order, fetch }: PagesOptions<Item>): Pages<Item> {
  const [state, setState] = useState<State<Item>>({ id: null, items: [], next: null, problem: null });
  const asking = useRef(fetch);
  asking.current = fetch;
  const isPaging = useRef(false);

  useEffect(() => {
    if (!isLive) return;
    let isOver = false;
    let retry: ReturnType<typeof setTimeout> | undefined;
    const refresh = createThrottle({
      ms: REFRESH_MS,
      run: async () => {
        const reply = await asking.current(undefined);
        if (isOver) return;
        setState((known) => {
          if (!reply.ok) return { ...known, problem: reply.says };
          const page = known.id === id ? withNewest(known, reply.result, order) : reply.result;
          return { ...page, id, problem: null };
        });
        if (!reply.ok) retry = setTimeout(() => refresh.poke(), RETRY_MS);
      },
    });
    refresh.poke();
    const off = listenToRecords(() => refresh.poke());
    return () => {
      isOver = true;
      off();
      clearTimeout(retry);
      refresh.stop();
    };
  }, [id, isLive, order]);

  const { next } = state;
  const isCurrent = state.id === id;
  const loadMore = useCallback(() => {
    if (next === null || !isCurrent || isPaging.current) return;
    isPaging.current = true;
    void asking.current(next).then((reply) => {
      isPaging.current = false;
      setState((known) => {
        if (known.id !== id) return known;
        return reply.ok ? { ...known, ...withOlder(known, reply.result, order) } : { ...known, problem: reply.says };
      });
    });
  }, [id, isCurrent, next, order]);

  return {
    id: state.id,
    items: state.items,
    more: isCurrent && next !== null,
    isLoading: isLive && !isCurrent && state.problem === null,
    problem: isLive ? state.problem : null,
    loadMore,
  };
}
