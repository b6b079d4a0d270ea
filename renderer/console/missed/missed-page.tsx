/** What nobody answered in time. */

import type { ReactNode } from 'react';
import type { Missed as MissedQuestion } from '../../../main/contract/approval.ts';
import { fromLine } from '../../approval/header.tsx';
import { bridge } from '../../bridge.ts';
import { Chip } from '../../design/parts.tsx';
import { moment } from '../../design/time.ts';
import { STRINGS } from '../../strings.ts';
import { Ask, Entry, List } from '../entries.tsx';

const s = STRINGS.console;

export function Missed({ missed }: { readonly missed: readonly MissedQuestion[] }): ReactNode {
  return (
    <List title={s.missedTitle} text={s.missedText} none={s.missedNone}>
      {missed
        .toSorted((a, b) => Date.parse(b.missedAt) - Date.parse(a.missedAt))
        .map(({ question, missedAt, allowNext }) => (
          <Entry
            key={question.id}
            title={question.title}
            line={`${moment(missedAt)} · ${fromLine(question)}`}
            code={question.action.text}
            note={question.reason}
            action={
              allowNext ? (
                <Chip look="released">{s.allowedNext}</Chip>
              ) : (
                <Ask label={s.allowNext} ask={() => bridge().call('console:allowNext', { id: question.id })} />
              )
            }
          />
        ))}
    </List>
  );
}
