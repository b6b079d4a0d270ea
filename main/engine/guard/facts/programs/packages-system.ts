/** Package managers of operating systems. */

import { ASKS, CODE, installs, REMOVED } from './installing.ts';
import { type Program, rows } from './program.ts';

const systemCommands = (from: string): Readonly<Record<string, Program>> => ({
  ...rows('install add reinstall in upgrade dist-upgrade full-upgrade localinstall groupinstall cask', {
    values: '-t -o',
    effects: installs(from),
  }),
  ...rows('remove purge autoremove erase uninstall del rm', {
    effects: [{ effect: 'destructive', risk: 'risk', says: 'removes {operands} from this machine' }],
  }),
  ...rows('update refresh makecache check-update', { effects: ASKS }),
  tap: { when: [{ operands: 'some', effects: installs('a place of its own') }, { effects: [] }] },
  ...rows('list search show info policy depends rdepends files deps doctor config leaves outdated --version -v help --prefix', {}),
  '*': { effects: [{ effect: 'runs-code', says: 'runs {command}' }] },
});

export const SYSTEM_PACKAGES: Readonly<Record<string, Program>> = {
  ...rows('apt apt-get aptitude dnf yum zypper apk', { values: '-o -t -c', commands: systemCommands('the system’s repositories') }),
  pacman: {
    when: [
      { word: /^-S/, effects: installs('the system’s repositories') },
      { word: /^-R/, effects: REMOVED },
    ],
  },
  ...rows('dpkg rpm', {
    when: [
      { options: '-i --install -U -F', effects: installs('a file') },
      { options: '-r -P --remove --purge -e', effects: REMOVED },
    ],
  }),
  nix: {
    commands: {
      ...rows('run shell', {
        values: '-c --command -f --file',
        when: [
          {
            word: /^(github|gitlab|git\+|git|https?|sourcehut|tarball|path:\/):/,
            effects: [...installs('its address'), { effect: 'runs-code', says: 'runs {command}' }],
          },
          { effects: CODE },
        ],
      }),
      ...rows('profile', { when: [{ word: /^(install|add)$/, effects: installs('nixpkgs') }, { effects: [] }] }),
      '*': { effects: CODE },
    },
  },
  ...rows('nix-shell', { runs: '--run --command', values: '-p -I -A', effects: CODE }),
  brew: {
    commands: {
      ...systemCommands('Homebrew'),
      services: {
        when: [
          { word: /^(list|info)$/, effects: [] },
          { operands: 'none', effects: [] },
          { effects: [{ effect: 'privilege', risk: 'watch', says: 'changes what runs on this machine ({command})' }] },
        ],
      },
    },
  },
  ...rows('port snap flatpak choco winget scoop nix-env mas', { commands: systemCommands('the package store') }),
};
