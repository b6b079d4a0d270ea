/**
 * Managed settings on macOS: those of a configuration profile for `com.holdpoint.guard`, which the system writes as a property list that
 * only root can. Dictionaries are nested like the configuration file, or `Settings` holds all of it as JSON text.
 */

import { lstat } from 'node:fs/promises';
import { messageOf } from '../../main/contract/errors.ts';
import type { ManagedReading, ReadManaged } from '../../main/contract/settings/layers.ts';
import { type RunTool, runTool } from './run.ts';

export const MACOS_DOMAIN = 'com.holdpoint.guard';
export const MACOS_MANAGED_FILE = `/Library/Managed Preferences/${MACOS_DOMAIN}.plist`;

export interface MacosManagedOptions {
  readonly run?: RunTool;
  /** For tests. */
  readonly file?: string;
  readonly owner?: number;
}

export function createMacosManaged({ run = runTool, file = MACOS_MANAGED_FILE, owner = 0 }: MacosManagedOptions = {}): ReadManaged {
  return async () => {
    try {
      const { uid, mode } = await lstat(file);
      if (uid !== 0 && uid !== owner) return unusable(`it belongs to user ${uid}, not to root`);
      if (mode & 0o022) return unusable('others than root can write it');
    } catch (thrown) {
      if (thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR')) return { state: 'none' };
      return unusable(`it cannot be read: ${messageOf(thrown)}`);
    }
    const { code, output } = await run('/usr/bin/plutil', ['-convert', 'json', '-o', '-', '--', file]);
    if (code !== 0) return unusable('plutil cannot turn it into JSON; a profile must hold no dates and no data');
    const json = settingsOfPlist(output);
    return json === undefined
      ? unusable('it is no dictionary, or its Settings is not JSON')
      : { state: 'settings', json, source: file, base: '/' };
  };

  function unusable(why: string): ManagedReading {
    return { state: 'unusable', source: file, why: `The managed settings ${file} cannot be used: ${why}.` };
  }
}

/** Settings in what plutil writes of a profile's property list; undefined where there is no making sense of it. Never throws. */
export function settingsOfPlist(output: string): unknown {
  const plist = objectIn(output);
  if (plist === undefined) return undefined;
  // Profiles carry their own names and versions beside what they set.
  const { Settings, ...others } = Object.fromEntries(Object.entries(plist).filter(([name]) => !/^Payload[A-Z]/.test(name)));
  if (Settings === undefined) return others;
  const whole = typeof Settings === 'string' ? objectIn(Settings) : undefined;
  return whole && merged(whole, others);
}

type Dictionary = { readonly [name: string]: unknown };

function objectIn(text: string): Dictionary | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return isDictionary(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

/** Settings are not nested deeper. */
const MAX_DEPTH = 8;

/** What stands by itself beats what stands in the whole. */
function merged(whole: Dictionary, single: Dictionary, depth = MAX_DEPTH): Dictionary {
  const all = Object.entries(single).map(([name, value]): [string, unknown] => {
    const below = Object.hasOwn(whole, name) ? whole[name] : undefined;
    return [name, depth > 0 && isDictionary(below) && isDictionary(value) ? merged(below, value, depth - 1) : value];
  });
  return Object.fromEntries([...Object.entries(whole), ...all]);
}

function isDictionary(value: unknown): value is Dictionary {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
