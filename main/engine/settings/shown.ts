/** Values of settings as they may be shown: without what gives access to something. */

import type { Json } from '../../contract/record.ts';
import type { SettingKey } from '../../contract/settings/keys.ts';

export const NOT_SHOWN = '(not shown)';

type Shown = null | boolean | number | string | Shown[] | { [key: string]: Shown };

/** Secrets, headers' values, and the user and password of a URL are left out. */
export function shownValue(key: SettingKey, value: Json): Shown {
  if (!key.secret) return masked(value, false);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? masked(value, true) : NOT_SHOWN;
}

/** Whole: every text in it is left out, its names are kept. */
function masked(value: Json, whole: boolean): Shown {
  if (typeof value === 'string') return whole ? NOT_SHOWN : value.replace(/(\/\/)[^\s/?#]*@/g, '$1…@');
  if (isList(value)) return value.map((entry) => masked(entry, whole));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, below]) => [name, masked(below, whole || name === 'headers')]));
  return value;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
