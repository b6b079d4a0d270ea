/** What was missed, and what is remembered. */

import { type ReactNode, useState } from 'react';
import type { Grant, Missed as MissedQuestion } from '../../main/contract/approval.ts';
import { fromLine } from '../approval/header.tsx';
import { bridge } from '../bridge.ts';
import { Chip, Visible } from '../design/parts.tsx';
import { moment } from '../design/time.ts';
import { STRINGS } from '../strings.ts';

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

export function Grants({ grants }: { readonly grants: readonly Grant[] }): ReactNode {
  return (
    <List title={s.grantsTitle} text={s.grantsText} none={s.grantsNone}>
      {grants.map((grant) => (
        <Entry
          key={grant.id}
          title={grant.title}
          line={`${s.scope[grant.scope]}${grant.scope === 'workspace' ? ` (${grant.within})` : ''} · ${s.grantUntil(moment(grant.expiresAt))}`}
          code={grant.text}
          action={<Ask label={s.revoke} ask={() => bridge().call('console:revoke', { id: grant.id })} />}
        />
      ))}
    </List>
  );
}

function List({
  title,
  text,
  none,
  children,
}: {
  readonly title: string;
  readonly text: string;
  readonly none: string;
  readonly children: readonly ReactNode[];
}): ReactNode {
  return (
    <main className="page">
      <h1>{title}</h1>
      {children.length === 0 ? (
        <p className="lead">{none}</p>
      ) : (
        <>
          <p className="lead">{text}</p>
          <ul className="entries">{children}</ul>
        </>
      )}
    </main>
  );
}

interface EntryProps {
  readonly title: string;
  readonly line: string;
  readonly code: string;
  readonly note?: string;
  readonly action: ReactNode;
}

function Entry({ title, line, code, note, action }: EntryProps): ReactNode {
  return (
    <li>
      <div className="entry-text">
        <b>
          <Visible text={title} />
        </b>
        <p className="sub">
          <Visible text={line} />
        </p>
        <pre className="command">
          <Visible text={code} />
        </pre>
        {note && (
          <p className="sub">
            <Visible text={note} />
          </p>
        )}
      </div>
      <div className="entry-action">{action}</div>
    </li>
  );
}

/** A button that can't be pressed twice, and that says where it failed. */
function Ask({ label, ask }: { readonly label: string; ask(): Promise<unknown> }): ReactNode {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
  return (
    <>
      <button
        type="button"
        className="button small"
        disabled={busy}
        onClick={() => {
          setBusy(true);
          setFailed(false);
          ask()
            .catch(() => setFailed(true))
            .finally(() => setBusy(false));
        }}
      >
        {label}
      </button>
      {failed && (
        <p className="sub" role="alert">
          {STRINGS.popup.refusedAnswer.unreachable}
        </p>
      )}
    </>
  );
}
