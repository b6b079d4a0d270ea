/**
 * The System keychain and the administrators' trust settings of macOS, by security(1)
 * (https://ss64.com/mac/security.html; its source: https://opensource.apple.com/source/Security/).
 *
 * Since macOS 11 root alone may not change these settings: the system asks an administrator for a password, and refuses where nobody is
 * there to be asked (https://developer.apple.com/documentation/macos-release-notes/macos-big-sur-11_0_1-release-notes, Security). Where
 * nobody is, a configuration profile with the certificate does it (https://developer.apple.com/documentation/devicemanagement/certificateroot);
 * what a profile has brought is found here as trusted, and left alone.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { servicePlaces } from '../../main/contract/service-places.ts';
import { certificatesIn } from '../../main/engine/certificates/bundle.ts';
import type { PartState } from '../part.ts';
import type { Step } from '../steps/step.ts';
import type { System } from '../system.ts';
import { type Authority, holdpointAuthority } from './authority.ts';
import { INSTALL, type TrustStore } from './store.ts';

const SECURITY = '/usr/bin/security';
const KEYCHAIN = '/Library/Keychains/System.keychain';
const WHAT = 'the System keychain';

export function createMacosStore(system: System): TrustStore {
  return {
    async plan(authority) {
      const old = (await ours()).filter(({ base64 }) => base64 !== authority.base64).map(removal);
      if (await isTrusted(authority)) return old;
      const file = `${servicePlaces('darwin').configDir}/holdpoint.crt`;
      const write: Step = { kind: 'write', says: `Keeps “${authority.name}” for the keychain`, file, text: authority.pem, mode: 0o644 };
      const add: Step = {
        kind: 'run',
        says: `Has this Mac trust “${authority.name}” (SHA-256 ${authority.sha256}); since macOS 11 it asks an administrator for a password`,
        command: [SECURITY, 'add-trusted-cert', '-d', '-r', 'trustRoot', '-k', KEYCHAIN, file],
        undo: [SECURITY, 'delete-certificate', '-Z', authority.sha1.replaceAll(':', ''), '-t', KEYCHAIN],
      };
      return [...old, write, add];
    },

    async status(authority) {
      return [{ what: WHAT, ...(await asked(authority)) }];
    },
  };

  async function asked(authority: Authority): Promise<Pick<PartState, 'state' | 'says'>> {
    const found = await ours();
    if (!(await isTrusted(authority)))
      return found.some(({ base64 }) => base64 === authority.base64)
        ? {
            state: 'no',
            says: `The device’s authority is in it, but not trusted. ${INSTALL} at a screen, where an administrator can confirm it, or deploy it by a profile.`,
          }
        : { state: 'no', says: `The device’s authority is not in it. ${INSTALL}, or deploy it by a configuration profile.` };
    return found.some(({ base64 }) => base64 !== authority.base64)
      ? { state: 'partly', says: `An older authority of Holdpoint is in it too. ${INSTALL}` }
      : { state: 'yes', says: `${authority.name} is trusted by what asks macOS.` };
  }

  /** Holdpoint's authorities in the keychain. Found by their certificates: `-c` compares a part of the name only. */
  async function ours(): Promise<readonly Authority[]> {
    const { out } = await system.run(SECURITY, ['find-certificate', '-a', '-p', '-c', 'Holdpoint on', KEYCHAIN]);
    return certificatesIn(out).flatMap((pem) => holdpointAuthority(pem) ?? []);
  }

  /** As a server's issuer would be, with no network. The tool takes files only. */
  async function isTrusted(authority: Authority): Promise<boolean> {
    const folder = mkdtempSync(join(tmpdir(), 'holdpoint-'));
    try {
      const file = join(folder, 'ca.pem');
      writeFileSync(file, authority.pem);
      return (await system.run(SECURITY, ['verify-cert', '-c', file, '-l', '-L', '-p', 'ssl'])).code === 0;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

/** With `-t` its trust settings go along: those of the administrators too, where root runs it (keychain_delete.c). */
function removal({ name, sha1 }: Authority): Step {
  return {
    kind: 'run',
    says: `Removes an older authority, “${name}”, from the System keychain, for good: nothing uses its key any more`,
    command: [SECURITY, 'delete-certificate', '-Z', sha1.replaceAll(':', ''), '-t', KEYCHAIN],
  };
}
