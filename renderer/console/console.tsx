/** The console: what happened, what was missed, what is remembered, and whether this computer is guarded. */

import { type ReactNode, useEffect, useState } from 'react';
import type { ConsolePlace, ConsoleView } from '../../main/app/channels.ts';
import { bridge } from '../bridge.ts';
import { Mark } from '../design/parts.tsx';
import { STRINGS } from '../strings.ts';
import { Activity } from './activity/activity.tsx';
import { AgentsPage } from './agents/agents-page.tsx';
import { useAgents } from './agents/use-agents.ts';
import { DoctorPage } from './doctor/doctor-page.tsx';
import { useDoctor } from './doctor/use-doctor.ts';
import { FirstRun } from './first-run/first-run.tsx';
import { type Goal, pageOf } from './goal.ts';
import { Missed } from './missed/missed-page.tsx';
import { PausedBar } from './paused-bar.tsx';
import { PolicyPage } from './policy/policy-page.tsx';
import { SettingsPage } from './settings/settings-page.tsx';
import { StateCorner } from './state-corner.tsx';
import { StatusPage } from './status/status-page.tsx';

const PAGES = ['activity', 'missed', 'policy', 'agents', 'settings', 'status', 'doctor'] as const;
type Page = (typeof PAGES)[number];

export function Console(): ReactNode {
  const view = useConsoleView(goTo);
  const [page, setPage] = useState<Page>('activity');
  const [goal, setGoal] = useState<Goal>();
  const [isFirstRun, setFirstRun] = useState(false);
  const agents = useAgents(view);
  const checks = useDoctor();
  const s = STRINGS.console;
  if (!view) return null;
  if (isFirstRun) return <FirstRun view={view} agents={agents} onEnd={() => setFirstRun(false)} />;
  const beside: Readonly<Record<Page, string>> = {
    activity: view.questions.length > 0 ? s.open(view.questions.length) : '',
    missed: view.missed.length > 0 ? String(view.missed.length) : '',
    policy: view.grants.length > 0 ? STRINGS.policy.remembered(view.grants.length) : '',
    agents: agents && agents.concerns > 0 ? String(agents.concerns) : '',
    settings: '',
    status: view.status && view.status.counts.uninspected > 0 ? s.unread(view.status.counts.uninspected) : '',
    doctor: checks.wrong > 0 ? String(checks.wrong) : '',
  };

  return (
    <div className={view.status?.bypass ? 'frame paused' : 'frame'}>
      <PausedBar bypass={view.status?.bypass} />
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
        <StateCorner view={view} goal={goal} />
      </nav>
      {page === 'activity' && <Activity view={view} goal={goal} />}
      {page === 'missed' && <Missed missed={view.missed} />}
      {page === 'policy' && <PolicyPage view={view} />}
      {page === 'agents' && <AgentsPage agents={agents} onFirstRun={() => setFirstRun(true)} />}
      {page === 'settings' && <SettingsPage status={view.status} />}
      {page === 'status' && <StatusPage view={view} goal={goal} />}
      {page === 'doctor' && <DoctorPage checks={checks} />}
    </div>
  );

  function turnTo(name: Page): void {
    setGoal(undefined);
    setPage(name);
  }

  function goTo(place: ConsolePlace): void {
    if (place === 'firstRun') {
      setFirstRun(true);
      return;
    }
    setGoal({ place });
    const target = pageOf(place);
    if (target) setPage(target);
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
