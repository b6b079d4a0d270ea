/** Who answers what clients ask: each control method's part of the engine. */

import type { Status } from '../contract/control.ts';
import { HoldpointError } from '../contract/errors.ts';
import type { Approvals } from './approvals/approvals.ts';
import type { AuditLog } from './audit/log.ts';
import { nameOfCaller } from './control/caller.ts';
import type { ControlHandlers } from './control/server.ts';
import type { Redactor } from './detection/redact.ts';
import { mcpServersSeen } from './exchange/mcp-servers.ts';
import type { FleetSync } from './fleet/sync-options.ts';
import type { Limits } from './limits/limits.ts';
import type { Readers } from './readers.ts';
import { listedSettings } from './settings/listed.ts';
import type { SettingsStack } from './settings/stack.ts';
import type { Traffic } from './traffic.ts';

export interface HandlerParts {
  /** For one user, or for whoever may hear all. */
  readonly status: (user: string | undefined) => Status;
  readonly stack: SettingsStack;
  readonly fleet: FleetSync | undefined;
  readonly approvals: Approvals;
  readonly limits: Pick<Limits, 'bypass'>;
  readonly traffic: Pick<Traffic, 'seenAgents' | 'mcpPins' | 'stdioServers'>;
  readonly audit: Pick<AuditLog, 'records'>;
  readonly readers: Readers;
  readonly redact: Redactor['redact'];
}

export function controlHandlers(parts: HandlerParts): ControlHandlers {
  const { status, stack, fleet, approvals, limits, audit, readers, redact } = parts;
  const { seenAgents, mcpPins, stdioServers } = parts.traffic;
  return {
    status: (_none, { user }) => status(user),
    async sync(_none, { user }) {
      if (!fleet) throw new HoldpointError('not-found', 'This device belongs to no fleet: fleet.url is not set.');
      await fleet.syncNow();
      return status(user);
    },
    questions: (_none, { user }) => approvals.open(user),
    answer: (answered, caller) => approvals.answer(answered, nameOfCaller(caller), caller.user),
    missed: (_none, { user }) => approvals.missed(user),
    allowNext: ({ id }, { user }) => approvals.allowNext(id, user),
    bypass: (wanted, caller) => limits.bypass.begin(wanted, nameOfCaller(caller)),
    endBypass: (_none, caller) => limits.bypass.end(nameOfCaller(caller)),
    grants: (_none, { user }) => approvals.grants(user),
    revoke: ({ id }, { user }) => approvals.revoke(id, user),
    seenAgents: (_none, { user }) => seenAgents.list(user),
    mcpServers: (_none, { user }) => mcpServersSeen({ pinned: mcpPins.list(user), seen: seenAgents.list(user), redact }),
    records: (range, { user }) => audit.records({ ...range, user }),
    ...readers.handlers,
    settingsList: () => listedSettings(stack),
    mcpOpen: (asked, { user }, gone) => stdioServers.open(asked, gone, user),
    mcpFromClient: (asked) => stdioServers.fromClient(asked),
    mcpFromServer: (asked) => stdioServers.fromServer(asked),
  };
}
