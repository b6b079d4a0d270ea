/** Which session a record is told in. */

import { CONNECTIONS_SESSION, GUARD_SESSION } from '../../../main/contract/activity.ts';
import type { AuditRecord } from '../../../main/contract/record.ts';

export function keyOfRecord({ session, kind }: Pick<AuditRecord, 'session' | 'kind'>): string {
  if (session !== null) return session;
  return kind === 'connection' ? CONNECTIONS_SESSION : GUARD_SESSION;
}

/** Of an agent, and not what belongs to none. */
export function isConversation(key: string): boolean {
  return key !== GUARD_SESSION && key !== CONNECTIONS_SESSION;
}
