/** That programs of all users use the guard as their proxy, with nothing typed: one file for each way in which a system tells them. */

import { HoldpointError } from '../../main/contract/errors.ts';
import type { Part } from '../part.ts';
import type { System } from '../system.ts';
import { createLinuxEnvironment, ENVIRONMENT_D, MARK, PROFILE } from './environment.ts';
import { createGnome, KEYFILE } from './gnome.ts';
import { createKde } from './kde.ts';
import { createMacosNetwork } from './macos.ts';
import { createMacosEnvironment } from './macos-environment.ts';
import { createParent } from './parent.ts';
import { createWindowsProxy } from './windows.ts';
import { createWindowsEnvironment } from './windows-environment.ts';

/** One way in which programs are told of a proxy. */
export type ProxyWay = Omit<Part, 'name'>;

export interface ProxyOptions {
  /** Whether people cannot set another proxy in their desktop's settings, where the desktop knows that. */
  readonly locked?: boolean;
}

export function createProxy(system: System, { locked = false }: ProxyOptions = {}): Part {
  const ways = waysOf(system, locked);
  return {
    name: 'proxy',
    plan: async (guard) => (await Promise.all(ways.map((way) => way.plan(guard)))).flat(),
    status: async (guard) => (await Promise.all(ways.map((way) => way.status(guard)))).flat(),
  };
}

function waysOf(system: System, locked: boolean): readonly ProxyWay[] {
  switch (system.platform) {
    case 'linux':
      // The guard's own way out first: from then on everything goes through it.
      return [createParent(system, OURS), createLinuxEnvironment(system), createGnome(system, { locked }), createKde(system)];
    case 'darwin':
      return [createMacosNetwork(system), createMacosEnvironment(system)];
    case 'win32':
      return [createWindowsProxy(system), createWindowsEnvironment(system)];
    default:
      throw new HoldpointError('settings-unusable', `It is not known here how programs on ${system.platform} are told of a proxy.`);
  }
}

const OURS = { profile: PROFILE, environmentD: ENVIRONMENT_D, keyfile: KEYFILE, mark: MARK };
