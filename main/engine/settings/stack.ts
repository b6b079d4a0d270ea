/**
 * The settings in force while the engine runs: the machine's management over the fleet's signed policy over the user's file. A layer that
 * does not hold is refused whole, and what it said last stays.
 */

import { messageOf } from '../../contract/errors.ts';
import { settingKey } from '../../contract/settings/keys.ts';
import type { ManagedReading, Setting } from '../../contract/settings/layers.ts';
import { type LoadedSettings, settledSettings } from '../settings.ts';
import { checkLayer } from './check.ts';
import { type LayerSettings, type Merged, mergeLayers, settingOf, valuesOf } from './layers.ts';

/** Managed settings that held, as they were read. */
export interface GoodManaged {
  readonly json: unknown;
  readonly source: string;
  readonly base: string;
}

export interface BundleSettings {
  readonly json: unknown;
  readonly revision: number;
}

/** Something about the managed settings that a person must hear of. What was in force stays in force. */
export interface ManagedAlarm {
  readonly verdict: 'managed-vanished' | 'managed-unusable';
  readonly source: string;
  /** What is wrong, what stays in force, and what to do. */
  readonly says: string;
}

export interface SettingsStackOptions {
  readonly user: LayerSettings;
  /** Where the data folder is while nobody sets it. */
  readonly defaultDataDir: string;
  /** As it was read first. */
  readonly managed?: ManagedReading;
  /** What held last, in an earlier run. */
  readonly lastGood?: GoodManaged | undefined;
  /** Keeps what holds for later runs; not called for what was read first. */
  readonly remember?: (good: GoodManaged) => void;
  /** What was in force last; one that does not hold any more counts for nothing. */
  readonly bundle?: BundleSettings | undefined;
}

export interface SettingsChange {
  /** Keys whose value in force is another one now; none where only an alarm came or went. */
  readonly changed: readonly string[];
  readonly settings: LoadedSettings;
  readonly alarm: ManagedAlarm | undefined;
}

export interface SettingsStack {
  current(): LoadedSettings;
  /** Throws HoldpointError `not-found`. */
  explain(key: string): Setting;
  list(): readonly Setting[];
  /** Throws HoldpointError `config-invalid` with every problem: what would be wrong with it. Nothing is put in force. */
  checkBundle(bundle: BundleSettings): void;
  /** Undefined where no policy of a fleet is in force. Throws as `checkBundle`; what was in force stays. */
  setBundle(bundle: BundleSettings | undefined): void;
  /** Never throws: what does not hold is an alarm, and what held last stays. */
  setManaged(reading: ManagedReading): void;
  alarm(): ManagedAlarm | undefined;
  /** For the status: an alarm, and what waits for the next start. */
  notes(): readonly string[];
  /** Told after it is in force. Gives a function that ends it. */
  onChange(listener: (change: SettingsChange) => void): () => void;
}

