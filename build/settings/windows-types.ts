/** How a setting is spelled in the registry's policies. */

import type { SettingKey } from '../../main/contract/settings/keys.ts';

export const REGISTRY_KEY = 'SOFTWARE\\Policies\\Holdpoint';

/** Longer texts do not fit into one line of a policy's window. */
const LINE = 2000;

export type WindowsControl = 'switch' | 'number' | 'choice' | 'line' | 'lines';

export function windowsControl({ shape, longest }: SettingKey): WindowsControl {
  switch (shape) {
    case 'boolean':
      return 'switch';
    // Group policy knows whole numbers only; others are written as text.
    case 'integer':
      return 'number';
    case 'choice':
      return 'choice';
    case 'list':
    case 'json':
      return 'lines';
    case 'number':
    case 'text':
      return longest !== undefined && longest > LINE ? 'lines' : 'line';
  }
}

const TYPES: Readonly<Record<WindowsControl, string>> = {
  switch: 'REG_DWORD',
  number: 'REG_DWORD',
  choice: 'REG_SZ',
  line: 'REG_SZ',
  lines: 'REG_MULTI_SZ',
};

export function registryType(key: SettingKey): string {
  return TYPES[windowsControl(key)];
}

/** The subkey below ours, empty for none, and the value's name. */
export function registryPlace({ path }: SettingKey): { readonly subkey: string; readonly name: string } {
  const parts = path.split('.');
  return { subkey: parts.slice(0, -1).join('\\'), name: parts.at(-1) ?? path };
}
