/** The two lists at the left: sessions, and the single records that match. */

import type { SessionSummary } from '../../../main/contract/activity.ts';
import { ask } from '../../ask.ts';
import { type Choice, filterFor } from './list/filters.ts';
import type { Match } from './list/match-row.tsx';
import type { Order } from './pages.ts';
import { type Pages, usePages } from './use-pages.ts';

const PAGE = 50;

/** What is asked, as one word. */
export function idOf(text: string, choice: Choice): string {
  return JSON.stringify([text, choice]);
}

const BY_SESSION: Order<SessionSummary> = { keyOf: ({ key }) => key, seqOf: ({ last }) => last };
const BY_RECORD: Order<Match> = { keyOf: ({ record }) => record.id, seqOf: ({ record }) => record.seq };

export function useSessions(text: string, choice: Choice, isLive: boolean): Pages<SessionSummary> {
  return usePages({
    id: idOf(text, choice),
    isLive,
    order: BY_SESSION,
    async fetch(before) {
      const filter = filterFor(text, choice, new Date());
      const reply = await ask('sessions', { limit: PAGE, ...(filter && { filter }), ...(before !== undefined && { before }) });
      return reply.ok ? { ok: true, result: { items: reply.result.sessions, next: reply.result.next } } : reply;
    },
  });
}

/** Asks only while it is live. */
export function useMatches(text: string, choice: Choice, isLive: boolean): Pages<Match> {
  return usePages({
    id: idOf(text, choice),
    isLive,
    order: BY_RECORD,
    async fetch(before) {
      const filter = filterFor(text, choice, new Date()) ?? {};
      const reply = await ask('search', { limit: PAGE, filter, ...(before !== undefined && { before }) });
      return reply.ok ? { ok: true, result: { items: reply.result.matches, next: reply.result.next } } : reply;
    },
  });
}
