/** The device's authority, trusted by a machine: in the system's own store, and in those of programs that do not read it. */

import { HoldpointError } from '../../main/contract/errors.ts';
import type { Part } from '../part.ts';
import type { System } from '../system.ts';
import { checkedAuthority } from './authority.ts';
import { createChromiumPolicies, createFirefoxPolicy } from './browsers.ts';
import { createJavaStore } from './java.ts';
import { createLinuxStore } from './linux.ts';
import { createMacosStore } from './macos.ts';
import { createNssStore } from './nss.ts';
import type { TrustStore } from './store.ts';
import { createWindowsFirefoxPolicy, createWindowsStore } from './windows.ts';

/** Of the whole machine: what root, or an administrator, does. */
export function createTrust(system: System, now: () => Date = () => new Date()): Part {
  return partOf(storesOf(system), now);
}

/** What a person can do without being root: their own browsers' databases, on Linux. Elsewhere there is nothing of that kind. */
export function createOwnTrust(system: System, now: () => Date = () => new Date()): Part {
  return partOf(system.platform === 'linux' ? [createNssStore(system)] : [], now);
}

/** In the order in which they are made. Taken back last to first: Java's after the system's, whose tool would put it there again. */
function storesOf(system: System): readonly TrustStore[] {
  switch (system.platform) {
    case 'linux':
      return [
        createJavaStore(system),
        createLinuxStore(system),
        createChromiumPolicies(system),
        createFirefoxPolicy(system),
        createNssStore(system),
      ];
    case 'darwin':
      return [createMacosStore(system), createJavaStore(system)];
    case 'win32':
      return [createWindowsStore(system), createWindowsFirefoxPolicy(system), createJavaStore(system)];
    default:
      throw new HoldpointError('not-found', `How ${system.platform} keeps the certificates that it trusts is not known here.`);
  }
}

function partOf(stores: readonly TrustStore[], now: () => Date): Part {
  return {
    name: 'trust',
    async plan({ caPem }) {
      const authority = checkedAuthority(caPem, now());
      return inTurn(stores, (store) => store.plan(authority));
    },
    async status({ caPem }) {
      const authority = checkedAuthority(caPem, now());
      return inTurn(stores, (store) => store.status(authority));
    },
  };
}

async function inTurn<T>(stores: readonly TrustStore[], ask: (store: TrustStore) => Promise<readonly T[]>): Promise<readonly T[]> {
  const all: T[] = [];
  for (const store of stores) all.push(...(await ask(store)));
  return all;
}
