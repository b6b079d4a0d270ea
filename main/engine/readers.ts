/** Those who answer what a person wants to read: of the log, of the policy, of an incident. Each reads in a thread of its own. */

import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { type BrowseHandlers, createBrowse } from './audit/browse/browse.ts';
import { createIncidents, type IncidentsOptions } from './audit/incident/incidents.ts';
import { LOG_FILE } from './audit/schema.ts';
import { nameOfCaller } from './control/caller.ts';
import type { ControlHandlers } from './control/server.ts';
import type { FleetSync } from './fleet/sync-options.ts';
import type { InForce } from './in-force.ts';
import type { People } from './people.ts';
import { createPolicyDesk, type PolicyDeskHandlers } from './policy-desk/desk.ts';

export interface Readers {
  readonly handlers: BrowseHandlers & PolicyDeskHandlers & Pick<ControlHandlers, 'exportIncident'>;
}

export interface ReadersOptions extends Pick<IncidentsOptions, 'version' | 'settle' | 'record' | 'onProgress'> {
  readonly dataDir: string;
  readonly signingKey: KeyObject;
  readonly inForce: InForce;
  readonly fleet: FleetSync | undefined;
  readonly people: Pick<People, 'homeOf' | 'lookUp'>;
  /** Ends them. */
  readonly started: AsyncDisposableStack;
}

export function openReaders(options: ReadersOptions): Readers {
  const { dataDir, signingKey, inForce, fleet, people, started, ...incident } = options;
  const logFile = join(dataDir, LOG_FILE);
  const browse = createBrowse({ file: logFile });
  started.defer(() => browse.close());
  const policyDesk = createPolicyDesk({
    inForce,
    fleet: () => fleet && { revision: fleet.status().revision, staleMode: fleet.staleMode() },
    logFile,
    homeOf: people.homeOf,
    ...(people.lookUp && { lookUp: people.lookUp }),
  });
  started.defer(() => policyDesk.close());
  const incidents = createIncidents({ file: logFile, key: signingKey, ...incident });
  started.defer(() => incidents.close());
  return {
    handlers: {
      ...browse.handlers,
      ...policyDesk.handlers,
      exportIncident: (wanted, caller, gone) => incidents.exportIncident(wanted, nameOfCaller(caller), gone),
    },
  };
}
