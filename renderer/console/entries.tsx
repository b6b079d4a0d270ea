/** A page that is a list of things to act on. */

import { type ReactNode, useState } from 'react';
import { Button } from '../design/button.tsx';
import { Visible } from '../design/parts.tsx';
import { STRINGS } from '../strings.ts';

export function List({
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

export interface EntryProps {
  readonly title: string;
  readonly line: string;
  readonly code: string;
  readonly note?: string;
  readonly action: ReactNode;
}

export function Entry({ title, line, code, note, action }: EntryProps): ReactNode {
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
export function Ask({ label, ask }: { readonly label: string; ask(): Promise<unknown> }): ReactNode {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
  return (
    <>
      <Button
        small
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
      </Button>
      {failed && (
        <p className="sub" role="alert">
          {STRINGS.popup.refusedAnswer.unreachable}
        </p>
      )}
    </>
  );
}
