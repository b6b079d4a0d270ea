/** What a person is told who looks at no window of ours: each kind at most once a minute, and a click leads to where it is. */

import type { Missed } from '../contract/approval.ts';
import type { AuditRecord } from '../contract/record.ts';
import type { ConsolePlace, ConsoleView, GuardState } from './channels.ts';
import { type Sentences, WORDS } from './sentences.ts';
import { outdatedOf } from './tray-state.ts';

export interface Notice {
  readonly title: string;
  readonly body: string;
  /** Where a click on it leads. */
  readonly place: ConsolePlace;
}

export interface Notifications {
  guard(guard: GuardState): void;
  view(view: ConsoleView): void;
  missed(missed: readonly Missed[]): void;
  record(record: AuditRecord): void;
  /** Protection was to be resumed from the tray, and was not. */
  notResumed(why: string): void;
}

const AGAIN_AFTER_MS = 60_000;
const w = WORDS.notice;

/** `now` is a clock that only goes forward, in milliseconds. */
export function createNotifications(options: {
  readonly sentences: Pick<Sentences, 'restartedLine' | 'outdatedLine' | 'pausedLine'>;
  show(notice: Notice): void;
  now(): number;
}): Notifications {
  const { sentences, show, now } = options;
  const shownAt = new Map<string, number>();
  /** What the engine said last; not what is assumed while none is connected. */
  let wasPaused = false;
  let outdated: ReturnType<typeof outdatedOf>;
  let stoppedFor: string | undefined;

  return {
    guard(guard) {
      if (guard.state === 'running' && guard.restarted)
        tell('restarted', { title: sentences.restartedLine(guard.restarted), body: w.restarted, place: 'status' });
      // What has passed or was refused meanwhile is counted on, and no news.
      const gist = guard.state === 'stopped' ? guard.why.replace(/\d+ connections?/g, '') : undefined;
      if (guard.state === 'stopped' && gist !== stoppedFor)
        tell('stopped', { title: w.stopped, body: guard.meanwhile ?? guard.why, place: 'status' });
      if (gist !== undefined || guard.state === 'running') stoppedFor = gist;
      if (guard.state === 'at-odds' && guard.because === 'access')
        tell('stopped', { title: WORDS.notReachable, body: guard.why, place: 'status' });
    },
    view(view) {
      const { status } = view;
      const before = outdated;
      outdated = status || view.guard.state === 'at-odds' ? outdatedOf(view) : before;
      if (outdated !== undefined && outdated !== before)
        tell('outdated', { title: w.outdated, body: `${sentences.outdatedLine(view)}.`, place: 'status' });
      if (!status) return;
      const { bypass } = status;
      // Whoever has begun it, and wherever.
      if (!wasPaused && bypass) tell('paused', { title: sentences.pausedLine(bypass), body: bypass.reason, place: 'activity' });
      if (wasPaused && !bypass) tell('resumed', { title: w.resumed, body: w.resumedMore, place: 'activity' });
      wasPaused = bypass !== undefined;
    },
    missed(missed) {
      const last = missed.at(-1);
      if (!last) return;
      const title = missed.length === 1 ? w.missed : w.severalMissed(missed.length);
      tell('missed', { title, body: last.question.title, place: 'missed' });
    },
    record({ kind, verdict, summary }) {
      if (kind === 'policy' && verdict === 'budget-warning') tell('budget', { title: w.budget, body: summary, place: 'status' });
    },
    notResumed: (why) => tell('not-resumed', { title: w.notResumed, body: why, place: 'status' }),
  };

  function tell(kind: string, notice: Notice): void {
    const before = shownAt.get(kind);
    if (before !== undefined && now() - before < AGAIN_AFTER_MS) return;
    shownAt.set(kind, now());
    show(notice);
  }
}
