/** What all users' programs are told of the guard: its address, and files of certificates that are there as long as the machine's trust is. */

import { HoldpointError } from '../main/contract/errors.ts';
import { PUBLISHED_BUNDLE, PUBLISHED_CA, servicePlaces } from '../main/contract/service-places.ts';
import type { MachinePlace } from './agents/environment.ts';
import type { GuardOfMachine } from './part.ts';
import type { System } from './system.ts';
import { systemTrustFiles } from './trust/linux.ts';

/**
 * On Linux the system's own files, because those of the service go when it stops. Elsewhere the system's store is no file, and the service's
 * stay. Throws HoldpointError `settings-unusable` where the guard's address is none that shells and scripts can be told.
 */
export function machinePlace(system: System, { proxyUrl }: GuardOfMachine): MachinePlace {
  if (!/^http:\/\/(127\.0\.0\.1|localhost):[1-9]\d{0,4}$/.test(proxyUrl))
    throw new HoldpointError(
      'settings-unusable',
      `${JSON.stringify(proxyUrl)} is no address of this machine that programs can be told as their proxy. Check proxy.host and proxy.port.`,
    );
  const files = systemTrustFiles(system);
  if (files) return { proxyUrl, authorityFile: files.anchorFile, bundleFile: files.bundleFile };
  return { proxyUrl, authorityFile: publishedFile(system, PUBLISHED_CA), bundleFile: publishedFile(system, PUBLISHED_BUNDLE) };
}

/** What the service has put where all users may read it; its path without the system's `root`. */
export function publishedFile({ platform, env }: System, name: string): string {
  return `${servicePlaces(platform, env).runDir}${platform === 'win32' ? '\\' : '/'}${name}`;
}
