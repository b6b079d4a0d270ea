/** This device as a member of the fleet that its settings name. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditEntry } from '../../contract/record.ts';
import { type DataDir, writeFileAtomically } from '../data-dir.ts';
import type { LoadedSettings } from '../settings.ts';
import type { FleetBundle } from './bundle.ts';
import type { FleetIdentity } from './identity.ts';
import { createFleetSync } from './sync.ts';
import type { FleetSync } from './sync-options.ts';

export interface MembershipOptions {
  /** As they are when the engine starts. */
  readonly settings: LoadedSettings & { readonly fleet: NonNullable<LoadedSettings['fleet']> };
  /** Keeps the highest revisions that were accepted, by ring and root, outside of what the sync keeps. */
  readonly folder: Pick<DataDir, 'dir' | 'state' | 'saveState'>;
  readonly identity: FleetIdentity;
  readonly engineVersion: string;
  readonly extraCaPem: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** See `FleetSyncOptions`. */
  readonly activate: (bundle: FleetBundle) => Promise<void>;
  readonly record: (entry: AuditEntry) => void;
  readonly log: (message: string) => void;
}

/** What the sync of the policy leaves for those who ask for settings while no engine runs. */
export function fleetSettingsFile(dataDir: string): string {
  return join(dataDir, 'fleet', 'settings.json');
}

/** Not started yet. */
export function openMembership(options: MembershipOptions): FleetSync {
  const { settings, folder, activate, ...others } = options;
  const { dir: dataDir } = folder;
  const highest = () => folder.state().highest ?? {};
  const { fleet, upstream } = settings;
  const root = fleet.root ?? rootIn(fleet.rootFile);
  const of = `${fleet.ring} ${createHash('sha256').update(root).digest('hex').slice(0, 16)}`;
  const proxy = upstream.parentProxy ?? options.env.HTTPS_PROXY;
  const around = upstream.noProxy?.join() ?? options.env.NO_PROXY;
  return createFleetSync({
    settings: { ...fleet, root },
    dir: join(dataDir, 'fleet'),
    highest: {
      get: () => highest()[of] ?? 0,
      set: (revision) => folder.saveState({ highest: { ...highest(), [of]: revision } }),
    },
    ...(proxy !== undefined && { proxy: { HTTPS_PROXY: proxy, ...(around !== undefined && { NO_PROXY: around }) } }),
    ...others,
    async activate(bundle) {
      await activate(bundle);
      const { revision, settings: set } = bundle;
      writeFileAtomically(fleetSettingsFile(dataDir), `${JSON.stringify({ revision, settings: set })}\n`);
    },
  });
}

/** A root that cannot be read is one that nothing is signed by: the sync says so, and what was in force stays. */
function rootIn(file: string | undefined): string {
  try {
    return file === undefined ? '' : readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
