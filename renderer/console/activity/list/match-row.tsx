/** A record that was found: when, by whom, and the words around what was searched for. */

import { memo, type ReactNode } from 'react';
import type { ControlResult } from '../../../../main/contract/control.ts';
import { Shape, Visible } from '../../../design/parts.tsx';
import { clock } from '../../../design/time.ts';
import { STRINGS } from '../../../strings.ts';
import { cut, Foreign } from '../foreign.tsx';
import { callStep } from '../story/call-step.ts';
import { piecesOf } from './marked-words.ts';

export type Match = ControlResult<'search'>['matches'][number];

const MOST_SHOWN = 300;

interface MatchRowProps {
  readonly match: Match;
  readonly wanted: string;
  readonly isCurrent: boolean;
  readonly day: string | null;
  readonly tabIndex: 0 | -1;
  onChoose(match: Match): void;
}

export const MatchRow = memo(function MatchRow({ match, wanted, isCurrent, day, tabIndex, onChoose }: MatchRowProps): ReactNode {
  const { record, found } = match;
  const { look } = callStep(record.id, [{ record, said: [] }], null);
  return (
    <>
      {day && <h2 className="day">{day}</h2>}
      <button type="button" className="item" aria-current={isCurrent} tabIndex={tabIndex} onClick={() => onChoose(match)}>
        <span className="top">
          <span className="who">
            <Shape look={look} />
            <Foreign text={record.agent ?? STRINGS.activity.guardItself} />
          </span>
          <time>{clock(record.at, true)}</time>
        </span>
        <span className="found-words">
          <bdi>
            {piecesOf(cut(found ?? record.summary, MOST_SHOWN), wanted).map(({ at, text, isFound }) =>
              isFound ? (
                <mark key={at}>
                  <Visible text={text} />
                </mark>
              ) : (
                <Visible key={at} text={text} />
              ),
            )}
          </bdi>
        </span>
      </button>
    </>
  );
});
