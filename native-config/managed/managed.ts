/** What the operating system's management says of this machine: one source an operating system. */

import type { ReadManaged } from '../../main/contract/settings/layers.ts';
import { createLinuxManaged } from './linux.ts';
import { createMacosManaged } from './macos.ts';
import { createWindowsManaged } from './windows.ts';

/** Where it is read is fixed, so that nobody who starts an engine can lead it elsewhere. */
export function createManagedReader(platform: NodeJS.Platform = process.platform): ReadManaged {
  switch (platform) {
    case 'darwin':
      return createMacosManaged();
    case 'win32':
      return createWindowsManaged();
    default:
      return createLinuxManaged();
  }
}
