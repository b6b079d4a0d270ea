/** Every cmdlet that Holdpoint knows, by its lower-case name. */

import { CALM } from './calm.ts';
import type { Cmdlet } from './cmdlet.ts';
import { CODE } from './code.ts';
import { FILES } from './files.ts';
import { FLOW } from './flow.ts';
import { ITEMS } from './items.ts';
import { MACHINE } from './machine.ts';
import { NETWORK } from './network.ts';
import { SECRETS } from './secrets.ts';

const KNOWN: ReadonlyMap<string, Cmdlet> = new Map(
  Object.entries({ ...CALM, ...FLOW, ...FILES, ...ITEMS, ...NETWORK, ...CODE, ...MACHINE, ...SECRETS }),
);

export function knownCmdlet(name: string): Cmdlet | undefined {
  return KNOWN.get(name);
}
