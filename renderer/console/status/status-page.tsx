/** Status: whether all is as it should be, what happened, what could not be read, what is watched, and the parts of the guard. */

import type { ReactNode } from 'react';
import type { ConsoleView } from '../../../main/app/channels.ts';
import { STRINGS } from '../../strings.ts';
import type { Goal } from '../goal.ts';
import { Figures } from './figures.tsx';
import { Machine } from './machine.tsx';
import { Overview } from './overview.tsx';
import { Seen } from './seen.tsx';
import { Uninspected } from './uninspected.tsx';

export function StatusPage({ view, goal }: { readonly view: ConsoleView; readonly goal: Goal | undefined }): ReactNode {
  const { guard, status } = view;
  return (
    <main className="page status-page">
      <h1>{STRINGS.console.statusTitle}</h1>
      <Overview view={view} />
      <Figures connected={guard.state === 'running'} />
      {status && <Uninspected status={status} goal={goal} />}
      <Seen status={status} />
      {status && <Machine status={status} />}
    </main>
  );
}
