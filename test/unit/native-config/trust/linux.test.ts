/** The stores of Linux distributions, by their folders and tools. */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkedAuthority } from '../../../../native-config/trust/authority.ts';
import { createLinuxStore, systemTrustFiles } from '../../../../native-config/trust/linux.ts';
import { type FolderMachine, folderMachine, NOW, newAuthority, told } from './fixture.ts';

const CA = newAuthority();
const AUTHORITY = checkedAuthority(CA, NOW);
const SHA256 = AUTHORITY.sha256;

let machine: FolderMachine;
beforeEach(() => {
  machine = folderMachine('linux');
});
afterEach(() => rmSync(machine.system.root, { recursive: true }));

const DISTRIBUTIONS = [
  {
    name: 'Debian',
    files: { '/usr/sbin/update-ca-certificates': '', '/usr/local/share/ca-certificates/.keep': '' },
    anchor: '/usr/local/share/ca-certificates/holdpoint.crt',
    bundle: '/etc/ssl/certs/ca-certificates.crt',
    update: '/usr/sbin/update-ca-certificates',
    undo: '/usr/sbin/update-ca-certificates --fresh',
  },
  {
    name: 'Fedora',
    files: { '/usr/bin/update-ca-trust': '', '/etc/pki/ca-trust/source/anchors/.keep': '' },
    anchor: '/etc/pki/ca-trust/source/anchors/holdpoint.crt',
    bundle: '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
    update: '/usr/bin/update-ca-trust extract',
    undo: '/usr/bin/update-ca-trust extract',
  },
  {
    name: 'Arch',
    files: { '/usr/bin/trust': '', '/usr/bin/update-ca-trust': '', '/etc/ca-certificates/trust-source/anchors/.keep': '' },
    anchor: '/etc/ca-certificates/trust-source/anchors/holdpoint.crt',
    bundle: '/etc/ca-certificates/extracted/tls-ca-bundle.pem',
    update: '/usr/bin/trust extract-compat',
    undo: '/usr/bin/trust extract-compat',
  },
  {
    name: 'openSUSE',
    files: { '/usr/sbin/update-ca-certificates': '', '/etc/pki/trust/anchors/.keep': '', '/usr/share/pki/trust/anchors/.keep': '' },
    anchor: '/etc/pki/trust/anchors/holdpoint.crt',
    bundle: '/var/lib/ca-certificates/ca-bundle.pem',
    update: '/usr/sbin/update-ca-certificates',
    undo: '/usr/sbin/update-ca-certificates',
  },
  {
    name: 'an openSUSE without a folder in /etc',
    files: { '/usr/sbin/update-ca-certificates': '', '/usr/share/pki/trust/anchors/.keep': '' },
    anchor: '/usr/share/pki/trust/anchors/holdpoint.crt',
    bundle: '/var/lib/ca-certificates/ca-bundle.pem',
    update: '/usr/sbin/update-ca-certificates',
    undo: '/usr/sbin/update-ca-certificates',
  },
] as const;

describe.each(DISTRIBUTIONS)('the store of $name', ({ files, anchor, bundle, update, undo }) => {
  beforeEach(() => machine.put(files));
  const plan = async () => told(machine, await createLinuxStore(machine.system).plan(AUTHORITY));

  it('has its files named for those who need them', () => {
    expect(systemTrustFiles(machine.system)).toEqual({ anchorFile: anchor, bundleFile: bundle });
  });

  it('gets the authority by its own tool, and loses it by that', async () => {
    expect(await plan()).toEqual([
      `Once it is taken back, makes the system’s bundle of certificates anew: ${undo}`,
      `Has the system trust “Holdpoint on laptop” (SHA-256 ${SHA256}): ${anchor}`,
      `Makes the system’s bundle of certificates anew: ${update}`,
    ]);
  });

  it('has nothing to be done once the bundle holds it', async () => {
    machine.put({ [anchor]: AUTHORITY.pem, [bundle]: `# others\n${newAuthority()}${CA}` });
    expect(await plan()).toEqual([]);
  });

  it('has its bundle made anew where the last attempt ended before that', async () => {
    machine.put({ [anchor]: AUTHORITY.pem, [bundle]: newAuthority() });
    expect(await plan()).toEqual([
      `Once it is taken back, makes the system’s bundle of certificates anew: ${undo}`,
      `Makes the system’s bundle of certificates anew: ${update}`,
    ]);
  });

  it('is left alone where an administrator has put the same certificate there', async () => {
    const theirs = join(anchor, '../company.crt');
    machine.put({ [theirs]: CA.replaceAll('\n', '\r\n'), [bundle]: CA });
    expect(await plan()).toEqual([]);
    expect(systemTrustFiles(machine.system, CA)?.anchorFile).toBe(theirs);
  });

  it('loses older authorities of Holdpoint for good, and no other', async () => {
    const [left, company] = [join(anchor, '../left.crt'), join(anchor, '../company.crt')];
    const old = newAuthority({ commonName: 'Holdpoint on before' });
    machine.put({ [left]: old, [company]: newAuthority({ commonName: 'Company' }), [join(anchor, '../several.crt')]: `${CA}${old}` });
    machine.put({ [anchor]: newAuthority() });
    const steps = await plan();
    expect(steps.filter((step) => step.startsWith('Removes'))).toEqual(
      [anchor, left].sort().map((file) => expect.stringMatching(new RegExp(`for good: .*: /bin/rm -f -- ${file}$`))),
    );
    // Several in one file are an administrator's, and there the authority is already.
    expect(steps.at(-1)).toBe(`Makes the system’s bundle of certificates anew: ${undo}`);
  });

  it('is asked by openssl where that is there, else looked at', async () => {
    const status = async () => (await createLinuxStore(machine.system).status(AUTHORITY)).map(({ state }) => state);
    expect(await status()).toEqual(['no']);
    machine.put({ [bundle]: CA });
    expect(await status()).toEqual(['yes']);
    machine.put({ '/usr/bin/openssl': '' });
    expect(await status()).toEqual(['no']);
    machine.answers[`/usr/bin/openssl verify -CAfile ${bundle}`] = { code: 0 };
    expect(await status()).toEqual([bundle.startsWith('/etc/ssl') ? 'partly' : 'yes']);
    machine.answers['/usr/bin/openssl verify'] = { code: 0 };
    expect(await status()).toEqual(['yes']);
    machine.put({ [join(anchor, '../left.crt')]: newAuthority() });
    expect(await status()).toEqual(['partly']);
  });
});

it('a system with no store that is known says so, and is left alone', async () => {
  expect(systemTrustFiles(machine.system)).toBeUndefined();
  expect(await createLinuxStore(machine.system).plan(AUTHORITY)).toEqual([]);
  expect(await createLinuxStore(machine.system).status(AUTHORITY)).toMatchObject([
    { state: 'absent', says: expect.stringContaining('ca-certificates') },
  ]);
});
