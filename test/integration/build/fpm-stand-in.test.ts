/** What stands in for fpm: the packages that Debian's and Fedora's own tools read out of what it made. */

import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { must, ran } from '../../../build/commands.ts';
import { ROOT } from '../../../build/places.ts';

const FPM = join(ROOT, 'build', 'packaging', 'stand-in', 'fpm.sh');
const EPOCH = '1767225600'; // 2026-01-01

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdpoint-fpm-'));
  await mkdir(join(folder, 'app', 'inner'), { recursive: true });
  await writeFile(join(folder, 'app', 'program'), '#!/bin/sh\n');
  await chmod(join(folder, 'app', 'program'), 0o700);
  await writeFile(join(folder, 'app', 'inner', '100% read'), 'x', { mode: 0o600 });
  await writeFile(join(folder, 'settings'), 'a = 1\n');
  await writeFile(join(folder, 'after.sh'), '#!/bin/sh\necho "50% done $1"\n');
  await writeFile(join(folder, 'before.sh'), '#!/bin/sh\necho gone\n');
});
afterEach(() => rm(folder, { recursive: true }));

const argsFor = (type: 'deb' | 'rpm', output: string, ...more: string[]) => [
  ...['-s', 'dir', '--force', '-t', type, '-d', 'ca-certificates', '-d', type === 'deb' ? 'libx-1t64 | libx-1' : '(libx or libx1)'],
  ...(type === 'deb' ? ['--deb-recommends', 'tool', '--deb-compression', 'gz', '--deb-compression-level', '1'] : ['--rpm-os', 'linux']),
  ...['--architecture', 'amd64', '--after-install', join(folder, 'after.sh'), '--before-remove', join(folder, 'before.sh')],
  ...['--description', 'in short\n in long\n\nand more', '--version', '1.2.3', '--package', output, '--name', 'example'],
  ...['--maintainer', 'A B <a@b.example>', '--vendor', 'B', '--url', 'https://b.example', '--license', 'MIT', '--category', 'admin'],
  ...['--config-files', '/etc/example', ...more, `${folder}/app/=/opt/Example`, `${folder}/settings=/etc/example`],
];

const pack = (type: 'deb' | 'rpm', output: string, ...more: string[]) =>
  ran(FPM, argsFor(type, output, ...more), { env: { ...process.env, SOURCE_DATE_EPOCH: EPOCH } });

describe('a deb', () => {
  it('has the fields, scripts and files that were asked for, as root’s and with plain modes', async () => {
    const deb = join(folder, 'example.deb');
    expect(await pack('deb', deb)).toMatchObject({ code: 0, err: '' });
    const fields = await must('dpkg-deb', ['--field', deb]);
    for (const line of [
      'Package: example',
      'Version: 1.2.3',
      'Architecture: amd64',
      'Maintainer: A B <a@b.example>',
      'Depends: ca-certificates, libx-1t64 | libx-1',
      'Recommends: tool',
      'Section: admin',
      'Priority: optional',
      'Homepage: https://b.example',
      'Description: in short\n in long\n .\n and more',
    ])
      expect(fields).toContain(`${line}\n`);

    const listed = (await must('dpkg-deb', ['--contents', deb], { env: { ...process.env, TZ: 'UTC' } })).trim().split('\n');
    const files = Object.fromEntries(listed.map((line) => [line.slice(line.indexOf('./')), line.split(/\s+/).slice(0, 4)]));
    expect(files['./opt/Example/program']).toEqual(['-rwxr-xr-x', 'root/root', '10', '2026-01-01']);
    expect(files['./opt/Example/inner/100% read']).toEqual(['-rw-r--r--', 'root/root', '1', '2026-01-01']);
    expect(files['./opt/Example/']).toEqual(['drwxr-xr-x', 'root/root', '0', '2026-01-01']);

    await must('dpkg-deb', ['--control', deb, join(folder, 'control')]);
    expect(await readFile(join(folder, 'control', 'conffiles'), 'utf8')).toBe('/etc/example\n');
    expect(await readFile(join(folder, 'control', 'postinst'), 'utf8')).toContain('echo "50% done $1"');
    expect(await readFile(join(folder, 'control', 'prerm'), 'utf8')).toContain('echo gone');
  });

  it('is the same to the byte when it is made again', async () => {
    await pack('deb', join(folder, 'one.deb'));
    await pack('deb', join(folder, 'two.deb'));
    expect((await readFile(join(folder, 'one.deb'))).equals(await readFile(join(folder, 'two.deb')))).toBe(true);
  });
});

describe('an rpm', () => {
  it('has the fields, scripts and files that were asked for', async () => {
    const rpm = join(folder, 'example.rpm');
    expect(await pack('rpm', rpm, '--rpm-summary', 'in short')).toMatchObject({ code: 0 });
    const query = async (...args: string[]) => must('rpm', ['--query', '--package', ...args, rpm]);
    expect(await query('--queryformat', '%{name} %{version} %{release} %{arch} %{license} %{summary}')).toBe(
      'example 1.2.3 1 x86_64 MIT in short',
    );
    expect((await query('--requires')).split('\n')).toEqual(expect.arrayContaining(['ca-certificates', '(libx or libx1)']));
    expect((await query('--list')).trim().split('\n').sort()).toEqual([
      '/etc/example',
      '/opt/Example',
      '/opt/Example/inner',
      '/opt/Example/inner/100% read',
      '/opt/Example/program',
    ]);
    expect((await query('--configfiles')).trim()).toBe('/etc/example');
    const scripts = await query('--scripts');
    expect(scripts).toContain('echo "50% done $1"');
    expect(scripts).toMatch(/preuninstall scriptlet \(using \/bin\/sh\):\necho gone/);
  });
});

describe('what it cannot do', () => {
  it.each([
    ['an option that it does not know', ['--deb-systemd', 'x.service'], /does not know "--deb-systemd"/],
    ['a file that goes nowhere', ['settings'], /neither an option/],
    ['another kind of package', ['-t', 'pacman'], /deb and rpm of a folder, not pacman/],
    ['a field of more than one line', ['--url', 'https://b.example\nPre-Depends: other'], /Homepage.*cannot have a line break/],
  ])('is refused, and nothing is written: %s', async (_what, more, says) => {
    const output = join(folder, 'example.deb');
    const { code, err } = await pack('deb', output, ...more);
    expect(code).toBe(1);
    expect(err).toMatch(says);
    await expect(readFile(output)).rejects.toThrow('ENOENT');
  });
});
