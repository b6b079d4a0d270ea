/** What the app was started with: which data folder, which configuration. */

import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultDataDir, loadSettings } from '../engine/settings.ts';

export interface AppOptions {
  readonly dataDir: string;
  readonly configFile?: string;
}

/** `argv` without the program's own name. Chromium's switches among them are none of ours. */
export function appOptions(argv: readonly string[], env: NodeJS.ProcessEnv): AppOptions {
  const { values } = parseArgs({ args: [...argv], strict: false, options: { 'data-dir': { type: 'string' }, config: { type: 'string' } } });
  const configFile = typeof values.config === 'string' && values.config !== '' ? resolve(values.config) : undefined;
  const named = typeof values['data-dir'] === 'string' && values['data-dir'] !== '' ? values['data-dir'] : env.HOLDPOINT_DATA_DIR;
  const dataDir = resolve(named || configuredDataDir(configFile, env));
  return { dataDir, ...(configFile !== undefined && { configFile }) };
}

function configuredDataDir(configFile: string | undefined, env: NodeJS.ProcessEnv): string {
  try {
    return loadSettings({ ...(configFile !== undefined && { configFile }), env }).dataDir;
  } catch {
    // A configuration that is wrong is the engine's to refuse: it says which key, and the app shows it.
    return defaultDataDir(env);
  }
}
