/** Java's keystores, by what keytool prints. */

import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkedAuthority } from '../../../../native-config/trust/authority.ts';
import { createJavaStore, entriesIn } from '../../../../native-config/trust/java.ts';
import { type FolderMachine, folderMachine, NOW, newAuthority, told } from './fixture.ts';

const AUTHORITY = checkedAuthority(newAuthority(), NOW);
const OTHER = checkedAuthority(newAuthority(), NOW);
const ALIAS = `holdpoint-${AUTHORITY.sha256.replaceAll(':', '').slice(0, 12).toLowerCase()}`;
const OWN = '/usr/lib/jvm/own';
const LIST = `${OWN}/bin/keytool -J-Duser.language=en -list -keystore ${OWN}/lib/security/cacerts`;

/** As Java 17 prints it. */
function listed(...entries: readonly (readonly [alias: string, sha256: string])[]): string {
  const lines = entries.flatMap(([alias, sha256]) => [
    `${alias}, Nov 28, 2026, trustedCertEntry, `,
    `Certificate fingerprint (SHA-256): ${sha256}`,
  ]);
  return ['Keystore type: JKS', 'Keystore provider: SUN', '', 'Your keystore contains 142 entries', '', ...lines, ''].join('\n');
}

let machine: FolderMachine;
beforeEach(() => {
  machine = folderMachine('linux', process.getuid?.());
  machine.put({ [`${OWN}/bin/keytool`]: '', [`${OWN}/lib/security/cacerts`]: '' });
});
afterEach(() => rmSync(machine.system.root, { recursive: true }));

const plan = async () => told(machine, await createJavaStore(machine.system).plan(AUTHORITY));
const states = async () => (await createJavaStore(machine.system).status(AUTHORITY)).map(({ state }) => state);

describe('a Java with a keystore of its own', () => {
  it('gets the authority by keytool', async () => {
    machine.answers[LIST] = { out: listed(['debian:globalsign_root_ca.pem', 'EB:D4']) };
    expect(await plan()).toEqual([
      `Has Java in ${OWN} trust “Holdpoint on laptop”: ${OWN}/bin/keytool -importcert -noprompt -alias ${ALIAS} -keystore ${OWN}/lib/security/cacerts -storepass changeit`,
    ]);
    expect(await states()).toEqual(['no']);
  });

  it('has nothing to be done once it is there', async () => {
    machine.answers[LIST] = { out: listed([ALIAS, AUTHORITY.sha256]) };
    expect(await plan()).toEqual([]);
    expect(await states()).toEqual(['yes']);
  });

  it('loses an older authority', async () => {
    machine.answers[LIST] = { out: listed([ALIAS, AUTHORITY.sha256], ['holdpoint-0a1b2c3d4e5f', OTHER.sha256]) };
    expect(await plan()).toEqual([expect.stringMatching(/^Removes an older .*-delete -alias holdpoint-0a1b2c3d4e5f /)]);
    expect(await states()).toEqual(['partly']);
  });

  it('whose password is another is left alone, and told', async () => {
    machine.answers[LIST] = { code: 1, out: 'keytool error: java.io.IOException: keystore password was incorrect' };
    expect(await plan()).toEqual([]);
    expect(await states()).toEqual(['no']);
  });
});

it('a Java whose keytool others than root could have written is not run', async () => {
  machine = { ...machine, system: { ...machine.system, uid: (process.getuid?.() ?? 0) + 1 } };
  // The files belong to whoever runs this test: to root that is somebody else, unless it is root.
  if (process.getuid?.() === 0) return;
  expect(await plan()).toEqual([]);
  expect(machine.ran).toEqual([]);
});

it('fingerprints of Java 8 are SHA-1', () => {
  const out = `holdpoint-1, 1 Jun 2026, trustedCertEntry, \nCertificate fingerprint (SHA1): ${AUTHORITY.sha1}\n`;
  expect(entriesIn(out).map((entry) => [entry.alias, entry.isOf(AUTHORITY), entry.isOf(OTHER)])).toEqual([['holdpoint-1', true, false]]);
});

it('on macOS and Windows runtimes are where their installers put them', async () => {
  const mac = folderMachine('darwin', process.getuid?.());
  const home = '/Library/Java/JavaVirtualMachines/temurin-21.jdk';
  mac.put({ [`${home}/Contents/Home/bin/keytool`]: '', [`${home}/Contents/Home/lib/security/cacerts`]: '' });
  mac.answers[`${home}/Contents/Home/bin/keytool -J-Duser.language=en -list`] = { out: listed() };
  expect(told(mac, await createJavaStore(mac.system).plan(AUTHORITY))).toEqual([
    expect.stringContaining(`${home}/Contents/Home/bin/keytool -importcert`),
  ]);
  rmSync(mac.system.root, { recursive: true });
});
