/** Activity: the sessions, or what was found in them, at the left; the chosen one's story at the right. */

import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import type { ConsoleView } from '../../../main/app/channels.ts';
import type { SessionSummary } from '../../../main/contract/activity.ts';
import { Segments } from '../../design/choice.tsx';
import { STRINGS } from '../../strings.ts';
import type { Goal } from '../goal.ts';
import { Empty } from './empty.tsx';
import { ExportButton } from './export-button.tsx';
import { FilterBar } from './list/filter-bar.tsx';
import { type Choice, filterFor } from './list/filters.ts';
import { MatchList } from './list/match-list.tsx';
import type { Match } from './list/match-row.tsx';
import { SearchField } from './list/search-field.tsx';
import { SessionList } from './list/session-list.tsx';
import { isConversation, keyOfRecord } from './session-key.ts';
import { Timeline } from './story/timeline.tsx';
import { type Place, useStory } from './story/use-story.ts';
import { idOf, useMatches, useSessions } from './use-lists.ts';
import { usePlace } from './use-place.ts';
import { useSettled } from './use-settled.ts';

const s = STRINGS.activity;
const LOOK_AT = (['sessions', 'records'] as const).map((value) => ({ value, label: s[value] }));

export function Activity({ view, goal }: { readonly view: ConsoleView; readonly goal: Goal | undefined }): ReactNode {
  const [text, setText] = useState('');
  const [choice, setChoice] = useState<Choice>({});
  const [lookAt, setLookAt] = useState<'sessions' | 'records'>('sessions');
  const [chosen, setChosen] = useState<Place>();
  const settled = useSettled(text.trim());
  const isLive = view.guard.state === 'running' && view.status !== null;
  const isFiltered = filterFor(settled, choice, NEVER) !== undefined;
  const isOfRecords = isFiltered && lookAt === 'records';
  const sessions = useSessions(settled, choice, isLive);
  const matches = useMatches(settled, choice, isLive && isOfRecords);
  const list = isOfRecords ? matches : sessions;
  const entry = useRef<(() => void) | null>(null);

  const place = usePlace(chosen, sessions, idOf(settled, choice), isFiltered);
  const story = useStory(place, isLive, isLive ? (view.status?.engine.startedAt ?? null) : null);

  const choose = useCallback(
    (session: SessionSummary) => setChosen({ key: session.key, at: isFiltered ? session.last : null }),
    [isFiltered],
  );
  // Somebody comes from elsewhere: from a refusal in the tray, say.
  useEffect(() => {
    const wanted = goal?.place;
    if (typeof wanted === 'object' && 'session' in wanted) setChosen({ key: wanted.session, at: wanted.seq });
  }, [goal]);
  const chooseMatch = useCallback(({ record }: Match) => setChosen({ key: keyOfRecord(record), at: record.seq }), []);
  const isLost = !isLive && view.guard.state !== 'starting' && list.items.length > 0;

  return (
    <>
      <section className="list" aria-label={STRINGS.console.pages.activity}>
        <SearchField text={text} onText={setText} onDown={() => entry.current?.()} />
        <FilterBar choice={choice} onChoose={setChoice} />
        {isFiltered && (
          <div className="list-switch">
            <Segments label={s.lookAt} wide value={lookAt} options={LOOK_AT} onChoose={setLookAt} />
          </div>
        )}
        {((list.problem !== null && list.items.length > 0) || isLost) && (
          <p className="list-problem">{list.problem === null ? s.notLive : `${list.problem} ${s.retried}`}</p>
        )}
        {isOfRecords ? (
          <MatchList pages={matches} wanted={settled} current={place?.at ?? null} entry={entry} onChoose={chooseMatch} />
        ) : (
          <SessionList
            pages={sessions}
            questions={view.questions}
            current={place?.key ?? null}
            isFiltered={sessions.id !== EVERYTHING}
            entry={entry}
            onChoose={choose}
          />
        )}
      </section>
      {place && story.place ? (
        <Timeline
          key={`${story.place.key} ${story.place.at}`}
          story={story}
          actions={isConversation(place.key) && <ExportButton session={place.key} />}
        />
      ) : place !== null || list.isLoading ? (
        <main className="empty" aria-busy="true" />
      ) : (
        <Empty view={view} problem={list.problem} isFiltered={isFiltered} />
      )}
    </>
  );
}

/** Only for whether anything is left out. */
const NEVER = new Date(0);
const EVERYTHING = idOf('', {});
