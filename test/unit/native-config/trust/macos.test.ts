/** The System keychain: exactly what would be run, on what security(1) prints. */

import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkedAuthority } from '../../../../native-config/trust/authority.ts';
import { createMacosStore } from '../../../../native-config/trust/macos.ts';
import { createTrust } from '../../../../native-config/trust/trust.ts';
import { type FolderMachine, folderMachine, NOW, newAuthority, told } from './fixture.ts';

const CA = newAuthority();
const AUTHORITY = checkedAuthority(CA, NOW);
const OLD = newAuthority({ commonName: 'Holdpoint on laptop' });
const OLD_SHA1 = checkedAuthority(OLD, NOW).sha1.replaceAll(':', '');
const KEYCHAIN = '/Library/Keychains/System.keychain';
const FILE = '/Library/Application Support/Holdpoint/holdpoint.crt';
const FIND = `/usr/bin/security find-certificate -a -p -c Holdpoint on ${KEYCHAIN}`;
const VERIFY = '/usr/bin/security verify-cert -c ';

let mac: FolderMachine;
beforeEach(() => {
  mac = folderMachine('darwin');
});
afterEach(() => rmSync(mac.system.root, { recursive: true }));

const plan = async () => told(mac, await createTrust(mac.system, () => NOW).plan({ proxyUrl: '', caPem: CA }));
const status = () => createMacosStore(mac.system).status(AUTHORITY);

describe('the System keychain', () => {
  it('gets the authority with the trust settings of administrators', async () => {
    mac.answers[VERIFY] = { code: 1, err: 'Cert Verify Result: CSSMERR_TP_NOT_TRUSTED' };
    // What it prints where nothing is found.
    mac.answers[FIND] = { code: 44, err: 'security: SecKeychainSearchCopyNext: The specified item could not be found in the keychain.' };
    expect(await plan()).toEqual([
      `Keeps “Holdpoint on laptop” for the keychain: ${FILE}`,
      `Has this Mac trust “Holdpoint on laptop” (SHA-256 ${AUTHORITY.sha256}); since macOS 11 it asks an administrator for a password: /usr/bin/security add-trusted-cert -d -r trustRoot -k ${KEYCHAIN} ${FILE}`,
    ]);
    expect(await status()).toMatchObject([{ state: 'no', says: expect.stringContaining('configuration profile') }]);
  });

  it('is taken back by its hash', async () => {
    const steps = await createMacosStore(mac.system).plan(AUTHORITY);
    expect(steps.at(-1)).toMatchObject({
      undo: ['/usr/bin/security', 'delete-certificate', '-Z', AUTHORITY.sha1.replaceAll(':', ''), '-t', KEYCHAIN],
    });
  });

  it('has nothing to be done where it is trusted, whoever has done that', async () => {
    mac.answers[VERIFY] = { out: '...certificate verification successful.\n' };
    expect(await plan()).toEqual([]);
    expect(await status()).toMatchObject([{ state: 'yes' }]);
  });

  it('loses an older authority, and nothing whose name only sounds like it', async () => {
    mac.answers[VERIFY] = {};
    mac.answers[FIND] = { out: `${CA}${OLD}${newAuthority({ commonName: 'Not Holdpoint on laptop' })}` };
    expect(await plan()).toEqual([
      `Removes an older authority, “Holdpoint on laptop”, from the System keychain, for good: nothing uses its key any more: /usr/bin/security delete-certificate -Z ${OLD_SHA1} -t ${KEYCHAIN}`,
    ]);
    expect(await status()).toMatchObject([{ state: 'partly' }]);
  });

  it('that holds it without trusting it says what to do', async () => {
    mac.answers[FIND] = { out: CA };
    expect(await status()).toMatchObject([
      { state: 'no', says: expect.stringMatching(/but not trusted\. .*an administrator can confirm/) },
    ]);
  });
});
