/** A fresh Debian as a folder, from which the tests' machines are started: made once by debootstrap, and then only read. */

import { createHash } from 'node:crypto';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exists, Missing, must, ran } from './commands.ts';
import { madeOnce } from './once.ts';
import { cacheFolder } from './places.ts';

const RELEASE = 'bookworm';
const MIRROR = 'http://deb.debian.org/debian';

/** What a laptop with a small desktop has, so that nothing has to be fetched once a machine runs: it has no network. */
const PACKAGES = [
  ...['systemd', 'systemd-sysv', 'dbus', 'dbus-user-session', 'libpam-systemd', 'procps', 'apt', 'iproute2', 'nftables'],
  // What trusts certificates in its own way, and what looks after them.
  ...['ca-certificates', 'openssl', 'curl', 'python3-minimal', 'libnss3-tools'],
  // Settings of GNOME's.
  ...['dconf-cli', 'dconf-gsettings-backend', 'gsettings-desktop-schemas'],
  // What the package of the app depends on.
  ...['libgtk-3-0', 'libnss3', 'libasound2', 'libxss1', 'libsecret-1-0', 'libgbm1', 'libnotify4', 'libxtst6', 'libatspi2.0-0', 'libuuid1'],
  ...['libatomic1', 'xdg-utils', 'desktop-file-utils'],
  // A screen, a window manager and somebody's hands.
  ...['xvfb', 'openbox', 'xdotool'],
];

/** Work that the system does at its own time, which would be seen as a change. */
const TIMERS = ['apt-daily', 'apt-daily-upgrade', 'dpkg-db-backup', 'e2scrub_all', 'fstrim', 'man-db', 'systemd-tmpfiles-clean'];

/** As written to the folder; part of its name, so that a change makes another one. */
const RECIPE = JSON.stringify([RELEASE, PACKAGES, TIMERS, 1]);

/** The folder. Must be called as root, with debootstrap installed; takes a minute or two the first time. */
export async function freshDebian(): Promise<string> {
  const folder = join(cacheFolder(), `debian-${createHash('sha256').update(RECIPE).digest('hex').slice(0, 16)}`);
  if (await exists(folder)) return folder;
  console.log(`Making a fresh Debian in ${folder} …`);
  return madeOnce(folder, async (unfinished) => {
    const { code, out, err } = await ran('debootstrap', [
      '--variant=minbase',
      `--include=${PACKAGES.join(',')}`,
      RELEASE,
      unfinished,
      MIRROR,
    ]);
    if (code !== 0) throw new Missing(`a fresh Debian (${lastLine(err) || lastLine(out)})`, `It is made with: debootstrap, from ${MIRROR}`);
    await must('chroot', [unfinished, 'apt-get', 'clean']);
    for (const timer of TIMERS) await symlink('/dev/null', join(unfinished, 'etc/systemd/system', `${timer}.timer`));
    await writeFile(join(unfinished, 'etc/hostname'), 'laptop\n');
    await writeFile(join(unfinished, 'etc/hosts'), '127.0.0.1 localhost\n127.0.1.1 laptop\n::1 localhost ip6-localhost\n');
    // Given by each machine's first start, as on a new laptop.
    await rm(join(unfinished, 'etc/machine-id'), { force: true });
    await writeFile(join(unfinished, 'etc/machine-id'), '');
    await rm(join(unfinished, 'etc/resolv.conf'), { force: true });
    await mkdir(join(unfinished, 'mnt'), { recursive: true });
  });
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
