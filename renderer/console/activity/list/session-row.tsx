/** A session in the list: who, where, what it began with, and what needs an eye. */

import { memo, type ReactNode } from 'react';
import { CONNECTIONS_SESSION, GUARD_SESSION, type SessionSummary } from '../../../../main/contract/activity.ts';
import { folderName } from '../../../approval/header.tsx';
import { Chip } from '../../../design/parts.tsx';
import { clock, money } from '../../../design/time.ts';
import { STRINGS } from '../../../strings.ts';
import { Foreign } from '../foreign.tsx';

const s = STRINGS.activity;

interface SessionRowProps {
  readonly session: SessionSummary;
  /** Questions of it that are open. */
  readonly waiting: number;
  readonly isCurrent: boolean;
  readonly isFiltered: boolean;
  /** Heading above it: the first of a day. */
  readonly day: string | null;
  readonly tabIndex: 0 | -1;
  onChoose(session: SessionSummary): void;
}

export const SessionRow = memo(function SessionRow(props: SessionRowProps): ReactNode {
  const { session, waiting, isCurrent, isFiltered, day, tabIndex, onChoose } = props;
  const { refused, releasedByPerson, uninspected, opening } = session;
  return (
    <>
      {day && <h2 className="day">{day}</h2>}
      <button type="button" className="item" aria-current={isCurrent} tabIndex={tabIndex} onClick={() => onChoose(session)}>
        <span className="top">
          <b>
            <Foreign text={nameOf(session)} />
          </b>
          <time>{clock(session.to)}</time>
        </span>
        {opening && (
          <span className="opening">
            <Foreign text={opening} />
          </span>
        )}
        <Sub session={session} isFiltered={isFiltered} />
        {waiting + refused + releasedByPerson + uninspected > 0 && (
          <span className="chips">
            {waiting > 0 && <Chip look="waiting">{s.waiting(waiting)}</Chip>}
            {refused > 0 && <Chip look="refused">{s.refused(refused)}</Chip>}
            {releasedByPerson > 0 && <Chip look="released">{s.allowedByYou(releasedByPerson)}</Chip>}
            {uninspected > 0 && <Chip look="unsure">{s.uninspected(uninspected)}</Chip>}
          </span>
        )}
      </button>
    </>
  );
});

export function nameOf({ key, agent }: Pick<SessionSummary, 'key' | 'agent'>): string {
  if (key === GUARD_SESSION) return s.guardItself;
  return key === CONNECTIONS_SESSION ? s.tunnels : (agent ?? s.unknownAgent);
}

function Sub({ session, isFiltered }: { readonly session: SessionSummary; readonly isFiltered: boolean }): ReactNode {
  const { key, workspace, calls, records, usd, matches } = session;
  const count = key === GUARD_SESSION ? s.events(records) : key === CONNECTIONS_SESSION ? s.connections(records) : s.calls(calls);
  const rest = [isFiltered ? s.matches(matches) : count, usd === null || isFiltered ? null : money(usd)].filter((part) => part !== null);
  return (
    <span className="sub">
      {workspace && (
        <>
          <Foreign text={folderName(workspace)} />
          {' · '}
        </>
      )}
      {rest.join(' · ')}
    </span>
  );
}
