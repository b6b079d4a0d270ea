/** On a copy of this machine: Debian's keystore of Java, which follows the system's, and that of a runtime which has its own. */

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCertificateAuthority } from '../../../main/engine/certificates/authority.ts';
import { openKeystore } from '../../../main/engine/certificates/keystore.ts';
import type { PartState } from '../../../native-config/part.ts';
import { CLI } from '../../support/guard-process.ts';
import { FEW_ROOTS, type MachineCopy, openMachineCopy } from '../../support/machine-copy.ts';

const DEBIANS = '/etc/ssl/certs/java/cacerts';
const OWN = '/usr/lib/jvm/own/lib/security/cacerts';
const canRun = process.getuid?.() === 0 && existsSync(DEBIANS) && existsSync('/usr/bin/keytool');

let folder: string;
let copy: MachineCopy;

const trust = (...args: string[]) => copy.run(process.execPath, [CLI, 'trust', ...args, '--data-dir', folder]);
/** Fingerprints alone: Debian's tool dates its entries anew. */
const entries = (keystore: string) =>
  copy.shell(`keytool -list -keystore ${keystore} -storepass changeit 2>/dev/null | grep -o 'SHA-256.*' | sort`);

describe.skipIf(!canRun)('trust of Java', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'holdpoint-java-'));
    const keystore = openKeystore({ dir: folder, system: undefined });
    await openCertificateAuthority({ dir: folder, keystore, crlUrl: () => 'http://127.0.0.1/crl' });
    copy = await openMachineCopy();
    // Debian's tool first does what it has not done yet.
    await copy.shell(`${FEW_ROOTS}
      mkdir -p /usr/lib/jvm/own/bin /usr/lib/jvm/own/lib/security
      ln -s "$(readlink -f /usr/bin/keytool)" /usr/lib/jvm/own/bin/keytool
      cp ${DEBIANS} ${OWN}`);
  }, 120_000);
  afterAll(async () => {
    await copy?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is given to each keystore, found there by keytool, and taken out of each', async () => {
    const before = [await entries(DEBIANS), await entries(OWN)];
    const { stdout } = await trust('install', '--yes');
    expect(stdout).toContain('Has Java in /usr/lib/jvm/own trust “Holdpoint on ');
    const { trust: states } = JSON.parse((await trust('status', '--json')).stdout) as { trust: PartState[] };
    const java = states.filter(({ what }) => what.startsWith('Java in '));
    expect(java.length).toBeGreaterThanOrEqual(2);
    expect(java.map(({ state }) => state)).toEqual(java.map(() => 'yes'));
    expect(await entries(DEBIANS)).not.toBe(before[0]);
    expect((await trust('install', '--yes')).stdout).toContain('Nothing to do');
    const removed = await trust('remove', '--yes');
    expect(removed.stdout).toContain('Taken back.');
    expect([await entries(DEBIANS), await entries(OWN)]).toEqual(before);
  }, 120_000);
});
