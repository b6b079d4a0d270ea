/** How the guard does, in one sentence; and what needs a person, each with what to do. */

import type { ReactNode } from 'react';
import type { ConsoleView } from '../../../main/app/channels.ts';
import { uninspectedSentence } from '../../../main/contract/uninspected.ts';
import { bridge } from '../../bridge.ts';
import { Button } from '../../design/button.tsx';
import { type Look, Shape, Visible } from '../../design/parts.tsx';
import { clock, moment } from '../../design/time.ts';
import { STRINGS } from '../../strings.ts';

const s = STRINGS.status;

export function Overview({ view }: { readonly view: ConsoleView }): ReactNode {
  const { look, title, more } = overviewOf(view);
  const restarted = view.guard.state === 'running' && view.guard.restarted;
  return (
    <div className={`overview ${look}`}>
      <p className="overview-title">
        <Shape look={look} />
        {title}
      </p>
      {more.map((sentence) => (
        <p key={sentence} className="overview-more">
          <Visible text={sentence} />
        </p>
      ))}
      {restarted && <p className="overview-more">{STRINGS.console.restarted(clock(restarted.at))}</p>}
      {look === 'waiting' && (
        <Button small onClick={() => void bridge().call('console:showQuestions', {})}>
          {s.showQuestions}
        </Button>
      )}
    </div>
  );
}

interface State {
  readonly look: Look;
  readonly title: string;
  readonly more: readonly string[];
}

/** The worst first: what is told is what matters most. */
function overviewOf({ guard, status, questions }: ConsoleView): State {
  if (guard.state === 'starting' || (guard.state === 'running' && !status)) return { look: 'unsure', title: s.starting, more: [] };
  if (guard.state !== 'running' || !status) {
    const why = 'why' in guard ? [guard.why] : [];
    if (guard.state === 'at-odds') return { look: 'refused', title: STRINGS.corner.notReachable, more: why };
    const meanwhile = guard.state === 'stopped' ? (guard.meanwhile ?? (guard.awaited ? undefined : s.notRunningMore)) : s.notRunningMore;
    return { look: 'refused', title: s.notRunning, more: meanwhile === undefined ? why : [meanwhile, ...why] };
  }
  const notes = notesOf(status);
  // Why, the notes say.
  if (status.bypass) return { look: 'refused', title: s.unguarded(moment(status.bypass.until)), more: notes };
  if (notes.length > 0) return { look: status.audit.writable ? 'unsure' : 'refused', title: s.attention(notes.length), more: notes };
  if (questions.length > 0) return { look: 'waiting', title: s.asking(questions.length), more: [] };
  return { look: 'released', title: s.allWell, more: [s.allWellMore] };
}

/** What could not be read is told further down, row by row: here it is enough that it is. */
function notesOf({ notes, uninspected, counts }: NonNullable<ConsoleView['status']>): readonly string[] {
  const known = uninspectedSentence(uninspected, counts.uninspected);
  return notes.map((note) => (note === known ? s.unreadBelow(counts.uninspected) : note));
}
