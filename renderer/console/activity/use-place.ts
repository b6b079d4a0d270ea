/** Which session is shown: the one that was chosen, else the newest; and it stays, whatever becomes newer. */

import { useMemo, useRef } from 'react';
import { CONNECTIONS_SESSION, GUARD_SESSION, type SessionSummary } from '../../../main/contract/activity.ts';
import type { Place } from './story/use-story.ts';
import type { Pages } from './use-pages.ts';

/** `filterId`: what the list is of. An object stays the same for as long as it is the same place. */
export function usePlace(chosen: Place | undefined, sessions: Pages<SessionSummary>, filterId: string, isFiltered: boolean): Place | null {
  const kept = useRef<{ readonly filterId: string; readonly key: string } | null>(null);
  const { items, more, isLoading } = sessions;
  // A list of which there is more may have it further down.
  const isLeftOut = isFiltered && !isLoading && !more && !items.some(({ key }) => key === chosen?.key);
  if (!isLoading && kept.current?.filterId !== filterId) {
    const first = items.find(({ key }) => key !== GUARD_SESSION && key !== CONNECTIONS_SESSION) ?? (isFiltered ? items[0] : undefined);
    kept.current = first ? { filterId, key: first.key } : null;
  }
  const place = chosen && !isLeftOut ? chosen : null;
  const key = place?.key ?? kept.current?.key ?? null;
  const at = place?.at ?? null;
  return useMemo(() => (key === null ? null : { key, at }), [key, at]);
}
