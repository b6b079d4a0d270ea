/** Remembered answers, each with its end, and the way to take it back. */

import type { ReactNode } from 'react';
import type { Grant } from '../../../main/contract/approval.ts';
import { bridge } from '../../bridge.ts';
import { moment } from '../../design/time.ts';
import { STRINGS } from '../../strings.ts';
import { Ask, Entry, List } from '../entries.tsx';

const s = STRINGS.console;

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
