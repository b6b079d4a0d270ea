/** Nothing to show, and what to do about it. */

import type { ReactNode } from 'react';
import type { Status } from '../../../main/contract/control.ts';
import { STRINGS } from '../../strings.ts';

const s = STRINGS.activity;

export function Empty({ status, isFiltered }: { readonly status: Status | null; readonly isFiltered: boolean }): ReactNode {
  return (
    <main className="empty">
      <h1>{isFiltered ? s.nothingFound : s.nothingYet}</h1>
      <p>{isFiltered ? s.nothingFoundMore : s.nothingYetMore}</p>
      {!isFiltered && status && (
        <>
          <pre className="command">{linesToType(status.engine)}</pre>
          <p>{s.nothingYetAny}</p>
          <pre className="command">{s.runAny}</pre>
        </>
      )}
    </main>
  );
}

/** Puts Claude Code behind the guard, in the shell that this platform's people use. */
function linesToType({ proxyUrl, caFile, dataDir }: Status['engine']): string {
  const set = (name: string, value: string) =>
    /^[A-Za-z]:/.test(dataDir) ? `$env:${name} = '${value.replaceAll("'", "''")}'` : `export ${name}='${value.replaceAll("'", `'\\''`)}'`;
  return [set('HTTPS_PROXY', proxyUrl), set('NODE_EXTRA_CA_CERTS', caFile), 'claude'].join('\n');
}
