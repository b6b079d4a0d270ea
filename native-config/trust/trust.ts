/** The device's authority, trusted by a machine: in the system's own store, and in those of programs that do not read it. */

import { HoldpointError } from '../../main/contract/errors.ts';
import type { Part } from '../part.ts';
import type { System } from '../system.ts';
import { checkedAuthority } from './authority.ts';
import { createChromiumPolicies, createFirefoxPolicy, hasFirefoxPolicy } from './browsers.ts';
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
  const stores = system.platform === 'linux' ? [createNssOf(system)] : [];
  return partOf({ made: stores, asked: stores }, now);
}

interface Stores {
  /** In the order in which they are made, and taken back last to first. */
  readonly made: readonly TrustStore[];
  /** In the order in which they are told. */
  readonly asked: readonly TrustStore[];
}

function storesOf(system: System): Stores {
  const java = createJavaStore(system);
  switch (system.platform) {
    case 'linux': {
      const others = [createLinuxStore(system), createChromiumPolicies(system), createFirefoxPolicy(system), createNssOf(system)];
      // Java's is taken back after the system's, whose tool would put it there again.
      return { made: [java, ...others], asked: [...others, java] };
    }
    case 'darwin': {
      const all = [createMacosStore(system), java];
      return { made: all, asked: all };
    }
    case 'win32': {
      const all = [createWindowsStore(system), createWindowsFirefoxPolicy(system), java];
      return { made: all, asked: all };
    }
    default:
      throw new HoldpointError('not-found', `How ${system.platform} keeps the certificates that it trusts is not known here.`);
  }
}

function createNssOf(system: System): TrustStore {
  return createNssStore(system, (authority) => hasFirefoxPolicy(system, authority));
}

function partOf({ made, asked }: Stores, now: () => Date): Part {
  return {
    name: 'trust',
    async plan({ caPem }) {
      const authority = checkedAuthority(caPem, now());
      const steps = await inTurn(made, (store) => store.plan(authority));
      // What two stores have taken back in the same way is taken back once.
      const undone = steps.map((step) => (step.kind === 'run' && !step.command ? step.undo?.join('\0') : undefined));
      return steps.filter((_step, at) => undone[at] === undefined || undone.indexOf(undone[at]) === at);
    },
    async status({ caPem }) {
      const authority = checkedAuthority(caPem, now());
      return inTurn(asked, (store) => store.status(authority));
    },
  };
}

async function inTurn<T>(stores: readonly TrustStore[], ask: (store: TrustStore) => Promise<readonly T[]>): Promise<readonly T[]> {
  const all: T[] = [];
  for (const store of stores) all.push(...(await ask(store)));
  return all;
}
