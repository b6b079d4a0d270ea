/** The records that were found, by day, the newest first. */

import type { ReactNode, RefObject } from 'react';
import { STRINGS } from '../../../strings.ts';
import type { Pages } from '../use-pages.ts';
import { dayOf } from './days.ts';
import { type Match, MatchRow } from './match-row.tsx';
import { VirtualList } from './virtual-list.tsx';

interface MatchListProps {
  readonly pages: Pages<Match>;
  /** What was searched for. */
  readonly wanted: string;
  /** `seq` of the record that is shown. */
  readonly current: number | null;
  readonly entry: RefObject<(() => void) | null>;
  onChoose(match: Match): void;
}

export function MatchList({ pages, wanted, current, entry, onChoose }: MatchListProps): ReactNode {
  return (
    <VirtualList
      label={STRINGS.activity.records}
      items={pages.items}
      estimate={66}
      entry={entry}
      keyOf={keyOf}
      isCurrent={({ record }) => record.seq === current}
      draw={(match, tabIndex, before) => {
        const day = dayOf(match.record.at);
        return (
          <MatchRow
            match={match}
            wanted={wanted}
            isCurrent={match.record.seq === current}
            day={before && dayOf(before.record.at) === day ? null : day}
            tabIndex={tabIndex}
            onChoose={onChoose}
          />
        );
      }}
      onNearEnd={pages.loadMore}
    />
  );
}

function keyOf({ record }: Match): string {
  return record.id;
}
