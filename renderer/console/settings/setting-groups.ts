/** Settings in the order in which a person asks: what others have set, what I have set, and what is as it ships. */

import type { Setting } from '../../../main/contract/settings/layers.ts';
import { STRINGS } from '../../strings.ts';

export interface SettingGroup {
  readonly title: string;
  readonly lockedBy: Setting['lockedBy'];
  /** Files or keys that they come from. */
  readonly places: readonly string[];
  readonly settings: readonly Setting[];
  /** Left as they ship by whoever set the others of their kind, and locked with those. */
  readonly along: readonly Setting[];
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
    const [chosen, along] = [own.filter(({ source }) => source !== 'default'), own.filter(({ source }) => source === 'default')];
    const title = by === 'fleet' && first.revision !== null ? s.setBy.fleetRevision(first.revision) : s.setBy[by];
    const named = by === 'managed' || by === 'user' ? chosen.map(({ where }) => where) : [];
    return [{ title, lockedBy: first.lockedBy, places: [...new Set(named)], settings: chosen, along }];
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
  if (isStructured(value)) return JSON.stringify(value, null, 2);
  return Object.values(value).join(', ') || s.emptyList;
}

/** More than a list of texts. */
export function isStructured(value: Setting['value']): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const entries = Object.values(value);
  return entries.length > 0 && !(Array.isArray(value) && entries.every((entry) => typeof entry === 'string'));
}
