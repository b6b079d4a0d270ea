/** Whether this computer is guarded: always there, always true. */

import { type ReactNode, useEffect, useState } from 'react';
import type { ConsoleView } from '../../main/app/channels.ts';
import type { Status } from '../../main/contract/control.ts';
import { bridge } from '../bridge.ts';
import { Button } from '../design/button.tsx';
import { type Look, Shape, Visible } from '../design/parts.tsx';
import { clock, moment, number } from '../design/time.ts';
import { STRINGS } from '../strings.ts';
import { BypassDialog } from './bypass-dialog.tsx';
import type { Goal } from './goal.ts';

const c = STRINGS.corner;
const s = STRINGS.console;
const USUAL_PAUSE_MINUTES = 15;

export function StateCorner({ view, goal }: { readonly view: ConsoleView; readonly goal: Goal | undefined }): ReactNode {
  const { look, line, more } = stateOf(view);
  const { state } = view.guard;
  const allowed = view.status?.bypassAllowed;
  const [pausing, setPausing] = useState<{ readonly minutes: number }>();

  useEffect(() => {
    if (typeof goal?.place === 'object' && 'bypass' in goal.place) setPausing(goal.place.bypass);
  }, [goal]);

  return (
    <>
      <div className="state" role="status">
        <b>
          <Shape look={look} />
          {line}
          {allowed && !view.status?.bypass && (
            <button type="button" className="link pause" onClick={() => setPausing({ minutes: USUAL_PAUSE_MINUTES })}>
              {c.pause}
            </button>
          )}
        </b>
        {more.map((sentence) => (
          <p key={sentence}>
            <Visible text={sentence} />
          </p>
        ))}
        {(state === 'stopped' || state === 'at-odds') && (
          <Button small onClick={() => void bridge().call('console:retry', {})}>
            {view.guard.state === 'stopped' && !view.guard.awaited ? s.retry : c.tryAgain}
          </Button>
        )}
      </div>
      {pausing && allowed && <BypassDialog most={allowed.minutes} minutes={pausing.minutes} onClose={() => setPausing(undefined)} />}
    </>
  );
}

interface State {
  readonly look: Look;
  readonly line: string;
  readonly more: readonly string[];
}

function stateOf({ guard, status, questions, versions }: ConsoleView): State {
  const differing = versions && c.versions(versions.guard, versions.app);
  switch (guard.state) {
    case 'starting':
      return { look: 'unsure', line: s.state.starting, more: [] };
    case 'restarting':
      return { look: 'refused', line: s.state.notRunning, more: [s.stateMore.restarting] };
    case 'stopped':
      return {
        look: 'refused',
        line: s.state.notRunning,
        more: guard.awaited ? [guard.why] : [guard.meanwhile ?? s.stateMore.stopped, guard.why],
      };
    case 'at-odds':
      return guard.because === 'version'
        ? { look: 'unsure', line: c.outdated, more: [differing ?? c.otherVersion, c.stillGuards] }
        : { look: 'refused', line: c.notReachable, more: [guard.why] };
    case 'running': {
      const restarted = guard.restarted ? [s.restarted(clock(guard.restarted.at))] : [];
      const policy = status ? [s.policyLine(status.policy.name, status.policy.count)] : [];
      if (questions.length > 0)
        return { look: 'waiting', line: s.state.asking(questions.length), more: [...restarted, ...(differing ? [differing] : policy)] };
      if (status?.bypass) return { look: 'unsure', line: c.paused(moment(status.bypass.until)), more: [...restarted, ...policy] };
      const outdated = differing ?? policyProblem(status);
      if (outdated !== undefined) return { look: 'unsure', line: c.outdated, more: [...restarted, outdated] };
      if (status?.state === 'attention') return attention(status, restarted);
      return { look: 'released', line: s.state.protecting, more: [...restarted, ...policy] };
    }
  }
}

function attention(status: Status, restarted: readonly string[]): State {
  const { uninspected } = status.counts;
  // Where that is all that there is to look at, the corner says it in its own words.
  if (uninspected > 0 && status.notes.length <= 1)
    return { look: 'unsure', line: c.uninspected, more: [...restarted, c.unread(number(uninspected))] };
  return { look: 'unsure', line: s.state.attention, more: [...restarted, ...status.notes.slice(0, 2)] };
}

function policyProblem(status: Status | null): string | undefined {
  const fleet = status?.fleet;
  if (fleet?.state !== 'stale' && fleet?.state !== 'refused') return undefined;
  return fleet.problem ?? (fleet.state === 'stale' ? c.policyStale : c.policyRefused);
}
