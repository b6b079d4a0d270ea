/** What the operating system must have: libraries for the app, and a desktop and tools for the tests. */

import { exists, Missing, onPath, ran } from './commands.ts';

export type SystemPart = 'app' | 'desktop' | 'tools' | 'packages' | 'machine';

interface Need {
  /** A program on the PATH, a file by its whole path, or a shared library. */
  readonly name: string;
  /** Debian's name for it; where releases differ, newer ones first. */
  readonly packages: readonly [string, ...string[]];
}

/** Linux only: elsewhere Electron brings what it needs. */
const NEEDS: Record<SystemPart, readonly Need[]> = {
  app: [
    { name: 'libgtk-3.so.0', packages: ['libgtk-3-0t64', 'libgtk-3-0'] },
    { name: 'libnss3.so', packages: ['libnss3'] },
    { name: 'libasound.so.2', packages: ['libasound2t64', 'libasound2'] },
    { name: 'libgbm.so.1', packages: ['libgbm1'] },
    { name: 'libXss.so.1', packages: ['libxss1'] },
    { name: 'libsecret-1.so.0', packages: ['libsecret-1-0'] },
  ],
  desktop: [
    { name: 'Xvfb', packages: ['xvfb'] },
    { name: 'dbus-daemon', packages: ['dbus'] },
    { name: 'dbus-send', packages: ['dbus'] },
    { name: 'openbox', packages: ['openbox'] },
    { name: 'dunst', packages: ['dunst'] },
    { name: 'trayer', packages: ['trayer'] },
    { name: 'import', packages: ['imagemagick'] },
    { name: 'xdotool', packages: ['xdotool'] },
    { name: 'xprop', packages: ['x11-utils'] },
  ],
  tools: [
    { name: 'openssl', packages: ['openssl'] },
    { name: 'curl', packages: ['curl'] },
    { name: 'nft', packages: ['nftables'] },
    { name: 'ip', packages: ['iproute2'] },
    { name: 'python3', packages: ['python3'] },
    { name: 'certutil', packages: ['libnss3-tools'] },
    { name: 'dconf', packages: ['dconf-cli'] },
    { name: 'gsettings', packages: ['libglib2.0-bin'] },
    { name: '/usr/share/glib-2.0/schemas/org.gnome.system.proxy.gschema.xml', packages: ['gsettings-desktop-schemas'] },
  ],
  packages: [
    { name: 'rpmbuild', packages: ['rpm'] },
    { name: 'shellcheck', packages: ['shellcheck'] },
    { name: 'desktop-file-validate', packages: ['desktop-file-utils'] },
    { name: 'makensis', packages: ['nsis'] },
  ],
  // Machines that tests are made in: `test/support/machine/`.
  machine: [
    { name: 'debootstrap', packages: ['debootstrap'] },
    { name: 'systemd-nspawn', packages: ['systemd-container'] },
  ],
};

/** Makes sure that the parts are there: installs them on Debian as root, else throws `Missing` with the command that would. */
export async function needSystem(...parts: readonly SystemPart[]): Promise<void> {
  if (process.platform !== 'linux') return;
  const needs = parts.flatMap((part) => NEEDS[part]);
  const missing = await missingOf(needs);
  if (missing.length === 0) return;
  const debian = await onPath('apt-get');
  if (debian && process.getuid?.() === 0) await install(missing);
  const still = await missingOf(missing);
  if (still.length === 0) return;
  const names = still.map((need) => need.name).join(', ');
  throw new Missing(
    names,
    debian
      ? `Install it with: sudo apt-get install -y ${(await packagesOf(still)).join(' ')}`
      : 'Install it with your system’s package manager.',
  );
}

async function missingOf(needs: readonly Need[]): Promise<Need[]> {
  const libraries = needs.some(isLibrary) ? await sharedLibraries() : new Set<string>();
  const there = await Promise.all(needs.map((need) => (isLibrary(need) ? libraries.has(need.name) : isProgramThere(need.name))));
  return needs.filter((_need, index) => !there[index]);
}

/** Debian keeps some of its tools where only root looks. */
async function isProgramThere(name: string): Promise<boolean> {
  if (name.startsWith('/')) return exists(name);
  return (await onPath(name)) || exists(`/usr/sbin/${name}`);
}

function isLibrary(need: Need): boolean {
  return need.name.includes('.so');
}

async function sharedLibraries(): Promise<Set<string>> {
  const ldconfig = (await exists('/sbin/ldconfig')) ? '/sbin/ldconfig' : 'ldconfig';
  const { out } = await ran(ldconfig, ['-p']);
  return new Set(out.split('\n').map((line) => line.trim().split(' ', 1)[0] ?? ''));
}

async function install(missing: readonly Need[]): Promise<void> {
  console.log(`Installing system packages for ${missing.map((need) => need.name).join(', ')} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const wait = ['-o', 'DPkg::Lock::Timeout=300', '-qq'];
  await ran('apt-get', [...wait, 'update'], { env });
  const { code, err } = await ran('apt-get', [...wait, 'install', '-y', '--no-install-recommends', ...(await packagesOf(missing))], {
    env,
  });
  if (code !== 0) console.error(err.trim());
}

async function packagesOf(needs: readonly Need[]): Promise<string[]> {
  return [...new Set(await Promise.all(needs.map(packageOf)))];
}

/** The first of a need's names that this release has. */
async function packageOf({ packages }: Need): Promise<string> {
  for (const name of packages) {
    if ((await ran('apt-cache', ['show', '--no-all-versions', name])).code === 0) return name;
  }
  return packages[packages.length - 1] ?? packages[0];
}
