/** What the engine gives to the device’s side of the fleet, and what it gets of it. */

import type { FleetStatus } from '../../contract/control.ts';
import type { AuditEntry } from '../../contract/record.ts';
import type { FleetBundle } from './bundle.ts';
import type { FleetProxy } from './fetcher.ts';
import type { FleetIdentity } from './identity.ts';
import type { SetTimer } from './schedule.ts';
import type { StaleMode } from './stale.ts';

export interface FleetSyncOptions {
  readonly settings: {
    readonly url: string;
    /** Text of root.json. */
    readonly root: string;
    readonly enrolmentToken?: string | undefined;
    readonly ring: string;
    readonly intervalSeconds: number;
    readonly maxAgeHours: number;
    readonly whenStale: StaleMode;
  };
  /** A folder of its own in the data folder; made where it is missing. */
  readonly dir: string;
  readonly identity: FleetIdentity;
  readonly engineVersion: string;
  /** Checks the bundle, runs its tests and puts it in force. Rejects with a sentence, and then what was in force still is. */
  activate(bundle: FleetBundle): Promise<void>;
  /**
   * The highest revision accepted, of this ring and root; kept outside `dir`, so that removing that does not take policy back.
   * `get` is asked at every `status`.
   */
  readonly highest: { get(): number; set(revision: number): void };
  record(entry: AuditEntry): void;
  /** Certificates to trust besides the platform's. */
  readonly extraCaPem?: string | undefined;
  /** The proxy through which the policy server is reached, by HTTPS only; directly where absent, whatever the environment says. */
  readonly proxy?: FleetProxy | undefined;
  readonly log?: (message: string) => void;
  readonly now?: () => number;
  readonly uptime?: () => number;
  readonly random?: () => number;
  readonly setTimer?: SetTimer;
  readonly network?: () => string;
  readonly write?: (file: string, text: string) => void;
  /** How long the server may be silent. */
  readonly timeoutMs?: number;
}

export interface FleetSync {
  /** Puts the kept policy in force, then goes on in the background. Never rejects. */
  start(): Promise<void>;
  /** Looks for a new policy now; what came of it is in `status`. Never rejects. */
  syncNow(): Promise<void>;
  status(): FleetStatus;
  /** What `fleet.whenStale` wants while the policy is older than permitted; undefined while it is not. */
  staleMode(): StaleMode | undefined;
  onChange(listener: () => void): () => void;
  /** Nothing is put in force afterwards. */
  close(): Promise<void>;
}
