/** The engine's status: what it is doing, with what, and what a person should know of. */

import type { Status } from '../contract/control.ts';
import { uninspectedSentence } from '../contract/uninspected.ts';
import type { Approvals } from './approvals/approvals.ts';
import type { AuditLog } from './audit/log.ts';
import type { Keystore } from './certificates/keystore.ts';
import type { UnreadTally } from './exchange/unread.ts';
import type { FleetSync } from './fleet/sync-options.ts';
import type { InForce } from './in-force.ts';
import type { Limits } from './limits/limits.ts';
import type { SettingsStack } from './settings/stack.ts';
import type { TamperWatch } from './tamper/tamper.ts';
import type { CurrentUpload } from './upload/current.ts';

export interface StatusParts {
  readonly engine: () => Status['engine'];
  readonly counts: Omit<Status['counts'], 'uninspected'>;
  readonly stack: SettingsStack;
  readonly inForce: Pick<InForce, 'summary' | 'notes'>;
  readonly approvals: Pick<Approvals, 'open' | 'missed' | 'grants'>;
  readonly attended: (user: string | undefined) => boolean;
  readonly unread: Pick<UnreadTally, 'newest' | 'total'>;
  readonly audit: Pick<AuditLog, 'stats'>;
  readonly keystore: Pick<Keystore, 'state'>;
  readonly limits: Pick<Limits, 'notes' | 'bypass'>;
  readonly fleet: Pick<FleetSync, 'status'> | undefined;
  readonly upload: Pick<CurrentUpload, 'status' | 'note'>;
  readonly tampering: Pick<TamperWatch, 'notes'>;
}

/** For one user: the counts of approvals are of that user's alone, and what could not be read of others' programs is not in it. */
export function statusOf(parts: StatusParts, user?: string): Status {
  const { inForce, approvals, unread, audit, keystore, limits, fleet, upload, stack } = parts;
  const engine = parts.engine();
  const { records, head, writable } = audit.stats();
  const open = approvals.open(user).length;
  const uninspected = user === undefined ? unread.newest() : [];
  const [bypass, member, copied] = [limits.bypass.state(), fleet?.status(), upload.status()];
  const { allowed, maxMinutes } = stack.current().bypass;
  const notes = [
    ...(writable ? [] : [unwritable(engine.dataDir)]),
    user === undefined ? uninspectedSentence(uninspected, unread.total()) : undefined,
    member?.problem,
    upload.note(),
    ...stack.notes(),
    ...inForce.notes(),
    ...limits.notes(user),
    ...parts.tampering.notes(),
  ].filter((note) => note !== undefined && note !== null);
  return {
    engine,
    state: notes.length > 0 ? 'attention' : open > 0 ? 'asking' : 'protecting',
    notes,
    policy: inForce.summary(),
    approvals: { open, missed: approvals.missed(user).length, grants: approvals.grants(user).length, attended: parts.attended(user) },
    counts: { ...parts.counts, uninspected: unread.total() },
    uninspected,
    audit: { records, head, capture: stack.current().audit.capture, writable },
    keys: keystore.state(),
    ...(member && { fleet: member }),
    ...(copied && { upload: copied }),
    ...(bypass && { bypass }),
    // It counts for all users, so it is no one user's.
    ...(allowed && user === undefined && { bypassAllowed: { minutes: maxMinutes } }),
  };
}

function unwritable(dataDir: string): string {
  return `The log in ${dataDir} cannot be written, so every action that needs a record is refused. Make room on the disk.`;
}
