/** Who wants what, from where, and how long there is to answer. */

import type { ReactNode } from 'react';
import type { PopupView } from '../../main/app/channels.ts';
import type { Question } from '../../main/contract/approval.ts';
import { Mark, Visible } from '../design/parts.tsx';
import { STRINGS } from '../strings.ts';
import { Countdown, Heard } from './countdown.tsx';

export function Header({
  title,
  question,
  position,
  armed,
}: {
  readonly title: string;
  readonly question: Question;
  readonly position: PopupView['position'];
  readonly armed: boolean;
}): ReactNode {
  return (
    <header>
      <div className="badge">
        <Mark size={20} />
      </div>
      <div className="heading">
        <h1 id="title">
          <Visible text={title} />
        </h1>
        <p className="from">
          <Visible text={fromLine(question)} />
        </p>
      </div>
      <div className="aside">
        <Countdown question={question} />
        {position.of > 1 && <span className="position">{STRINGS.popup.position(position.index, position.of)}</span>}
      </div>
      <Heard question={question} armed={armed} />
    </header>
  );
}

/** "thesis-site · gnome-terminal → zsh → claude 2.1" */
export function fromLine({ workspace, agent }: Question): string {
  const program = agent.version ? `${agent.name} ${agent.version}` : agent.name;
  // A program that starts itself again is one step of the way.
  const parents = agent.parents.filter((name, i) => name !== agent.parents[i + 1]);
  const chain = [...parents.slice(-3), program].join(STRINGS.popup.started);
  return `${workspace ? folderName(workspace) : STRINGS.popup.workspaceUnknown} · ${chain}`;
}

export function folderName(path: string): string {
  return path.split(/[/\\]/).findLast((part) => part !== '') ?? path;
}
