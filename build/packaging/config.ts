/** The configuration of electron-builder: https://www.electron.build/configuration. It checks it whole before it builds anything. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Configuration } from 'electron-builder';
import { ICONS } from '../icons.ts';
import { ROOT } from '../places.ts';
import { DEB_DEPENDS, RPM_DEPENDS } from './depends.ts';
import { fusesFor } from './fuses.ts';

export interface PackageOptions {
  /** Electron as it was released, for this platform. */
  readonly electron: { readonly folder: string; readonly version: string };
  /** Where packages are put. */
  readonly output: string;
  readonly platform: NodeJS.Platform;
  /** Made with an Electron that is not for shipping. */
  readonly isTestBuild: boolean;
  /** Larger and sooner done. */
  readonly isQuick?: boolean;
  /** Adds to the unpacked app what is no part of Electron: the engine, licences. */
  readonly complete: NonNullable<Configuration['afterPack']>;
}

export const TEST_BUILD = 'TEST BUILD with an old Electron, for tests only. Do not install it on a machine that is in use.';

const PACKAGING = join(ROOT, 'build', 'packaging');
const SAYS = 'Holds each risky action of an AI agent until policy or a person releases it.';

export function builderConfig({ electron, output, platform, isTestBuild, isQuick = false, complete }: PackageOptions): Configuration {
  const linux = (name: string) => join(PACKAGING, 'linux', name);
  const suffix = isTestBuild ? '-TEST-BUILD' : '';
  return {
    appId: 'com.holdpoint.guard',
    productName: 'Holdpoint',
    copyright: 'Copyright © the Holdpoint authors',
    electronVersion: electron.version,
    electronDist: electron.folder,
    electronFuses: fusesFor(platform, Number(electron.version.split('.')[0])),
    directories: { output, buildResources: ICONS },
    asar: true,
    files: ['out/**', 'package.json', '!node_modules'],
    npmRebuild: false,
    publish: null,
    afterPack: complete,
    mac: {
      target: ['dmg', 'pkg'],
      category: 'public.app-category.developer-tools',
      hardenedRuntime: true,
      entitlements: join(PACKAGING, 'macos', 'entitlements.plist'),
      // The engine's Node and its libraries too: they are signed with what is inherited.
      entitlementsInherit: join(PACKAGING, 'macos', 'entitlements.plist'),
      minimumSystemVersion: '12.0',
    },
    // The app alone: an ordinary user can install it, and it keeps an engine of its own running.
    dmg: { artifactName: `Holdpoint${suffix}-\${version}-\${arch}.dmg` },
    // For the whole machine, by Jamf and others.
    pkg: {
      artifactName: `Holdpoint${suffix}-\${version}-\${arch}.pkg`,
      installLocation: '/Applications',
      allowAnywhere: false,
      allowCurrentUserHome: false,
      isRelocatable: false,
      overwriteAction: 'upgrade',
      scripts: join(PACKAGING, 'macos', 'scripts'),
    },
    win: {
      target: ['nsis', 'msiWrapped'],
      requestedExecutionLevel: 'asInvoker',
    },
    nsis: {
      artifactName: `Holdpoint${suffix}-\${version}-\${arch}.exe`,
      oneClick: true,
      perMachine: true,
      runAfterFinish: false,
      createDesktopShortcut: false,
      deleteAppDataOnUninstall: false,
      differentialPackage: false,
      include: join(PACKAGING, 'windows', 'installer.nsh'),
    },
    // The same installer for Intune and group policy, which want an MSI.
    msiWrapped: {
      artifactName: `Holdpoint${suffix}-\${version}-\${arch}.msi`,
      perMachine: true,
      wrappedInstallerArgs: '/S',
      // Stays for ever: by it Windows knows another version for the same program.
      upgradeCode: '8A0B6E0C-3F0E-4B52-9C57-6C3C3A1D7F41',
    },
    linux: {
      target: ['deb', 'rpm', 'AppImage'],
      executableName: 'holdpoint',
      syncDesktopName: true,
      category: 'System;Security',
      maintainer: 'Holdpoint <packages@holdpoint.example>',
      vendor: 'Holdpoint',
      synopsis: isTestBuild ? TEST_BUILD : 'guard for the AI agents of this machine',
      description: SAYS,
      icon: ICONS,
      desktop: { entry: { Name: 'Holdpoint', Comment: SAYS, Keywords: 'AI;agent;guard;approval;' } },
    },
    deb: {
      artifactName: `holdpoint${suffix}_\${version}_\${arch}.deb`,
      packageCategory: 'admin',
      priority: 'optional',
      compression: isQuick ? 'gz' : 'xz',
      depends: [...DEB_DEPENDS],
      recommends: ['libnss3-tools', 'dconf-cli'],
      afterInstall: linux('postinst.sh'),
      afterRemove: linux('postrm.sh'),
      fpm: [...(isQuick ? ['--deb-compression-level', '1'] : []), ...besides(linux)],
    },
    rpm: {
      artifactName: `holdpoint${suffix}-\${version}.\${arch}.rpm`,
      packageCategory: 'System Environment/Daemons',
      compression: isQuick ? 'gzip' : 'xz',
      depends: [...RPM_DEPENDS],
      afterInstall: linux('postinst.sh'),
      afterRemove: linux('postrm.sh'),
      fpm: besides(linux),
    },
  };
}

/** What fpm is told besides the app's folder: the script before removal, and files elsewhere. */
function besides(linux: (name: string) => string): string[] {
  return [
    '--before-remove',
    linux('prerm.sh'),
    '--config-files',
    '/etc/xdg/autostart/holdpoint.desktop',
    `${linux('holdpoint.sh')}=/usr/bin/holdpoint`,
    `${linux('copyright')}=/usr/share/doc/holdpoint/copyright`,
    // The service’s units name it as their documentation.
    ...['service.md']
      .filter((name) => existsSync(join(ROOT, 'docs', name)))
      .map((name) => `${join(ROOT, 'docs', name)}=/usr/share/doc/holdpoint/${name}`),
    `${linux('autostart.desktop')}=/etc/xdg/autostart/holdpoint.desktop`,
    `${linux('holdpoint-setup.service')}=/usr/lib/systemd/system/holdpoint-setup.service`,
  ];
}
