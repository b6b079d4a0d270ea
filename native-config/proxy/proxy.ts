/** That programs of all users use the guard as their proxy, with nothing typed: one file for each way in which a system tells them. */

import { HoldpointError } from '../../main/contract/errors.ts';
import type { Part } from '../part.ts';
import type { System } from '../system.ts';
import { createLinuxEnvironment } from './environment.ts';

/** One way in which programs are told of a proxy. */
export type ProxyWay = Omit<Part, 'name'>;

export function createProxy(system: System): Part {
  const ways = waysOf(system);
  return {
    name: 'proxy',
    plan: async (guard) => (await Promise.all(ways.map((way) => way.plan(guard)))).flat(),
    status: async (guard) => (await Promise.all(ways.map((way) => way.status(guard)))).flat(),
  };
}

function waysOf(system: System): readonly ProxyWay[] {
  switch (system.platform) {
    case 'linux':
      return [createLinuxEnvironment(system)];
    default:
      throw new HoldpointError('settings-unusable', `It is not known here how programs on ${system.platform} are told of a proxy.`);
  }
}
