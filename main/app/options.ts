/** What the app was started with: which data folder, which configuration, and whose engine. */

import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { ServicePlaces } from '../contract/service-places.ts';
import { type EnginePlace, enginePlace } from '../engine/engine-place.ts';
import { defaultDataDir } from '../engine/settings.ts';

export interface AppOptions {
  /** The person's own. */
  readonly dataDir: string;
  readonly configFile?: string;
  /** The public folder of the engine that serves all users of the machine: then the app starts none. */
  readonly service?: string;
}

/** `argv` without the program's own name. Chromium's switches among them are none of ours. `places`: where the machine's service is. */
export function appOptions(argv: readonly string[], env: NodeJS.ProcessEnv, places?: ServicePlaces): AppOptions {
  const { values } = parseArgs({ args: [...argv], strict: false, options: { 'data-dir': { type: 'string' }, config: { type: 'string' } } });
  const configFile = typeof values.config === 'string' && values.config !== '' ? resolve(values.config) : undefined;
  const named = typeof values['data-dir'] === 'string' && values['data-dir'] !== '' ? values['data-dir'] : env.HOLDPOINT_DATA_DIR;
  const place = placeOf(named || undefined, configFile, { env, ...(places && { places }) });
  return {
    dataDir: resolve(place.ownDir),
    ...(configFile !== undefined && { configFile }),
    ...(place.service && { service: resolve(place.dir) }),
  };
}

function placeOf(
  dataDir: string | undefined,
  configFile: string | undefined,
  machine: { env: NodeJS.ProcessEnv; places?: ServicePlaces },
): EnginePlace {
  try {
    return enginePlace({ ...machine, ...(dataDir !== undefined && { dataDir }), ...(configFile !== undefined && { configFile }) });
  } catch {
    // A configuration that is wrong is the engine's to refuse: it says which key, and the app shows it.
    const dir = dataDir ?? defaultDataDir(machine.env);
    return { dir, service: false, ownDir: dir };
  }
}
