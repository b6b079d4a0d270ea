/** Several layers of settings become one, key by key. Pure: what a layer says was checked before. */

import type { Json } from '../../contract/record.ts';
import { SETTING_KEYS, type SettingKey, settingKey } from '../../contract/settings/keys.ts';
import { LAYERS, type Layer, type Setting } from '../../contract/settings/layers.ts';
import { shownValue } from './shown.ts';

/** What one layer sets, by the table's keys. */
export interface LayerSettings {
  readonly layer: Layer;
  /** For a person: the file, the revision. */
  readonly where: string;
  /** Of a fleet's policy. */
  readonly revision?: number;
  readonly values: ReadonlyMap<string, Json>;
  /** Keys of it that were set in another place: on the command line. */
  readonly elsewhere?: ReadonlyMap<string, string>;
}

/** A key's value, who set it, and who else would have. */
export interface Provenance {
  readonly key: SettingKey;
  readonly value: Json | undefined;
  /** Undefined: the default. */
  readonly from: LayerSettings | undefined;
  /** Keeps lower layers from setting this key: it set the key, or one of its group. */
  readonly owner: LayerSettings | undefined;
  /** Lower layers that set something else. */
  readonly conflicts: readonly LayerSettings[];
}

export interface Merged {
  /** As a configuration file would have it: what no layer sets is left out. */
  readonly json: { readonly [key: string]: Json };
  readonly keys: ReadonlyMap<string, Provenance>;
}

/** In any order; of each layer one. */
export function mergeLayers(layers: readonly LayerSettings[]): Merged {
  const ranked = [...layers].sort((one, other) => LAYERS.indexOf(one.layer) - LAYERS.indexOf(other.layer));
  const owners = new Map<string, LayerSettings>();
  for (const layer of ranked)
    for (const path of layer.values.keys()) {
      const unit = unitOf(settingKey(path));
      if (!owners.has(unit)) owners.set(unit, layer);
    }
  const json: Branch = {};
  const keys = new Map<string, Provenance>();
  for (const key of SETTING_KEYS) {
    const owner = owners.get(unitOf(key));
    const set = owner?.values.get(key.path);
    if (set !== undefined) put(json, key.path.split('.'), set);
    const value = set ?? key.standard;
    const conflicts = ranked.filter((layer) => layer !== owner && layer.values.has(key.path) && !same(layer.values.get(key.path), value));
    keys.set(key.path, { key, value, from: set === undefined ? undefined : owner, owner, conflicts });
  }
  return { json, keys };
}

/** What a checked layer sets, read from its JSON. */
export function valuesOf(json: unknown): ReadonlyMap<string, Json> {
  const values = new Map<string, Json>();
  for (const { path } of SETTING_KEYS) {
    let at: unknown = json;
    for (const name of path.split('.')) at = isBranch(at) && Object.hasOwn(at, name) ? at[name] : undefined;
    if (at !== undefined) values.set(path, at as Json);
  }
  return values;
}

/** What is in force of a key, for people and for other programs. */
export function settingOf({ key, value, from, owner, conflicts }: Provenance): Setting {
  return {
    key: key.path,
    meaning: key.meaning,
    type: key.type,
    value: value === undefined ? null : shownValue(key, value),
    source: from?.layer ?? 'default',
    where: from?.elsewhere?.get(key.path) ?? from?.where ?? 'default',
    revision: owner?.revision ?? null,
    lockedBy: owner === undefined || owner.layer === 'user' ? null : owner.layer,
    conflicts: conflicts.map(({ layer, where, values }) => ({ layer, where, value: shownValue(key, values.get(key.path) ?? null) })),
    mayBeSetBy: [...key.setBy],
    live: key.live,
  };
}

type Branch = { [name: string]: Json };

/** What is owned as a whole. */
function unitOf(key: SettingKey): string {
  return key.group ?? key.path;
}

function put(into: Branch, [name = '', ...rest]: readonly string[], value: Json): void {
  if (rest.length === 0) {
    into[name] = value;
    return;
  }
  const below = into[name];
  const branch: Branch = isBranch(below) ? (below as Branch) : {};
  into[name] = branch;
  put(branch, rest, value);
}

function isBranch(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Settings are plain JSON in the order in which they were written; another order counts as the same map. */
function same(one: Json | undefined, other: Json | undefined): boolean {
  return spelled(one) === spelled(other);
}

function spelled(value: Json | undefined): string | undefined {
  return JSON.stringify(value, (_key, at: unknown) =>
    isBranch(at) ? Object.fromEntries(Object.entries(at).sort(([a], [b]) => (a < b ? -1 : 1))) : at,
  );
}
