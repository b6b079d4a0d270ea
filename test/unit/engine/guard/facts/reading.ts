/** How the tests ask for facts: a developer's laptop with one project, and nothing on disk but what a test puts there. */

import type { Effect, Facts, Workspace } from '../../../../../main/contract/action.ts';
import { type CallWhere, understandCall } from '../../../../../main/engine/guard/facts/understand-call.ts';

export const HOME = '/home/dev';
export const ROOT = '/home/dev/proj';
export const WORKSPACE: Workspace = { state: 'known', root: ROOT, cwd: ROOT, source: 'process' };

export function factsOfTool(tool: string, input: unknown, where: Partial<CallWhere> = {}): Facts {
  return understandCall({ id: 'call-1', tool, input }, { workspace: WORKSPACE, home: HOME, realpath: () => undefined, ...where });
}

export function factsOf(command: string, where: Partial<CallWhere> = {}): Facts {
  return factsOfTool('Bash', { command }, where);
}

/** Each effect once, in the order of the alphabet. */
export function effectsOf(facts: Facts): Effect[] {
  return [...new Set(facts.effects.map(({ effect }) => effect))].sort();
}

export function sayingsOf(facts: Facts): string[] {
  return facts.effects.map(({ says }) => says);
}

/** The words that an effect's range underlines. */
export function underlined(facts: Facts, effect: Effect): string[] {
  return facts.effects.flatMap((fact) =>
    fact.effect === effect && fact.range ? [facts.text.slice(fact.range.start, fact.range.end)] : [],
  );
}
