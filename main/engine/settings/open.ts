/** Settings of this machine, put together from all who set them; and the look, now and then, at whether management changed its mind. */

import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import type { ReadManaged } from '../../contract/settings/layers.ts';
import { fleetSettingsFile } from '../fleet/membership.ts';
import { defaultDataDir, type SettingsOptions, userLayer } from '../settings.ts';
import { createManagedMemory } from './last-good.ts';
import { type BundleSettings, createSettingsStack, type SettingsStack } from './stack.ts';

export interface OpenSettingsOptions extends SettingsOptions {
  readonly readManaged: ReadManaged;
  /** What the fleet's policy in force sets; from the data folder where absent. */
  readonly bundleSettings?: (dataDir: string) => BundleSettings | undefined;
  /** Told of what could not be kept. */
  readonly log?: (message: string) => void;
}

/** Rejects with HoldpointError `config-invalid` where the configuration file does not hold. Writes nothing yet. */
export async function openSettings(options: OpenSettingsOptions): Promise<SettingsStack> {
  const { readManaged, bundleSettings = keptBundleSettings, log } = options;
  const user = userLayer(options);
  const standard = defaultDataDir(options.env, options.platform);
  // Only the user says where it is, so it is known before anything in it is.
  const set = user.values.get('dataDir');
  const dataDir = typeof set === 'string' ? set : standard;
  const memory = createManagedMemory(dataDir);
  return createSettingsStack({
    user,
    defaultDataDir: standard,
    managed: await readManaged(),
    lastGood: memory.load(),
    bundle: bundleSettings(dataDir),
    remember: (good) => {
      try {
        memory.save(good);
      } catch {
        log?.(`The managed settings could not be kept in ${dataDir} for later; they are in force all the same. Make room on the disk.`);
      }
    },
  });
}

export interface ManagedWatch {
  /** Looks now. Resolves when what was found is in force. */
  look(): Promise<void>;
  close(): void;
}

export interface ManagedWatchOptions {
  readonly stack: SettingsStack;
  readonly readManaged: ReadManaged;
  readonly everyMs?: number;
  /** Calls again and again until the function that it gives is called. */
  readonly every?: (ms: number, call: () => void) => () => void;
}

/** Looks at once, and then every half minute: for a change of settings that is soon enough, and for a laptop's battery seldom enough. */
export function watchManaged({ stack, readManaged, everyMs = 30_000, every = timer }: ManagedWatchOptions): ManagedWatch {
  let closed = false;
  let looking: Promise<void> | undefined;
  const look = (): Promise<void> => {
    // One at a time, so that an older look never comes after a newer one.
    looking ??= readManaged()
      .then((reading) => {
        if (!closed) stack.setManaged(reading);
      })
      .finally(() => {
        looking = undefined;
      });
    return looking;
  };
  const stop = every(everyMs, () => void look());
  void look();
  return {
    look: async () => {
      await looking;
      await look();
    },
    close: () => {
      closed = true;
      stop();
    },
  };
}

function timer(ms: number, call: () => void): () => void {
  const running = setInterval(call, ms).unref();
  return () => clearInterval(running);
}

const MAX_BUNDLE_SETTINGS_BYTES = 4 * 1024 * 1024;
const keptSchema = z.strictObject({ revision: z.int().min(1), settings: z.record(z.string(), z.json()) });

/** What the sync of the policy leaves in the data folder. */
export function keptBundleSettings(dataDir: string): BundleSettings | undefined {
  const file = fleetSettingsFile(dataDir);
  try {
    if (statSync(file).size > MAX_BUNDLE_SETTINGS_BYTES) return undefined;
    const { revision, settings } = keptSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    return { revision, json: settings };
  } catch {
    return undefined;
  }
}
