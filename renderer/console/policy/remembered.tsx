/** Remembered answers, each with its end, and the way to take it back. */

import type { ReactNode } from 'react';
import type { Grant } from '../../../main/contract/approval.ts';
import { bridge } from '../../bridge.ts';
import { moment } from '../../design/time.ts';
import { STRINGS } from '../../strings.ts';
import { Ask, Entry } from '../entries.tsx';

const s = STRINGS.console;

export function Remembered({ grants }: { readonly grants: readonly Grant[] }): ReactNode {
  if (grants.length === 0) return <p className="lead">{s.grantsNone}</p>;
  return (
    <>
      <p className="lead">{s.grantsText}</p>
      <ul className="entries">
        {grants.map((grant) => (
          <Entry
            key={grant.id}
            title={grant.title}
            line={`${s.scope[grant.scope]}${grant.scope === 'workspace' ? ` (${grant.within})` : ''} · ${s.grantUntil(moment(grant.expiresAt))}`}
            code={grant.text}
            action={<Ask label={s.revoke} ask={() => bridge().call('console:revoke', { id: grant.id })} />}
          />
        ))}
      </ul>
    </>
  );
}
