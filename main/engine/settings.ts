/** Settings: a configuration file, checked as a whole, with every problem told at once. */

import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { HoldpointError, messageOf } from '../contract/errors.ts';
import { type Settings, settingsSchema } from '../contract/settings.ts';
import { hostName } from './certificates/names.ts';
import { checkLayer } from './settings/check.ts';
import { type LayerSettings, mergeLayers } from './settings/layers.ts';

export { parseSettings, settingsJsonSchema } from './settings/check.ts';

export interface SettingsOptions {
  /** JSON file; all defaults where absent. */
  readonly configFile?: string;
  /** Beats the file's `dataDir`. */
  readonly dataDir?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly platform?: NodeJS.Platform;
}

/** Settings with every path absolute. */
export type LoadedSettings = Settings & { readonly dataDir: string };

const MAX_CONFIG_BYTES = 1024 * 1024;

/**
 * Reads and checks the configuration; relative paths count from the file's folder. What management and the fleet set is not in it.
 * Throws HoldpointError `config-invalid` naming the file, each key, and what was expected there. Values are never repeated.
 */
export function loadSettings(options: SettingsOptions = {}): LoadedSettings {
  return settledSettings(mergeLayers([userLayer(options)]).json, defaultDataDir(options.env, options.platform));
}

/** The lowest layer: the configuration file, and what the command line says in its place. Throws as `loadSettings`. */
export function userLayer({ configFile, dataDir }: SettingsOptions): LayerSettings {
  const file = configFile === undefined ? undefined : resolve(configFile);
  const checked = checkLayer({
    layer: 'user',
    json: file === undefined ? {} : readJson(file),
    source: file ?? 'default settings',
    base: file === undefined ? process.cwd() : dirname(file),
  });
  const where = file ?? 'default';
  if (dataDir === undefined) return { layer: 'user', where, values: checked };
  return {
    layer: 'user',
    where,
    values: new Map([...checked, ['dataDir', resolve(dataDir)]]),
    elsewhere: new Map([['dataDir', 'the command line']]),
  };
}

/** Merged layers, which were checked one by one, with their defaults and with hosts as they are compared. */
export function settledSettings(json: unknown, defaultDir: string): LoadedSettings {
  const settings = settingsSchema.parse(json);
  return {
    ...settings,
    dataDir: settings.dataDir ?? defaultDir,
    intercept: { hosts: settings.intercept.hosts.map((pattern) => hostName(pattern) ?? pattern) },
    upstream: {
      ...settings.upstream,
      resolve: Object.fromEntries(Object.entries(settings.upstream.resolve).map(([host, place]) => [hostName(host) ?? host, place])),
    },
  };
}

/** Where the engine keeps its things unless told otherwise. */
export function defaultDataDir(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  const home = env.HOME || homedir();
  switch (platform) {
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'Holdpoint');
    case 'win32':
      return join(env.LOCALAPPDATA || join(homedir(), 'AppData', 'Local'), 'Holdpoint');
    default:
      // The XDG base directory specification wants relative values ignored.
      return join(env.XDG_DATA_HOME?.startsWith('/') ? env.XDG_DATA_HOME : join(home, '.local', 'share'), 'holdpoint');
  }
}

function readJson(file: string): unknown {
  let text: string;
  try {
    const { size } = statSync(file);
    if (size > MAX_CONFIG_BYTES) throw new Error(`it is ${size} bytes long, more than ${MAX_CONFIG_BYTES}`);
    text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (thrown) {
    throw new HoldpointError('config-invalid', `The configuration ${file} cannot be read: ${messageOf(thrown)}.`, thrown);
  }
  try {
    return JSON.parse(text);
  } catch (thrown) {
    // The parser's own message quotes the file, which may hold credentials: only the place is told.
    const place = /\(line \d+ column \d+\)/.exec(messageOf(thrown))?.[0] ?? '(it may be cut off)';
    throw new HoldpointError('config-invalid', `The configuration ${file} is not valid JSON ${place}.`);
  }
}
