/** Which engine a client means: one that is named, the machine's service where there is one, or else the person's own. */

import { lstatSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CONTROL_SOCKET } from '../contract/control.ts';
import { HoldpointError } from '../contract/errors.ts';
import { type ServicePlaces, servicePlaces } from '../contract/service-places.ts';
import { isPublic } from './control/own-claim.ts';
import { defaultDataDir, loadSettings, type SettingsOptions } from './settings.ts';

export interface EnginePlace {
  /** Has the control socket: a data folder, or the public folder of an engine that serves all users. */
  readonly dir: string;
  /** It serves all users, and the system starts it: where it does not run, no other is started in its place. */
  readonly service: boolean;
  /** The person's own, for what is kept for nobody else. The same as `dir` where the engine is. */
  readonly ownDir: string;
}

export interface PlaceOptions extends SettingsOptions {
  readonly places?: ServicePlaces;
}

/** Throws HoldpointError `config-invalid` as `loadSettings`. HOLDPOINT_DATA_DIR names a folder like --data-dir does. */
export function enginePlace(options: PlaceOptions = {}): EnginePlace {
  const { env = process.env, platform, configFile, places = servicePlaces(platform, env) } = options;
  const dataDir = options.dataDir ?? (env.HOLDPOINT_DATA_DIR || undefined);
  const own = defaultDataDir(env, platform);
  if (configFile === undefined && dataDir === undefined && isServiceHere(places)) return { dir: places.runDir, service: true, ownDir: own };
  const named = loadSettings({ ...options, ...(dataDir !== undefined && { dataDir: resolve(dataDir) }) }).dataDir;
  return isPublic(named) ? { dir: named, service: true, ownDir: own } : { dir: named, service: false, ownDir: named };
}

/**
 * The data folder, for what reads it without an engine. Of a service it is not everybody's to read: throws HoldpointError `not-permitted`
 * for whoever is not root.
 */
export function offlineDataDir(options: PlaceOptions = {}, uid = process.getuid?.()): string {
  const { dir, service } = enginePlace(options);
  if (!service) return dir;
  const { dataDir } = options.places ?? servicePlaces(options.platform, options.env);
  if (uid !== 0 && uid !== undefined)
    throw new HoldpointError(
      'not-permitted',
      'The guard serves all users of this computer, and its log holds what all of them did. To read it, use sudo; your own engine’s is read with --data-dir FOLDER.',
    );
  return dataDir;
}

/** Whether it need not be named. */
export function isUsualPlace(dir: string): boolean {
  return dir === defaultDataDir() || dir === servicePlaces().runDir;
}

/** It runs, or is installed. What cannot be looked at is there. */
function isServiceHere({ runDir, configFile }: Pick<ServicePlaces, 'runDir' | 'configFile'>): boolean {
  return isThere(join(runDir, CONTROL_SOCKET)) || isPublic(runDir) || isThere(configFile);
}

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}
