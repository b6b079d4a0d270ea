/** Attribution: which process holds the other end of a connection on this machine. */

import type { Process } from '../../contract/action.ts';
import { runCommand } from './attribution/command.ts';
import type { Endpoints, Holder } from './attribution/endpoints.ts';
import { createLinuxLookup } from './attribution/linux.ts';
import { createMacLookup } from './attribution/macos.ts';
import { createUsers, type Users } from './attribution/users.ts';
import { createWindowsLookup } from './attribution/windows.ts';

export interface Attribution {
  /** Never rejects and never waits longer than its time-out: undefined is a process that could not be found. */
  processOf(endpoints: Endpoints): Promise<Process | undefined>;
  /** The same, and whose it is: which can be known where the process is not. */
  holderOf(endpoints: Endpoints): Promise<Holder>;
}

export interface AttributionOptions {
  /** Linux: where the kernel's process file system is, and the users. */
  readonly proc?: string;
  readonly users?: Users;
  readonly platform?: NodeJS.Platform;
  /** Our own process, which is nobody's agent. */
  readonly self?: number;
  readonly timeoutMs?: number;
  /** macOS and Windows: runs one of the system's own tools. */
  readonly run?: typeof runCommand;
}

/**
 * PowerShell alone takes half a second to start. Linux needs a few milliseconds, and seconds where a dozen agents start at once on a small
 * machine: whoever gives up then takes a known agent for an unknown program.
 */
const TIMEOUT_MS: { readonly [platform in NodeJS.Platform]?: number } = { linux: 10_000, darwin: 10_000, win32: 15_000 };

/** A process whose platform we do not know is one that could not be found. */
export function createAttribution(options: AttributionOptions = {}): Attribution {
  const { proc = '/proc', users = createUsers(), platform = process.platform, self = process.pid, run = runCommand } = options;
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS[platform] ?? 0;
  const find = lookup();

  return { holderOf, processOf: async (endpoints) => (await holderOf(endpoints)).process };

  async function holderOf(endpoints: Endpoints): Promise<Holder> {
    if (!find) return NOBODY;
    const patience = AbortSignal.timeout(timeoutMs);
    const gaveUp = new Promise<Holder>((resolve) => patience.addEventListener('abort', () => resolve(NOBODY), { once: true }));
    const found = await Promise.race([gaveUp, find(endpoints, patience).catch(() => NOBODY)]);
    return found.process?.pid === self ? NOBODY : found;
  }

  function lookup(): ((endpoints: Endpoints, patience: AbortSignal) => Promise<Holder>) | undefined {
    if (platform === 'linux') return createLinuxLookup({ proc, users });
    if (platform === 'darwin') return ofProcess(createMacLookup(run));
    if (platform === 'win32') return ofProcess(createWindowsLookup(run));
    return undefined;
  }
}

const NOBODY: Holder = { process: undefined, user: undefined };

/** Where the system tells whose a connection is by its process only. */
function ofProcess(find: (endpoints: Endpoints, patience: AbortSignal) => Promise<Process | undefined>) {
  return async (endpoints: Endpoints, patience: AbortSignal): Promise<Holder> => {
    const process = await find(endpoints, patience);
    return { process, user: process?.user };
  };
}
