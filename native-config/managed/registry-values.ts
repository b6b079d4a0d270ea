/** Values of the registry become settings: each as the table of keys says that it is written. */

import { SETTING_KEYS, type SettingKey } from '../../main/contract/settings/keys.ts';
import type { RegistryKeys, RegistryValue } from './reg-file.ts';

export type RegistrySettings =
  | { readonly state: 'none' }
  | { readonly state: 'settings'; readonly json: unknown }
  | { readonly state: 'unusable'; readonly why: string };

/** Holds all settings as JSON, for tools that set one value. What stands by itself beats what stands in it. */
export const WHOLE = 'Settings';

/** Names in the registry have no case. */
const KEYS: ReadonlyMap<string, SettingKey> = new Map(SETTING_KEYS.map((key) => [key.path.toLowerCase(), key]));
const BRANCHES: ReadonlyMap<string, string> = new Map(
  SETTING_KEYS.flatMap(({ path }) => path.split('.').map((_name, at, names) => names.slice(0, at + 1).join('.'))).map((path) => [
    path.toLowerCase(),
    path,
  ]),
);

/** `root`: full name of our own key. What no setting has as its name stays, so that it is refused by name. Never throws. */
export function settingsOfRegistry(keys: RegistryKeys, root: string): RegistrySettings {
  const found = [...keys].flatMap(([name, values]) => {
    const below = pathBelow(name, root);
    return below === undefined ? [] : [...values].map(([value, data]) => ({ path: [...below, value], data }));
  });
  // The default value of a key says nothing.
  const named = found.filter(({ path }) => path.at(-1) !== '');
  if (named.length === 0) return { state: 'none' };
  const whole = named.find(({ path }) => path.length === 1 && path[0]?.toLowerCase() === WHOLE.toLowerCase());
  const json = whole === undefined ? {} : objectIn(whole.data);
  if (json === undefined) return { state: 'unusable', why: `its value ${WHOLE} is not a JSON object` };
  for (const { path, data } of named) {
    if (path === whole?.path) continue;
    const dotted = path.join('.');
    const known = BRANCHES.get(dotted.toLowerCase()) ?? dotted;
    const value = settingIn(data, KEYS.get(dotted.toLowerCase()));
    if (value === undefined)
      return { state: 'unusable', why: `its value ${dotted.slice(0, 200)} is not of a type that the setting can have` };
    put(json, known.split('.').slice(0, MAX_DEPTH), value);
  }
  return { state: 'settings', json };
}

const MAX_DEPTH = 8;

function pathBelow(name: string, root: string): string[] | undefined {
  if (name.toLowerCase() === root.toLowerCase()) return [];
  const prefix = `${root}\\`.toLowerCase();
  return name.toLowerCase().startsWith(prefix) ? name.slice(prefix.length).split('\\') : undefined;
}

/** Undefined where its type is none that the setting can have. A value out of range is found later, with all others. */
function settingIn(data: RegistryValue, key: SettingKey | undefined): unknown {
  if (data.type === 'other') return undefined;
  if (key === undefined) return data.value;
  const text = data.type === 'texts' ? data.value.join('\n') : data.value;
  switch (key.shape) {
    case 'boolean':
      if (text === 1 || text === '1' || text === 'true') return true;
      return text === 0 || text === '0' || text === 'false' ? false : text;
    case 'integer':
    case 'number':
      return typeof text === 'string' && /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text;
    case 'list':
      if (data.type === 'texts') return data.value.map((line) => line.trim()).filter((line) => line !== '');
      return typeof text === 'string' && text.trim() !== '' ? (jsonIn(text) ?? [text.trim()]) : text === '' ? [] : text;
    case 'json':
      return typeof text === 'string' ? jsonIn(text) : undefined;
    case 'text':
    case 'choice':
      return text;
  }
}

type Branch = Record<string, unknown>;

function objectIn(data: RegistryValue): Branch | undefined {
  const json = data.type === 'text' ? jsonIn(data.value) : data.type === 'texts' ? jsonIn(data.value.join('\n')) : undefined;
  return isBranch(json) ? json : undefined;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function put(into: Branch, [name = '', ...rest]: readonly string[], value: unknown): void {
  const here = Object.hasOwn(into, name) ? into[name] : undefined;
  const branch: Branch = isBranch(here) ? here : {};
  // Not by assignment: a name such as __proto__ would be no name then.
  Object.defineProperty(into, name, { value: rest.length === 0 ? value : branch, enumerable: true, writable: true, configurable: true });
  if (rest.length > 0) put(branch, rest, value);
}

function isBranch(value: unknown): value is Branch {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
