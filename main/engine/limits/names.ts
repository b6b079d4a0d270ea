/** Names that settings give with *, and names as sentences give them. */

import { userOf as loginOf, type Origin } from '../../contract/action.ts';

/** In any case of letters; * stands for anything, nothing included. Linear: what stands between stars is taken where it first comes. */
export function nameMatches(pattern: string, name: string): boolean {
  const given = name.toLowerCase();
  const [first = '', ...others] = pattern.toLowerCase().split('*');
  const last = others.pop();
  if (last === undefined) return given === first;
  if (!given.startsWith(first) || given.length < first.length + last.length || !given.endsWith(last)) return false;
  const end = given.length - last.length;
  let at = first.length;
  for (const between of others) {
    const found = given.indexOf(between, at);
    if (found < 0 || found + between.length > end) return false;
    at = found + between.length;
  }
  return true;
}

export function anyMatches(patterns: readonly string[], ...names: readonly (string | undefined)[]): boolean {
  return patterns.some((pattern) => names.some((name) => name !== undefined && nameMatches(pattern, name)));
}

/** Whose use it is: of a program that an agent has started, the agent's. */
export function agentOf({ agent }: Pick<Origin, 'agent'>): string {
  return agent.startedBy ?? agent.name;
}

export function userOf({ agent }: Pick<Origin, 'agent'>): string {
  return loginOf(agent) ?? UNKNOWN;
}

/** Of what nobody could tell. */
export const UNKNOWN = 'unknown';

const MOST_SHOWN = 120;
const MOST_LISTED = 8;

/** A name that somebody else chose, fit for a sentence. */
export function shown(name: string): string {
  const plain = name.replace(/\p{C}/gu, '');
  return plain.length > MOST_SHOWN ? `${plain.slice(0, MOST_SHOWN)}…` : plain;
}

/** "claude-*, gpt-5* and 3 more". */
export function listed(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  const more = names.length - MOST_LISTED;
  const first = names.slice(0, MOST_LISTED).map(shown).join(', ');
  return more > 0 ? `${first} and ${more} more` : first;
}
