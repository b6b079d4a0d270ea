/** Variables: what setting one does to the programs that come after, and what those are that nobody sets. */

import type { Gathering, Range, Word } from '../gathering.ts';
import { FILLER, HOLE, holeOf, IDENTITY, readable } from '../holes.ts';
import {
  GUARD_VALUES,
  GUARD_VARIABLES,
  LOADING_VALUES,
  LOADING_VARIABLES,
  PAGER_VARIABLES,
  RUNNING_VARIABLES,
  TRUST_VARIABLES,
} from '../programs/variables.ts';
import { copyOf, type Machine, NOTHING, type ShellState } from './machine.ts';
import { judgePager, UNTOLD } from './pagers.ts';

export function judgeVariable(variable: { name: string; value: string; range: Range }, state: ShellState, machine: Machine): void {
  const { name, value, range } = variable;
  if (GUARD_VARIABLES.test(name) || GUARD_VALUES.some(([names, values]) => names.test(name) && values.test(value)))
    hides(name, range, machine);
  if (TRUST_VARIABLES.test(name) && value === '') hides(name, range, machine);
  if (PAGER_VARIABLES.has(name)) judgePager({ text: value, raw: value, range }, state, machine);
  else if (RUNNING_VARIABLES.has(name)) {
    // An editor and its like are given a file's name.
    const given = /EDITOR|VISUAL|PASS|BROWSER/.test(name) ? `${value} "$${UNTOLD}"` : value;
    if (value !== '') machine.runText(given, copyOf(state), NOTHING, () => range, value);
  } else if (LOADING_VARIABLES.test(name) || (Object.hasOwn(LOADING_VALUES, name) && LOADING_VALUES[name]!.test(value))) {
    const says = `makes other programs load ${readable(value) || 'something'} (${name})`;
    machine.gathering.effect('unresolved', 'risk', says, range);
    machine.gathering.effect('runs-code', 'watch', says, range);
  }
}

/** A variable that is taken away. */
export function judgeUnset(name: string, range: Range, machine: Machine): void {
  if (GUARD_VARIABLES.test(name) || TRUST_VARIABLES.test(name)) hides(name, range, machine);
}

function hides(name: string, range: Range, machine: Machine): void {
  machine.gathering.effect('disable-guard', 'risk', `takes programs out of Holdpoint’s sight (${name})`, range);
}

/** `NAME=value`, as a word. */
export function judgeAssignment(word: Word, state: ShellState, machine: Machine): { name: string; value: string } | undefined {
  const match = /^([A-Za-z_]\w*)\+?=([\s\S]*)$/.exec(word.text);
  if (!match) return undefined;
  const assignment = { name: match[1]!, value: match[2]! };
  judgeVariable({ ...assignment, range: word.range }, state, machine);
  return assignment;
}

/** Set here, or what every shell has. */
export function variable(name: string, state: ShellState, { paths }: Gathering): readonly string[] | undefined {
  const own = state.variables.get(name);
  if (own) return own;
  if (/^\d+$/.test(name)) return name === '0' ? ['sh'] : [state.parameters[Number(name) - 1] ?? ''];
  switch (name) {
    case '@':
    case '*':
      return state.parameters;
    case 'HOME':
      return [paths.home ?? '~'];
    case 'PWD':
      return [state.cwd ?? HOLE];
    case 'TMPDIR':
      return ['/tmp'];
    case 'SHELL':
    case 'BASH':
      return ['/bin/sh'];
    case UNTOLD:
      return [holeOf('variable')];
    case 'IFS':
      return [' \t\n'];
    case '?':
    case '#':
    case '$':
    case '!':
    case '-':
    case 'RANDOM':
    case 'SECONDS':
    case 'LINENO':
    case 'EPOCHSECONDS':
    case 'PPID':
      return [FILLER];
    case 'UID':
    case 'EUID':
    case 'USER':
    case 'LOGNAME':
    case 'HOSTNAME':
      return [IDENTITY];
    default:
      return undefined;
  }
}

/** A variable that nothing here sets: the environment's, of which only the name is known. */
export function unknownVariable(name: string): string {
  return holeOf(SECRET_NAME.test(name) ? 'key' : 'variable');
}

/** Names that people give to what nobody else should know. */
export const SECRET_NAME =
  /(^|_)(api_?key|secret|token|passw(or)?d|passphrase|pwd|credentials?|private_?key|access_?key|auth|pat|key|dsn|cookie)($|_(?!(file|path|dir|id|name|url|type|length|size|ttl|sock|method|mode|expir\w*)$)|s?$)|(key|token|secret|password|passwd)$/i;
