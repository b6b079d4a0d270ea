/**
 * Windows: the environment of all users' programs, which lies in the registry
 * (https://learn.microsoft.com/windows/win32/procthread/environment-variables). A person's own variable of the same name beats the machine's.
 */

import { machineVariables, REMOVED, type Setting } from '../agents/environment.ts';
import { machinePlace } from '../machine-place.ts';
import type { GuardOfMachine, PartState } from '../part.ts';
import type { System } from '../system.ts';
import type { ProxyWay } from './proxy.ts';
import { createRegistry, type RegistryWish } from './registry.ts';

export const MACHINE_ENVIRONMENT = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment';
const PERSON = 'HKCU\\Environment';

export function createWindowsEnvironment(system: System): ProxyWay {
  const registry = createRegistry(system);

  return {
    async plan(guard) {
      const steps = await registry.steps(wishes(guard));
      if (steps.length === 0) return [];
      const { proxyUrl } = machinePlace(system, guard);
      // reg.exe tells nobody; this tells the desktop, so that what is started from now on has them (WM_SETTINGCHANGE).
      const setx = `${system.env.SystemRoot ?? 'C:\\Windows'}\\System32\\setx.exe`;
      return [...steps, { kind: 'run', says: 'The desktop is told of the new variables', command: [setx, 'HTTPS_PROXY', proxyUrl, '/M'] }];
    },
    async status(guard): Promise<readonly PartState[]> {
      const what = 'the environment of all users';
      const wanted = wishes(guard);
      const held = await Promise.all(wanted.map((wish) => registry.holds(wish)));
      const missing = wanted.filter((_wish, at) => !held[at]).map(({ name }) => name);
      if (missing.includes('HTTPS_PROXY'))
        return [{ what, state: 'no', says: 'Programs are not led to the guard. Run: holdpoint install --yes' }];
      const settings = distinct(machineVariables(machinePlace(system, guard)));
      const own = await Promise.all(settings.map(([name]) => registry.read({ key: PERSON, name })));
      const others = settings.filter(([, value], at) => own[at] !== undefined && own[at].data !== value).map(([name]) => name);
      if (others.length > 0)
        return [{ what, state: 'partly', says: `You have set ${others.join(', ')} yourself, which wins. Remove it in ${PERSON}.` }];
      if (missing.length > 0)
        return [{ what, state: 'partly', says: `Another value is set for ${missing.join(', ')}. Run: holdpoint install --yes` }];
      return [{ what, state: 'yes', says: 'Programs get the guard’s address and the certificates.' }];
    },
  };

  function wishes(guard: GuardOfMachine): readonly RegistryWish[] {
    const set = distinct(machineVariables(machinePlace(system, guard))).map(
      ([name, value]): RegistryWish => ({
        key: MACHINE_ENVIRONMENT,
        name,
        says: `Programs of all users get ${name}`,
        wanted: { type: 'REG_SZ', data: value },
      }),
    );
    const removed = REMOVED.map(
      ({ name }): RegistryWish => ({
        key: MACHINE_ENVIRONMENT,
        name,
        says: `${name}, which would lead past the guard, is removed`,
        wanted: undefined,
      }),
    );
    return [...set, ...removed];
  }
}

/** Names have no case on Windows: HTTPS_PROXY is https_proxy. */
function distinct(settings: readonly Setting[]): readonly Setting[] {
  return settings.filter(([name], at) => settings.findIndex(([other]) => other.toLowerCase() === name.toLowerCase()) === at);
}
