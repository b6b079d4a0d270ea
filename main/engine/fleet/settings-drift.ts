/** Settings that somebody below wants otherwise, or that the machine's management decides against the fleet. Keys, never values. */

import type { Setting } from '../../contract/settings/layers.ts';

type Judged = Pick<Setting, 'key' | 'source' | 'lockedBy' | 'conflicts'>;

const MOST_NAMED = 20;

/** A sentence each; what is beyond the twentieth is counted in one more. Management against the fleet comes first. */
export function settingsDrift(settings: readonly Judged[]): string[] {
  const against = settings.flatMap((setting) => (wants(setting, 'fleet') ? [overridden(setting)] : []));
  const unheard = settings.flatMap((setting) => (wants(setting, 'user') ? [notHeard(setting)] : []));
  const all = [...against, ...unheard];
  const more = all.length - MOST_NAMED;
  return more > 0 ? [...all.slice(0, MOST_NAMED), `And ${more} more settings are wanted otherwise.`] : all;
}

function wants({ conflicts }: Judged, layer: 'fleet' | 'user'): boolean {
  return conflicts.some((conflict) => conflict.layer === layer);
}

function overridden({ key }: Judged): string {
  return `The machine’s management sets ${key} to something else than the fleet’s policy.`;
}

function notHeard({ key, lockedBy }: Judged): string {
  return `The user’s file sets ${key} to something else than ${lockedBy === 'managed' ? 'the machine’s management' : 'the fleet’s policy'}, and is not heard.`;
}
