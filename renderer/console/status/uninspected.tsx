/** What could not be read: what it was and why, whose and where, and what became of it. */

import { type ReactNode, useEffect, useRef } from 'react';
import type { Status } from '../../../main/contract/control.ts';
import { type UninspectedRow, uninspectedFate, uninspectedPhrase } from '../../../main/contract/uninspected.ts';
import { Chip, type Look, Visible } from '../../design/parts.tsx';
import { Section } from '../../design/sections.tsx';
import { moment, number } from '../../design/time.ts';
import { STRINGS } from '../../strings.ts';
import type { Goal } from '../goal.ts';

const s = STRINGS.console;

export function Uninspected({ status, goal }: { readonly status: Status; readonly goal: Goal | undefined }): ReactNode {
  const { uninspected: rows, counts } = status;
  const heading = useRef<HTMLHeadingElement>(null);
  const others = counts.uninspected - rows.reduce((sum, { count }) => sum + count, 0);

  useEffect(() => {
    if (goal?.place !== 'uninspected') return;
    heading.current?.scrollIntoView();
    heading.current?.focus();
  }, [goal]);

  return (
    <Section title={s.unreadTitle} headingRef={heading} lead={rows.length === 0 ? s.unreadNone : s.unreadText}>
      {rows.length > 0 && (
        <ul className="entries unread">
          {rows.map((row) => (
            <Row key={`${row.agent} ${row.host} ${row.path} ${row.what} ${row.why}`} row={row} />
          ))}
        </ul>
      )}
      {others > 0 && <p className="lead">{s.unreadOthers(number(others))}</p>}
    </Section>
  );
}

function Row({ row }: { readonly row: UninspectedRow }): ReactNode {
  const { agent, host, path, why, count, first, last } = row;
  const [from, to] = [moment(first), moment(last)];
  return (
    <li>
      <div className="entry-text">
        <b>{uninspectedPhrase(row)}</b>
        <p className="sub">
          <Visible text={s.unreadBy(agent, host)} /> · {count > 1 && from !== to ? s.until(from, to) : to}
        </p>
        {path !== '' && (
          <p className="sub">
            <code>
              <Visible text={path} />
            </code>
          </p>
        )}
        <p className="sub">{s.unreadWhy[why]}</p>
      </div>
      <div className="entry-action">
        <Chip look={lookOf(row)}>{uninspectedFate(row)}</Chip>
      </div>
    </li>
  );
}

/** One that went on is what somebody should look at, whatever became of the others. */
function lookOf({ count, passed, refused }: UninspectedRow): Look {
  if (passed > 0) return 'unsure';
  return refused === count ? 'refused' : 'waiting';
}
