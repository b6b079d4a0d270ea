/** What a program's environment says of the guard, as `env` prints it. */

import { type MachinePlace, machineVariables, type Setting } from '../agents/environment.ts';
import type { PartState } from '../part.ts';

/** Undefined output: it could not be asked. */
export function stateOfEnvironment(what: string, output: string | undefined, place: MachinePlace): PartState {
  if (output === undefined) return { what, state: 'absent', says: 'It could not be asked: it is not installed, or does not start.' };
  const found = new Set(output.split('\n'));
  const wanted = machineVariables(place);
  // The bundle has what the authority's file has.
  const holds = ([name, value]: Setting) =>
    found.has(`${name}=${value}`) || (value === place.authorityFile && found.has(`${name}=${place.bundleFile}`));
  const missing = wanted.filter((setting) => !holds(setting)).map(([name]) => name);
  if (missing.length === 0) return { what, state: 'yes', says: 'Programs get the guard’s address and the certificates.' };
  if (missing.includes('HTTPS_PROXY'))
    return { what, state: 'no', says: 'Programs are not led to the guard. Run: holdpoint install --yes' };
  return {
    what,
    state: 'partly',
    says: `Another value is set for ${missing.join(', ')}, or the certificate’s file is missing. Run: holdpoint trust status`,
  };
}
