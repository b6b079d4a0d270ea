/** Browsers on Linux: their policies, and the databases in people's homes. */

import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPerformer } from '../../../../native-config/steps/perform.ts';
import { checkedAuthority } from '../../../../native-config/trust/authority.ts';
import { createChromiumPolicies, createFirefoxPolicy } from '../../../../native-config/trust/browsers.ts';
import { createNssStore, nicknamesIn } from '../../../../native-config/trust/nss.ts';
import { createOwnTrust } from '../../../../native-config/trust/trust.ts';
import { type FolderMachine, folderMachine, NOW, newAuthority, told } from './fixture.ts';

const CA = newAuthority();
const AUTHORITY = checkedAuthority(CA, NOW);
const OLD = checkedAuthority(newAuthority(), NOW);
const POLICY = '/etc/opt/chrome/policies/managed/holdpoint.json';

let machine: FolderMachine;
beforeEach(() => {
  machine = folderMachine('linux');
});
afterEach(() => rmSync(machine.system.root, { recursive: true }));

describe('Chromium’s policies', () => {
  const plan = async () => told(machine, await createChromiumPolicies(machine.system).plan(AUTHORITY));
  const states = async () => (await createChromiumPolicies(machine.system).status(AUTHORITY)).map(({ what, state }) => [what, state]);

  it('are set for browsers that are there, each in its own folder', async () => {
    expect(await plan()).toEqual([]);
    machine.put({ '/opt/google/chrome/chrome': '', '/usr/bin/chromium': '', '/snap/chromium/x': '', '/opt/microsoft/msedge/x': '' });
    expect(await plan()).toEqual([
      `Has Chrome trust “Holdpoint on laptop”, by policy: ${POLICY}`,
      'Has Chromium trust “Holdpoint on laptop”, by policy: /etc/chromium/policies/managed/holdpoint.json',
      'Has Chromium of Ubuntu trust “Holdpoint on laptop”, by policy: /etc/chromium-browser/policies/managed/holdpoint.json',
      'Has Edge trust “Holdpoint on laptop”, by policy: /etc/opt/edge/policies/managed/holdpoint.json',
    ]);
  });

  it('hold the certificate alone, and an older one’s file does not come back', async () => {
    machine.put({ '/opt/google/chrome/chrome': '', [POLICY]: JSON.stringify({ CACertificates: [OLD.base64] }) });
    const steps = await createChromiumPolicies(machine.system).plan(AUTHORITY);
    expect(steps).toMatchObject([
      { kind: 'run', command: ['/bin/rm', '-f', '--', POLICY] },
      { kind: 'write', file: POLICY, text: `${JSON.stringify({ CACertificates: [AUTHORITY.base64] }, null, 2)}\n` },
    ]);
    machine.put({ [POLICY]: (steps[1] as { text: string }).text });
    expect(await states()).toEqual([['Chrome’s policies', 'yes']]);
  });

  it('that IT has set already stay IT’s: of two files one would count', async () => {
    const theirs = '/etc/opt/chrome/policies/managed/company.json';
    machine.put({ '/opt/google/chrome/chrome': '', [theirs]: '{"CACertificates": ["AAAA"]}' });
    expect(await plan()).toEqual([]);
    expect(await states()).toEqual([['Chrome’s policies', 'no']]);
    machine.put({ [theirs]: JSON.stringify({ CACertificates: ['AAAA', AUTHORITY.base64] }) });
    expect(await states()).toEqual([['Chrome’s policies', 'yes']]);
  });
});

describe('Firefox’s policies', () => {
  const FILE = '/etc/firefox/policies/policies.json';

  it('are set only where what they do can be taken back', async () => {
    machine.put({ '/usr/bin/firefox': '' });
    expect(await createFirefoxPolicy(machine.system).plan(AUTHORITY)).toEqual([]);
    expect(await createFirefoxPolicy(machine.system).status(AUTHORITY)).toMatchObject([
      { state: 'no', says: expect.stringContaining('certutil') },
    ]);
  });

  it('keep what IT has written there, and are as before once taken back', async () => {
    const theirs =
      '{\n  "policies": {\n    "Certificates": { "Install": ["company.pem"] }, // ours\n    "DisableTelemetry": true\n  }\n}\n';
    machine.put({ '/usr/bin/firefox': '', '/usr/bin/certutil': '', [FILE]: theirs });
    const performer = createPerformer(machine.system, '/etc/holdpoint/installed.json');
    const policy = createFirefoxPolicy(machine.system);
    await performer.make('trust', await policy.plan(AUTHORITY));
    expect(await policy.plan(AUTHORITY)).toEqual([]);
    expect(await policy.status(AUTHORITY)).toMatchObject([{ state: 'yes' }]);
    expect(machine.read(FILE)).toMatch(/"company\.pem",\s*"\/etc\/firefox\/policies\/holdpoint\.crt"/);
    expect(await performer.takeBack(['trust'])).toEqual([]);
    expect(machine.read(FILE)).toBe(theirs);
    expect(machine.ran.at(-1)).toContain('certutil');
  });
});