export function createSettingsStack(options: SettingsStackOptions): SettingsStack {
  const { user, defaultDataDir, remember } = options;
  const listeners = new Set<(change: SettingsChange) => void>();
  let good = options.lastGood;
  let managed = good && layerOf(good);
  if (managed === undefined) good = undefined;
  let bundle = options.bundle && heldBundle(options.bundle);
  let alarm: ManagedAlarm | undefined;
  let remembered = spelled(good);
  if (options.managed) takeManaged(options.managed);
  let merged = mergedNow();
  let settings = settledSettings(merged.json, defaultDataDir);
  const atStart = merged;

  return {
    current: () => settings,
    explain: (key) => shown(settingKey(key).path),
    list: () => [...merged.keys.keys()].map(shown),
    checkBundle: (candidate) => void bundleLayer(candidate),
    setBundle: (candidate) => {
      bundle = candidate && bundleLayer(candidate);
      putInForce(false);
    },
    setManaged: (reading) => {
      const before = alarm;
      takeManaged(reading);
      if (good !== undefined && spelled(good) !== remembered) {
        remember?.(good);
        remembered = spelled(good);
      }
      putInForce(alarm?.says !== before?.says);
    },
    alarm: () => alarm,
    notes: () => {
      const waiting = differing(atStart, merged).filter((key) => !settingKey(key).live);
      return [
        ...(alarm ? [alarm.says] : []),
        ...(waiting.length > 0 ? [`Changed settings that take effect when Holdpoint starts again: ${waiting.join(', ')}.`] : []),
      ];
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };

  function takeManaged(reading: ManagedReading): void {
    if (reading.state === 'settings') {
      try {
        managed = { layer: 'managed', where: reading.source, values: checkLayer({ layer: 'managed', ...reading }) };
        good = { json: reading.json, source: reading.source, base: reading.base };
        alarm = undefined;
      } catch (thrown) {
        alarm = { verdict: 'managed-unusable', source: reading.source, says: `${onOneLine(messageOf(thrown))} ${fate()}` };
      }
    } else if (reading.state === 'unusable') {
      alarm = { verdict: 'managed-unusable', source: reading.source, says: `${reading.why} ${fate()}` };
    } else if (good !== undefined && valuesOf(good.json).size > 0) {
      const says = `The managed settings in ${good.source} are gone. ${fate()}`;
      alarm = { verdict: 'managed-vanished', source: good.source, says };
    } else {
      managed = undefined;
      alarm = undefined;
    }
  }

  /** What an alarm's sentence ends with. */
  function fate(): string {
    const contact = mergedNow().keys.get('contact')?.value;
    const whom = typeof contact === 'string' ? contact : 'whoever manages this machine';
    return managed === undefined ? `None were in force before. Tell ${whom}.` : `What they said last stays in force. Tell ${whom}.`;
  }

  function mergedNow(): Merged {
    return mergeLayers([...(managed ? [managed] : []), ...(bundle ? [bundle] : []), user]);
  }

  function putInForce(alarmed: boolean): void {
    const before = merged;
    merged = mergedNow();
    const changed = differing(before, merged);
    if (changed.length > 0) settings = settledSettings(merged.json, defaultDataDir);
    if (changed.length === 0 && !alarmed) return;
    for (const listener of listeners) listener({ changed, settings, alarm });
  }

  function shown(path: string): Setting {
    const found = merged.keys.get(path);
    const setting = settingOf(found as NonNullable<typeof found>);
    return path === 'dataDir' && setting.value === null ? { ...setting, value: defaultDataDir } : setting;
  }
}

/** Settings that nobody changes: one file, no management, no fleet. */
export function settledStack(settings: LoadedSettings): SettingsStack {
  const { dataDir, ...others } = settings;
  const json = JSON.parse(JSON.stringify({ ...others, dataDir })) as unknown;
  const stack = createSettingsStack({
    user: { layer: 'user', where: 'the configuration', values: valuesOf(json) },
    defaultDataDir: dataDir,
  });
  return { ...stack, current: () => settings };
}

/** A heading and its problems, as one note of the status. */
function onOneLine(message: string): string {
  const [heading = '', ...problems] = message.split('\n').map((line) => line.trim());
  return problems.length === 0 ? heading : `${heading} ${problems.join('; ').replace(/(?<![.?!])$/, '.')}`;
}

function bundleLayer({ json, revision }: BundleSettings): LayerSettings {
  const where = `the fleet’s policy, revision ${revision}`;
  return { layer: 'fleet', where, revision, values: checkLayer({ layer: 'fleet', json, source: where, base: undefined }) };
}

function heldBundle(bundle: BundleSettings): LayerSettings | undefined {
  try {
    return bundleLayer(bundle);
  } catch {
    // Whoever syncs the policy checks it again, and tells.
    return undefined;
  }
}

function layerOf(good: GoodManaged): LayerSettings | undefined {
  try {
    return { layer: 'managed', where: good.source, values: checkLayer({ layer: 'managed', ...good }) };
  } catch {
    // Written by another version, or changed by hand.
    return undefined;
  }
}

function differing(one: Merged, other: Merged): string[] {
  return [...other.keys].flatMap(([path, { value }]) => (spelled(value) === spelled(one.keys.get(path)?.value) ? [] : [path]));
}

function spelled(value: unknown): string | undefined {
  return JSON.stringify(value);
}
