/** Every program that Holdpoint knows, by name. */

import { CODE_PROGRAMS } from './code.ts';
import { DEPLOYING } from './deploying.ts';
import { DEVICES } from './devices.ts';
import { ELSEWHERE } from './elsewhere.ts';
import { EVERYDAY } from './everyday.ts';
import { FORGES } from './forges.ts';
import { GIT } from './git.ts';
import { MACHINE_STATE } from './machine-state.ts';
import { NETWORK } from './network.ts';
import { PACKAGES } from './packages.ts';
import { NODE_PACKAGES } from './packages-node.ts';
import { PYTHON_PACKAGES } from './packages-python.ts';
import { SYSTEM_PACKAGES } from './packages-system.ts';
import type { Program } from './program.ts';
import { SECRETS } from './secrets.ts';
import { SERVICES } from './services.ts';
import { TOOLCHAINS } from './toolchains.ts';
import { VERSION_CONTROL } from './version-control.ts';
import { WRAPPERS } from './wrappers.ts';

const KNOWN: ReadonlyMap<string, Program> = new Map(
  Object.entries({
    ...TOOLCHAINS,
    ...ELSEWHERE,
    ...DEVICES,
    ...VERSION_CONTROL,
    ...SERVICES,
    ...PACKAGES,
    ...NODE_PACKAGES,
    ...PYTHON_PACKAGES,
    ...SYSTEM_PACKAGES,
    ...CODE_PROGRAMS,
    ...DEPLOYING,
    ...NETWORK,
    ...FORGES,
    ...SECRETS,
    ...WRAPPERS,
    ...EVERYDAY,
    ...MACHINE_STATE,
    git: GIT,
  }),
);

/** By the name without its folder; `python3.12` is `python3`, `mkfs.ext4` is `mkfs`. */
export function knownProgram(name: string): Program | undefined {
  return (
    KNOWN.get(name) ?? KNOWN.get(name.replace(/[.-]?\d+(\.\d+)*$/, '')) ?? KNOWN.get(name.replace(/^(python\d?|mkfs|node)[.\d].*$/, '$1'))
  );
}