describe('NSS databases', () => {
  const HOME = '/home/dev';
  const certutil = (rest: string) =>
    `/usr/bin/env -i PATH=/usr/bin:/bin HOME=${HOME} /usr/bin/setpriv --reuid=1000 --regid=1000 --clear-groups -- /usr/bin/certutil ${rest}`;
  const listed = (...lines: readonly string[]) =>
    ['', 'Certificate Nickname                Trust Attributes', '                  SSL,S/MIME,JAR/XPI', '', ...lines, ''].join('\n');
  const plan = async () => told(machine, await createNssStore(machine.system).plan(AUTHORITY));

  beforeEach(() => {
    machine.put({ '/usr/bin/certutil': '', '/usr/bin/setpriv': '', [`${HOME}/.pki/nssdb/cert9.db`]: '' });
    machine.answers['/bin/sh -c { getent'] = {
      out: `root:x:0:0:root:/root:/bin/bash\ndev:x:1000:1000:Dev:${HOME}:/bin/bash\ngone:x:1001:1001::/home/gone:/bin/sh\nodd:x:-1:x::/:/bin/sh\n`,
    };
    machine.answers[certutil(`-L -d sql:${HOME}/.pki/nssdb`)] = { out: listed() };
  });

  it('get the authority with their owner’s rights and no more', async () => {
    expect(await plan()).toEqual([
      'Once it is taken back, removes it from browsers’ certificate databases',
      `Has browsers of dev that read ${HOME}/.pki/nssdb trust “Holdpoint on laptop”: ${certutil(`-A -a -t C,, -n Holdpoint on laptop -d sql:${HOME}/.pki/nssdb`)}`,
    ]);
    for (const call of machine.ran.filter((line) => line.includes('certutil')))
      expect(call).toMatch(/^\/usr\/bin\/env -i .* --reuid=1000 /);
  });

  it('of snaps, Flatpaks and Firefox’s profiles are found as well', async () => {
    const profiles = ['snap/chromium/current/.pki/nssdb', '.mozilla/firefox/x.default', '.var/app/com.google.Chrome/.pki/nssdb'];
    machine.put(Object.fromEntries(profiles.map((folder) => [`${HOME}/${folder}/cert9.db`, ''])));
    machine.answers[certutil('-L')] = { out: listed() };
    const steps = (await plan()).join('\n');
    for (const folder of profiles) expect(steps).toContain(`-d sql:${HOME}/${folder}`);
  });

  it('that hold it have nothing to be done; an older one of the same name makes both go, and it come again', async () => {
    const list = certutil(`-L -d sql:${HOME}/.pki/nssdb`);
    machine.answers[list] = { out: listed('Company CA                  C,,', 'Holdpoint on laptop                 C,,  ') };
    machine.answers[`${list} -n Holdpoint on laptop -a`] = { out: CA };
    expect(await plan()).toEqual([]);
    machine.answers[`${list} -n Holdpoint on laptop -a`] = { out: OLD.pem + CA };
    expect((await plan()).slice(1).map((step) => / -(A|D) /.exec(step)?.[1])).toEqual(['D', 'D', 'A']);
  });

  it('of Firefox need nothing where its policy counts, but to lose an older one', async () => {
    const profile = `${HOME}/.mozilla/firefox/x.default`;
    machine.put({ [`${profile}/cert9.db`]: '', '/usr/bin/firefox': '' });
    const list = certutil(`-L -d sql:${profile}`);
    machine.answers[list] = { out: listed('Holdpoint on laptop - Holdpoint      ,,') };
    machine.answers[`${list} -n Holdpoint on laptop - Holdpoint -a`] = { out: OLD.pem };
    machine.answers[certutil(`-L -d sql:${HOME}/.pki/nssdb`)] = { code: 1 };
    const nss = createNssStore(machine.system, () => true);
    expect(told(machine, await nss.plan(AUTHORITY)).slice(1)).toEqual([expect.stringContaining(` -D -d sql:${profile}`)]);
    machine.answers[list] = { out: listed() };
    expect(await nss.plan(AUTHORITY)).toEqual([]);
    expect((await nss.status(AUTHORITY)).map(({ state }) => state)).toEqual(['no', 'yes']);
  });

  it('that cannot be read keep nobody else from being set up, and are told', async () => {
    machine.answers[certutil(`-L -d sql:${HOME}/.pki/nssdb`)] = { code: 255, err: 'SEC_ERROR_BAD_DATABASE' };
    expect(await plan()).toEqual([]);
    expect(await createNssStore(machine.system).status(AUTHORITY)).toMatchObject([
      { state: 'no', says: expect.stringContaining('damaged') },
    ]);
  });

  it('of one person are set up by that person', async () => {
    machine = { ...machine, system: { ...machine.system, uid: 1000 } };
    machine.answers[`/usr/bin/certutil -L -d sql:${HOME}/.pki/nssdb`] = { out: listed() };
    const steps = await createOwnTrust(machine.system, () => NOW).plan({ proxyUrl: '', caPem: CA });
    expect(told(machine, steps)[1]).toContain(`: /usr/bin/certutil -A -a -t C,, `);
  });

  it('are told apart by nicknames that begin like ours, flags and all', () => {
    expect([...nicknamesIn('Holdpoint on a b - Holdpoint    CT,C,   \nNot Holdpoint on x   C,,\nHoldpoint on y   ,,\n')]).toEqual([
      ['Holdpoint on a b - Holdpoint', 'CT,C,'],
      ['Holdpoint on y', ',,'],
    ]);
  });
});
