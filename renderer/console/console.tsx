/** The console: what happened, what was missed, what is remembered, and whether this computer is guarded. */

import { type ReactNode, useEffect, useState } from 'react';
import type { ConsolePlace, ConsoleView } from '../../main/app/channels.ts';
import { bridge } from '../bridge.ts';
import { Mark } from '../design/parts.tsx';
import { STRINGS } from '../strings.ts';
import { Activity } from './activity/activity.tsx';
import type { Goal } from './goal.ts';
import { Missed } from './missed/missed-page.tsx';
import { Grants } from './policy/grants.tsx';
import { SettingsPage } from './settings/settings-page.tsx';
import { StateCorner } from './state-corner.tsx';
import { StatusPage } from './status/status-page.tsx';

const PAGES = ['activity', 'missed', 'grants', 'settings', 'status'] as const;
type Page = (typeof PAGES)[number];

export function Console(): ReactNode {
  const view = useConsoleView(goTo);
  const [page, setPage] = useState<Page>('activity');
  const [goal, setGoal] = useState<Goal>();
  const s = STRINGS.console;
  if (!view) return null;
  const beside: Readonly<Record<Page, string>> = {
    activity: view.questions.length > 0 ? s.open(view.questions.length) : '',
    missed: view.missed.length > 0 ? String(view.missed.length) : '',
    grants: view.grants.length > 0 ? String(view.grants.length) : '',
    settings: '',
    status: view.status && view.status.counts.uninspected > 0 ? s.unread(view.status.counts.uninspected) : '',
  };

  return (
    <div className="frame">
      <nav aria-label={s.name}>
        <div className="brand">
          <Mark size={18} />
          {s.name}
        </div>
        {PAGES.map((name) => (
          <button key={name} type="button" className="nav" aria-current={name === page ? 'page' : undefined} onClick={() => turnTo(name)}>
            {s.pages[name]} <span>{beside[name]}</span>
          </button>
        ))}
        <StateCorner view={view} />
      </nav>
      {page === 'activity' && <Activity view={view} />}
      {page === 'missed' && <Missed missed={view.missed} />}
      {page === 'grants' && <Grants grants={view.grants} />}
      {page === 'settings' && <SettingsPage status={view.status} />}
      {page === 'status' && <StatusPage view={view} goal={goal} />}
    </div>
  );

  function turnTo(name: Page): void {
    setGoal(undefined);
    setPage(name);
  }

  function goTo(place: ConsolePlace): void {
    setGoal({ place });
    setPage(place === 'missed' ? 'missed' : 'status');
  }
}

/** `goTo` must do the same at every call: the first one is kept. */
function useConsoleView(goTo: (place: ConsolePlace) => void): ConsoleView | undefined {
  const [view, setView] = useState<ConsoleView>();
  useEffect(() => {
    const off = [bridge().on('console:view', setView), bridge().on('console:place', goTo)];
    void bridge().call('console:ready', {}).then(setView);
    return () => {
      for (const leave of off) leave();
    };
  }, []);
  return view;
}
