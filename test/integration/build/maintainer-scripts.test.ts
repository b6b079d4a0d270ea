/** The package's scripts, run by dpkg itself on a copy of this machine: installed, set up, upgraded, removed, purged. The app is left out. */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { must } from '../../../build/commands.ts';
import { builderConfig } from '../../../build/packaging/config.ts';
import { ROOT } from '../../../build/places.ts';
import { type MachineCopy, openMachineCopy } from '../../support/machine-copy.ts';

const canCopy = process.platform === 'linux' && process.getuid?.() === 0;

let folder: string;
let machine: MachineCopy;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdpoint-scripts-'));
  await mkdir(join(folder, 'app', 'resources'), { recursive: true });
  for (const name of ['chrome-sandbox', 'resources/apparmor-profile']) await writeFile(join(folder, 'app', name), '');
  await packed('0.1.0');
  await packed('0.2.0');
  machine = await openMachineCopy({ given: folder });
  // In the command's place one that notes what it is told, and fails while it is to.
  await must('chmod', ['0755', folder]);
  await machine.shell(`
    dpkg-divert --quiet --rename --divert /usr/bin/holdpoint.real /usr/bin/holdpoint
    for name in /usr/bin/holdpoint /usr/local/sbin/systemctl; do
      printf '#!/bin/sh\\necho "%s $*" >>/var/told; ! [ -e /var/fails ]\\n' "$(basename "$name")" >"$name"
      chmod 755 "$name"
    done`);
});
afterEach(async () => {
  await machine[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

describe.runIf(canCopy)('the package', () => {
  it('is installed, upgraded with its data kept, removed, and purged: then the machine is as before', async () => {
    expect(await told('dpkg -i /run/given/0.1.0.deb')).toEqual(['systemctl daemon-reload', 'holdpoint install --yes']);
    expect((await sh('getent passwd holdpoint')).stdout).toMatch(/^holdpoint:x:\d+:\d+::\/var\/lib\/holdpoint:\/usr\/sbin\/nologin$/m);
    await sh('mkdir -p /var/lib/holdpoint /etc/holdpoint; echo log >/var/lib/holdpoint/audit; echo "{}" >/etc/holdpoint/installed.json');

    expect(await told('dpkg -i /run/given/0.2.0.deb')).toEqual([
      'systemctl daemon-reload',
      'holdpoint install --yes',
      'systemctl try-restart holdpoint.service',
    ]);
    expect((await sh('cat /var/lib/holdpoint/audit')).stdout).toBe('log\n');

    expect(await told('dpkg -r holdpoint')).toContain('holdpoint uninstall --yes');
    expect((await sh('cat /var/lib/holdpoint/audit; getent passwd holdpoint | cut -d: -f1')).stdout).toBe('log\nholdpoint\n');

    expect(await told('dpkg -i /run/given/0.2.0.deb')).toContain('holdpoint install --yes');
    expect(await told('dpkg -P holdpoint')).toContain('holdpoint uninstall --yes');
    expect(
      (await sh('ls -d /var/lib/holdpoint /etc/holdpoint /etc/apparmor.d/holdpoint; getent passwd holdpoint; getent group holdpoint'))
        .stdout,
    ).toBe('');

    await sh('rm /usr/bin/holdpoint /usr/local/sbin/systemctl /var/told; dpkg-divert --quiet --rename --remove /usr/bin/holdpoint');
    // What passwd and dpkg keep of the state before is theirs, and so are indexes of icons and programs.
    const theirs = /^\/var\/(lib\/dpkg|log|cache)\/|^\/etc\/(passwd|shadow|group|gshadow)-$|\/(icon-theme|mimeinfo)\.cache$/;
    expect((await machine.changed()).filter((path) => !theirs.test(path))).toEqual([]);
  });

  it('leaves managed settings where the administrator put them', async () => {
    await sh('mkdir /etc/holdpoint; echo "{}" >/etc/holdpoint/managed.json; dpkg -i /run/given/0.1.0.deb');
    await sh('echo "{}" >/etc/holdpoint/service.json; dpkg -P holdpoint');
    expect((await sh('ls /etc/holdpoint')).stdout).toBe('managed.json\n');
  });

  it('says so where the machine could not be set up, and is set up when that is mended', async () => {
    const { code, stderr } = await sh('touch /var/fails; ln -sf /bin/true /usr/local/sbin/systemctl; dpkg -i /run/given/0.1.0.deb');
    expect(code).toBe(1);
    expect(stderr).toMatch(/installed, but this machine could not be set up: the reason stands above.*\n.*dpkg --configure holdpoint/);
    expect(await sh('rm /var/fails; dpkg --configure holdpoint')).toMatchObject({ code: 0 });
  });

  it('stays where the changes could not be taken back, unless it is to go anyway', async () => {
    await sh('dpkg -i /run/given/0.1.0.deb; ln -sf /bin/true /usr/local/sbin/systemctl');
    const refused = await sh('touch /var/fails; dpkg -r holdpoint');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/could not be taken back: the reason stands above\. The package stays/);
    expect((await sh('[ -x /opt/Holdpoint/chrome-sandbox ] && echo there')).stdout).toBe('there\n');
    expect((await sh('HOLDPOINT_REMOVE_ANYWAY=1 dpkg -r holdpoint; ls /opt/Holdpoint')).stdout).not.toContain('chrome-sandbox');
  });

  it('is installed into an image too, and sets the machine up at its first start', async () => {
    const { code, stderr } = await machine.run('dpkg', ['-i', '/run/given/0.1.0.deb']);
    expect(code).toBe(0);
    expect(stderr).toMatch(/systemd is not running here, so nothing was set up yet\. holdpoint-setup\.service does it at the next start/);
    expect(await machine.shell('cat /var/told')).toBe('systemctl enable holdpoint-setup.service\n');
  });
});

/** As on a machine that systemd runs. */
function sh(script: string): ReturnType<MachineCopy['run']> {
  return machine.run('sh', ['-c', `mkdir -p /run/systemd/system; ${script}`], { timeout: 60_000 });
}

/** What our command and systemctl were told while it ran. */
async function told(command: string): Promise<string[]> {
  const { code, stdout, stderr } = await sh(`: >/var/told; ${command} >&2 && cat /var/told`);
  expect(code, stderr).toBe(0);
  return stdout
    .trim()
    .split('\n')
    .filter((line) => line !== '');
}

/** The real package's files and scripts, with next to no app. */
async function packed(version: string): Promise<void> {
  const electron = { folder: '/electron', version: '45.4.1' };
  const { deb } = builderConfig({ electron, output: folder, platform: 'linux', isTestBuild: false, complete: async () => {} });
  const about = [
    '--name',
    'holdpoint',
    '--version',
    version,
    '--architecture',
    'all',
    '--maintainer',
    'A <a@b.example>',
    '--description',
    'x',
  ];
  const scripts = ['--after-install', deb!.afterInstall!, '--after-remove', deb!.afterRemove!, ...deb!.fpm!];
  const args = ['-s', 'dir', '-t', 'deb', '--deb-compression', 'gz', ...about, '--package', join(folder, `${version}.deb`), ...scripts];
  await must(join(ROOT, 'build/packaging/stand-in/fpm.sh'), [...args, `${folder}/app/=/opt/Holdpoint`], {
    env: { ...process.env, SOURCE_DATE_EPOCH: '1767225600' },
  });
}
