/** The sessions, by day, the last active first. */

import { type ReactNode, type RefObject, useMemo } from 'react';
import type { SessionSummary } from '../../../../main/contract/activity.ts';
import type { Question } from '../../../../main/contract/approval.ts';
import { STRINGS } from '../../../strings.ts';
import type { Pages } from '../use-pages.ts';
import { dayOf } from './days.ts';
import { SessionRow } from './session-row.tsx';
import { VirtualList } from './virtual-list.tsx';

interface SessionListProps {
  readonly pages: Pages<SessionSummary>;
  /** Those that are open. */
  readonly questions: readonly Question[];
  /** Key of the one that is shown. */
  readonly current: string | null;
  readonly isFiltered: boolean;
  readonly entry: RefObject<(() => void) | null>;
  onChoose(session: SessionSummary): void;
}

export function SessionList({ pages, questions, current, isFiltered, entry, onChoose }: SessionListProps): ReactNode {
  const waiting = useMemo(() => {
    const counts = new Map<string, number>();
    for (const { details } of questions) counts.set(details.session, (counts.get(details.session) ?? 0) + 1);
    return counts;
  }, [questions]);

  return (
    <VirtualList
      label={STRINGS.activity.sessions}
      items={pages.items}
      estimate={84}
      entry={entry}
      keyOf={keyOf}
      isCurrent={({ key }) => key === current}
      draw={(session, tabIndex, before) => {
        const day = dayOf(session.to);
        return (
          <SessionRow
            session={session}
            waiting={waiting.get(session.key) ?? 0}
            isCurrent={session.key === current}
            isFiltered={isFiltered}
            day={before && dayOf(before.to) === day ? null : day}
            tabIndex={tabIndex}
            onChoose={onChoose}
          />
        );
      }}
      onNearEnd={pages.loadMore}
    />
  );
}

function keyOf({ key }: SessionSummary): string {
  return key;
}
