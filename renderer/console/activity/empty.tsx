/** Nothing to show, and what to do about it. */

import type { ReactNode } from 'react';
import type { ConsoleView } from '../../../main/app/channels.ts';
import type { Status } from '../../../main/contract/control.ts';
import { STRINGS } from '../../strings.ts';

const s = STRINGS.activity;

interface EmptyProps {
  readonly view: ConsoleView;
  /** Why the engine does not tell, in its words. */
  readonly problem: string | null;
  readonly isFiltered: boolean;
}

export function Empty({ view, problem, isFiltered }: EmptyProps): ReactNode {
  const { guard, status } = view;
  if (guard.state === 'starting' || (guard.state === 'running' && !status)) return <main className="empty" aria-busy="true" />;
  if (!status) return <Says title={s.notRunning} more={s.notRunningMore} />;
  if (problem !== null) return <Says title={s.notTold} more={`${problem} ${s.retried}`} />;
  if (isFiltered) return <Says title={s.nothingFound} more={s.nothingFoundMore} />;
  return (
    <main className="empty">
      <h1>{s.nothingYet}</h1>
      <p>{s.nothingYetMore}</p>
      <pre className="command">{linesToType(status.engine)}</pre>
      <p>{s.nothingYetAny}</p>
      <pre className="command">{s.runAny}</pre>
    </main>
  );
}

function Says({ title, more }: { readonly title: string; readonly more: string }): ReactNode {
  return (
    <main className="empty">
      <h1>{title}</h1>
      <p>{more}</p>
    </main>
  );
}

/** Puts Claude Code behind the guard, in the shell that this platform's people use. */
function linesToType({ proxyUrl, caFile, dataDir }: Status['engine']): string {
  const set = (name: string, value: string) =>
    /^[A-Za-z]:/.test(dataDir) ? `$env:${name} = '${value.replaceAll("'", "''")}'` : `export ${name}='${value.replaceAll("'", `'\\''`)}'`;
  return [set('HTTPS_PROXY', proxyUrl), set('NODE_EXTRA_CA_CERTS', caFile), 'claude'].join('\n');
}
