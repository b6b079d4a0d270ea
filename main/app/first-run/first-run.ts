/** Whether a person has been shown around, and whether that is anybody's wish. */

import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Setting } from '../../contract/settings/layers.ts';
import { writeFileAtomically } from '../../engine/atomic-file.ts';
import type { ControlClient } from '../../engine/control/client.ts';

/** In the app's own folder. */
export const FIRST_RUN_MARK = 'first-run.json';

export function isShownAround(ownFolder: string): boolean {
  return existsSync(join(ownFolder, FIRST_RUN_MARK));
}

/** Throws where it cannot be kept. */
export function markShownAround(ownFolder: string, now = new Date()): void {
  mkdirSync(ownFolder, { recursive: true, mode: 0o700 });
  writeFileAtomically(join(ownFolder, FIRST_RUN_MARK), `${JSON.stringify({ version: 1, at: now.toISOString() })}\n`);
}

/**
 * Somebody else looks after this machine: its agents are attached by them, and nobody is to be asked. An engine that cannot tell counts as
 * managed: better nothing than steps that are not this person's to take.
 */
export async function isManaged(client: Pick<ControlClient, 'call'>): Promise<boolean> {
  try {
    const [{ settings }, status] = await Promise.all([client.call('settingsList', {}), client.call('status', {})]);
    return status.engine.service === true || status.fleet !== undefined || settings.some(isSetByOthers);
  } catch {
    return true;
  }
}

function isSetByOthers({ source, lockedBy }: Setting): boolean {
  return source === 'managed' || source === 'fleet' || lockedBy !== null;
}
