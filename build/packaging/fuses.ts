/** Electron's fuses: switches in its binary that no option, variable or file can turn back on. */

import type { Configuration } from 'electron-builder';

/**
 * https://www.electronjs.org/docs/latest/tutorial/fuses. A fuse that this Electron does not have yet, as 25 has no
 * `grantFileProtocolExtraPrivileges`, is left out: there is nothing to set.
 */
export function fusesFor(platform: NodeJS.Platform, electronMajor: number): NonNullable<Configuration['electronFuses']> {
  return {
    // Else the guard's own signed program would run any script that somebody hands it.
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    // An `app` folder beside the archive would be run in its place.
    onlyLoadAppFromAsar: true,
    enableCookieEncryption: true,
    // Electron checks an archive against its header on macOS and Windows only: on Linux nothing would carry the hash, and
    // files that only root can write need none.
    enableEmbeddedAsarIntegrityValidation: platform !== 'linux',
    // Pages come from a scheme of our own.
    ...(electronMajor >= 29 && { grantFileProtocolExtraPrivileges: false }),
  };
}
