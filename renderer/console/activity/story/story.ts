/** A session's story while somebody reads it: fetched from the end or from one of its records, in both directions, and going on live. */

import type { Reply } from '../../../../main/app/channels.ts';
import type { SessionSummary, StoryRecord } from '../../../../main/contract/activity.ts';
import type { ControlParams, ControlResult } from '../../../../main/contract/control.ts';
import type { AuditRecord } from '../../../../main/contract/record.ts';
import type { Batch } from '../live.ts';
import { createThrottle } from '../throttle.ts';
import { pageAfter } from './newer.ts';
import type { Step } from './step.ts';
import { createStoryWindow } from './window.ts';

const PAGE = 300;
/** Records that are held in memory. */
const MOST = 12_000;
const REFRESH_MS = 1_000;
/** Asked again along with what is new: records whose words were not known yet. */
const MARGIN = 20;
const MOST_ASKED = 500;

export interface StoryState {
  readonly steps: readonly Step[];
  readonly summary: SessionSummary | null;
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
  readonly isLoading: boolean;
  /** Why it could not be fetched, in words. */
  readonly problem: string | null;
  /** Counts the times that another part of the story was fetched: who reads is somewhere else now. */
  readonly visit: number;
}

export const NO_STORY: StoryState = {
  steps: [],
  summary: null,
  hasOlder: false,
  hasNewer: false,
  isLoading: true,
  problem: null,
  visit: 0,
};

export interface Story {
  /** An engine is there, for the first time or again. */
  connect(): void;
  /** The last that was asked could not be answered. */
  readonly isAmiss: boolean;
  /** The records of all sessions as they come. */
  happen(batch: Batch): void;
  loadOlder(): void;
  loadNewer(): void;
  /** Leaves where the reader is, for the end. */
  toNewest(): void;
  waitsSince(since: string | null): void;
  stop(): void;
}

export interface StoryOptions {
  readonly key: string;
  /** The record to begin with; null for the end. */
  readonly at: number | null;
  readonly waitingSince: string | null;
  ask(params: ControlParams<'session'>): Promise<Reply<ControlResult<'session'>>>;
  onChange(state: StoryState): void;
}

export function createStory({ key, at, ask, onChange, ...options }: StoryOptions): Story {
  let waitingSince = options.waitingSince;
  let held = createStoryWindow(waitingSince);
  let summary: SessionSummary | null = null;
  /** Where the next page in that direction begins; null where there is none. */
  let older: number | null = null;
  let newer: number | null = null;
  let problem: string | null = null;
  let visit = 0;
  let isStopped = false;
  let isBeginning = false;
  let isPaging = false;
  /** Records that came live and may have said something. */
  const unsaid = new Set<number>();
  const refresh = createThrottle({ ms: REFRESH_MS, run: refreshNow });

  return {
    connect() {
      if (visit > 0) refresh.poke();
      else if (visit === 0) void begin(at);
    },
    get isAmiss() {
      return problem !== null;
    },
    happen,
    loadOlder: () => void page('older'),
    loadNewer: () => void page('newer'),
    toNewest: () => void begin(null),
    waitsSince(since) {
      if (since === waitingSince) return;
      waitingSince = since;
      const records = held.records();
      held = createStoryWindow(since);
      held.add(records);
      tell();
    },
    stop() {
      isStopped = true;
      refresh.stop();
    },
  };

  async function begin(from: number | null): Promise<void> {
    if (isBeginning) return;
    isBeginning = true;
    const reply = await ask({ key, limit: PAGE, ...(from !== null && { before: from + PAGE / 2 }) });
    isBeginning = false;
    if (isStopped) return;
    if (!reply.ok) return fail(reply.says);
    const { records, next } = reply.result;
    held = createStoryWindow(waitingSince);
    held.add(records);
    unsaid.clear();
    summary = reply.result.summary;
    older = next;
    const last = held.range?.to;
    newer = from !== null && last !== undefined && summary !== null && last < summary.last ? last : null;
    problem = null;
    visit += 1;
    tell();
  }

  async function page(which: 'older' | 'newer'): Promise<void> {
    const from = which === 'older' ? older : newer;
    if (from === null || isPaging) return;
    isPaging = true;
    const asking = visit;
    const get = (before: number, limit: number) => ask({ key, before, limit });
    const reply = await (which === 'older' ? get(from, PAGE) : pageAfter(from, PAGE, get));
    isPaging = false;
    if (isStopped || visit !== asking) return;
    if (!reply.ok) return fail(reply.says);
    const { records, next } = reply.result;
    held.add(records);
    summary = reply.result.summary ?? summary;
    problem = null;
    if (which === 'older') {
      older = next;
      const gone = held.trim('newest', MOST);
      if (gone !== undefined) newer = gone - 1;
    } else {
      newer = records.length === 0 ? null : records.at(-1)!.record.seq;
      if (newer !== null && summary !== null && newer >= summary.last) newer = null;
      forgetOldest();
    }
    tell();
  }

  function happen({ records, lost }: Batch): void {
    if (visit === 0) return;
    const own = records.filter(({ session }) => session === key);
    // Which records of no session are told here is the engine's to say.
    if (own.length === 0 && !lost && !records.some(({ session }) => session === null)) return;
    refresh.poke();
    if (newer !== null || lost || own.length === 0) return;
    held.add(own.map(untold));
    for (const { seq, blocks } of own) if (blocks.length > 0) unsaid.add(seq);
    forgetOldest();
    tell();
  }

  /** The head of the session: what live records said, and whatever was missed. */
  async function refreshNow(): Promise<void> {
    const asking = visit;
    const limit = newer === null ? headLength() : 1;
    const reply = await ask({ key, limit });
    if (isStopped || visit !== asking) return;
    if (!reply.ok) return fail(reply.says);
    problem = null;
    summary = reply.result.summary ?? summary;
    const { records, next } = reply.result;
    if (newer === null && records.length > 0) {
      const last = held.range?.to ?? 0;
      const overlaps = next === null || records[0]!.record.seq <= last;
      if (!overlaps) return limit < MOST_ASKED ? catchUp() : void begin(null);
      held.add(records);
      unsaid.clear();
      forgetOldest();
    }
    tell();
  }

  /** More came than was asked for. */
  async function catchUp(): Promise<void> {
    const last = held.range?.to ?? 0;
    const reply = await ask({ key, limit: MOST_ASKED });
    if (isStopped || !reply.ok) return;
    const first = reply.result.records[0]?.record.seq;
    if (first !== undefined && first > last + 1 && reply.result.next !== null) return void begin(null);
    held.add(reply.result.records);
    unsaid.clear();
    tell();
  }

  function headLength(): number {
    const first = Math.min(...unsaid);
    const waiting = unsaid.size === 0 ? 0 : held.records().filter(({ record }) => record.seq >= first).length;
    return Math.min(MOST_ASKED, waiting + MARGIN);
  }

  function forgetOldest(): void {
    const gone = held.trim('oldest', MOST);
    if (gone !== undefined) older = gone + 1;
  }

  function fail(says: string): void {
    problem = says;
    tell();
  }

  function tell(): void {
    onChange({ steps: held.steps(), summary, hasOlder: older !== null, hasNewer: newer !== null, isLoading: visit === 0, problem, visit });
  }
}

/** What it said is asked for a moment later. */
function untold(record: AuditRecord): StoryRecord {
  return { record, said: [] };
}
