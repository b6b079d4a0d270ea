/** The story of one session, as React sees it. */

import { useEffect, useRef, useState } from 'react';
import { ask } from '../../../ask.ts';
import { listenToRecords } from '../live.ts';
import { createStory, NO_STORY, type Story, type StoryState } from './story.ts';

/** A session, and the record in it that somebody wants to see; null for its end. */
export interface Place {
  readonly key: string;
  readonly at: number | null;
}

export interface ToldStory extends StoryState {
  readonly place: Place | null;
  loadOlder(): void;
  loadNewer(): void;
  toNewest(): void;
}

const RETRY_MS = 3_000;

/** A new `place` begins anew; until it is known, what was known before is shown. */
export function useStory(place: Place | null, isLive: boolean, waitingSince: string | null): ToldStory {
  const [state, setState] = useState<{ readonly place: Place | null; readonly told: StoryState }>({ place: null, told: NO_STORY });
  const story = useRef<Story>(undefined);
  const since = useRef(waitingSince);
  since.current = waitingSince;

  useEffect(() => {
    if (!place) return;
    const made = createStory({
      ...place,
      waitingSince: since.current,
      ask: (params) => ask('session', params),
      onChange: (told) => setState({ place, told }),
    });
    story.current = made;
    return () => {
      made.stop();
      story.current = undefined;
    };
  }, [place]);

  useEffect(() => {
    if (!place || !isLive) return;
    story.current?.connect();
    const retry = setInterval(() => story.current?.isAmiss && story.current.connect(), RETRY_MS);
    const off = listenToRecords((batch) => story.current?.happen(batch));
    return () => {
      clearInterval(retry);
      off();
    };
  }, [place, isLive]);

  useEffect(() => story.current?.waitsSince(waitingSince), [waitingSince]);

  return {
    ...state.told,
    place: state.place,
    isLoading: isLive && state.place !== place && place !== null,
    loadOlder: () => story.current?.loadOlder(),
    loadNewer: () => story.current?.loadNewer(),
    toNewest: () => story.current?.toNewest(),
  };
}
