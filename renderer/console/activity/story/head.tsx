/** Whose session it is, what it began with, and what it came to. */

import type { ReactNode } from 'react';
import { CONNECTIONS_SESSION, GUARD_SESSION, type SessionSummary } from '../../../../main/contract/activity.ts';
import { folderName } from '../../../approval/header.tsx';
import { moment, money, number } from '../../../design/time.ts';
import { STRINGS } from '../../../strings.ts';
import { cut, Foreign } from '../foreign.tsx';
import { nameOf } from '../list/session-row.tsx';
import { textIn } from './data.ts';
import type { Step } from './step.ts';

const s = STRINGS.activity;
/** UTF-16 units of a name or a model. */
const MOST_PART = 90;

interface HeadProps {
  readonly summary: SessionSummary;
  readonly steps: readonly Step[];
  /** All of the session is in `steps`. */
  readonly isWhole: boolean;
  /** What can be done with the session. */
  readonly actions: ReactNode;
}

export function Head({ summary, steps, isWhole, actions }: HeadProps): ReactNode {
  const { opening, model, workspace, from, to, usd, calls, records } = summary;
  const isAgents = summary.key !== GUARD_SESSION && summary.key !== CONNECTIONS_SESSION;
  const version = versionIn(steps);
  const tokens = isWhole ? tokensIn(steps) : 0;
  const who = version === null ? nameOf(summary) : `${nameOf(summary)} ${version}`;
  const where = workspace ? s.inFolder(who, folderName(workspace)) : who;
  const count = isAgents ? s.calls(calls) : summary.key === GUARD_SESSION ? s.events(records) : s.connections(records);
  const parts: readonly (string | null)[] = [
    isAgents && opening ? where : null,
    model,
    s.until(moment(from), moment(to)),
    count,
    tokens > 0 ? s.tokens(number(tokens)) : null,
    usd === null ? null : money(usd),
  ];
  return (
    <header className="head">
      <div>
        <h1 title={workspace ?? undefined}>
          <Foreign text={isAgents ? (opening ?? where) : nameOf(summary)} />
        </h1>
        <p>
          {parts
            .filter((part) => part !== null)
            .map((part, i) => (
              <span key={i}>
                <Foreign text={cut(part, MOST_PART)} />
              </span>
            ))}
        </p>
      </div>
      {actions && <div className="head-actions">{actions}</div>}
    </header>
  );
}

function versionIn(steps: readonly Step[]): string | null {
  for (const { records } of steps.slice(-20).toReversed()) {
    for (const { record } of records) {
      const version = textIn(record, 'agentVersion');
      if (version !== null) return version;
    }
  }
  return null;
}

function tokensIn(steps: readonly Step[]): number {
  return steps.reduce((sum, { cost }) => sum + (cost?.tokens ?? 0), 0);
}
