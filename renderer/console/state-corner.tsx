/** Whether this computer is guarded: always there, always true. */

import type { ReactNode } from 'react';
import type { ConsoleView } from '../../main/app/channels.ts';
import { bridge } from '../bridge.ts';
import { type Look, Shape } from '../design/parts.tsx';
import { clock } from '../design/time.ts';
import { STRINGS } from '../strings.ts';

export function StateCorner({ view }: { readonly view: ConsoleView }): ReactNode {
  const { look, line, more } = stateOf(view);
  return (
    <div className="state" role="status">
      <b>
        <Shape look={look} />
        {line}
      </b>
      {more.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {view.guard.state === 'stopped' && (
        <button type="button" className="button small" onClick={() => void bridge().call('console:retry', {})}>
          {STRINGS.console.retry}
        </button>
      )}
    </div>
  );
}

function stateOf({ guard, status, questions }: ConsoleView): { look: Look; line: string; more: readonly string[] } {
  const s = STRINGS.console;
  switch (guard.state) {
    case 'starting':
      return { look: 'unsure', line: s.state.starting, more: [] };
    case 'restarting':
      return { look: 'refused', line: s.state.notRunning, more: [s.stateMore.restarting] };
    case 'stopped':
      return { look: 'refused', line: s.state.notRunning, more: [s.stateMore.stopped, guard.why] };
    case 'running': {
      const restarted = guard.restarted ? [s.restarted(clock(guard.restarted.at))] : [];
      const policy = status ? [s.policyLine(status.policy.name, status.policy.count)] : [];
      if (questions.length > 0) return { look: 'waiting', line: s.state.asking(questions.length), more: [...restarted, ...policy] };
      if (status?.state === 'attention')
        return { look: 'unsure', line: s.state.attention, more: [...restarted, ...status.notes.slice(0, 2)] };
      return { look: 'released', line: s.state.protecting, more: [...restarted, ...policy] };
    }
  }
}
