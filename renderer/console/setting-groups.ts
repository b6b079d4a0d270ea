/** Settings in the order in which a person asks: what others have set, what I have set, and what is as it ships. */

import type { Setting } from '../../main/contract/settings/layers.ts';
import { STRINGS } from '../strings.ts';

export interface SettingGroup {
  readonly title: string;
  readonly lockedBy: Setting['lockedBy'];
  /** Files or keys that they come from. */
  readonly places: readonly string[];
  readonly settings: readonly Setting[];
}

const s = STRINGS.console;
/** As a fleet's policy is named by its revision, it has no other place. */
const ORDER = ['managed', 'fleet', 'user', 'commandLine'] as const;

export function settingGroups(settings: readonly Setting[]): {
  readonly set: readonly SettingGroup[];
  readonly standard: readonly Setting[];
} {
  const set = ORDER.flatMap((by) => {
    const own = settings.filter((setting) => setterOf(setting) === by);
    const [first] = own;
    if (first === undefined) return [];
    // What somebody set stands before what is locked along with it.
    const sorted = own.toSorted((a, b) => Number(a.source === 'default') - Number(b.source === 'default'));
    const title = by === 'fleet' && first.revision !== null ? s.setBy.fleetRevision(first.revision) : s.setBy[by];
    const named = by === 'managed' || by === 'user' ? own.filter(({ source }) => source !== 'default').map(({ where }) => where) : [];
    return [{ title, lockedBy: first.lockedBy, places: [...new Set(named)], settings: sorted }];
  });
  return { set, standard: settings.filter((setting) => setterOf(setting) === undefined) };
}

function setterOf({ source, lockedBy, where }: Setting): (typeof ORDER)[number] | undefined {
  if (lockedBy !== null) return lockedBy;
  if (source === 'default') return undefined;
  return where === 'the command line' ? 'commandLine' : 'user';
}

/** A value in few words; what has more structure, as JSON. */
export function valueText(value: Setting['value']): string {
  if (value === null) return s.notSet;
  if (typeof value === 'boolean') return s.yesNo[`${value}`];
  if (typeof value !== 'object') return String(value);
  if (Object.keys(value).length === 0) return s.emptyList;
  if (Array.isArray(value) && value.every((entry) => typeof entry === 'string')) return value.join(', ');
  return JSON.stringify(value, null, 2);
}
