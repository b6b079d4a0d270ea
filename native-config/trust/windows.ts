/**
 * The computer's store of trusted roots on Windows, by certutil
 * (https://learn.microsoft.com/windows-server/administration/windows-commands/certutil). What is there is read with PowerShell's
 * certificate drive, since certutil prints in the system's language
 * (https://learn.microsoft.com/powershell/module/microsoft.powershell.security/about/about_certificate_provider).
 *
 * Edge and Chrome read this store. Firefox does since version 120, and before by its policy `ImportEnterpriseRoots`
 * (https://mozilla.github.io/policy-templates/#certificates--importenterpriseroots).
 */

import { servicePlaces } from '../../main/contract/service-places.ts';
import type { PartState } from '../part.ts';
import type { Step } from '../steps/step.ts';
import type { System } from '../system.ts';
import { type Authority, holdpointAuthority } from './authority.ts';
import { INSTALL, type TrustStore } from './store.ts';

const WHAT = 'the computer’s trusted root certificates';
const FIREFOX_KEY = 'HKLM\\SOFTWARE\\Policies\\Mozilla\\Firefox\\Certificates';
const FIREFOX_VALUE = 'ImportEnterpriseRoots';
/** One certificate a line, in base64. */
const LIST =
  "Get-ChildItem Cert:\\LocalMachine\\Root | Where-Object { $_.Subject -like '*O=Holdpoint*' } | ForEach-Object { [Convert]::ToBase64String($_.RawData) }";

export function createWindowsStore(system: System): TrustStore {
  const folder = `${system.env.SystemRoot || 'C:\\Windows'}\\System32`;
  const certutil = `${folder}\\certutil.exe`;

  return {
    async plan(authority) {
      const found = await ours();
      const old = found.filter(({ base64 }) => base64 !== authority.base64);
      const removals = old.map(
        ({ name, sha1 }): Step => ({
          kind: 'run',
          says: `Removes an older authority, “${name}”, from ${WHAT}, for good: nothing uses its key any more`,
          command: [certutil, '-delstore', 'Root', thumbprint(sha1)],
        }),
      );
      if (old.length < found.length) return removals;
      const file = `${servicePlaces('win32', system.env).configDir}\\holdpoint.crt`;
      return [
        ...removals,
        { kind: 'write', says: `Keeps “${authority.name}” for certutil`, file, text: authority.pem, mode: 0o644 },
        {
          kind: 'run',
          says: `Has this computer trust “${authority.name}” (SHA-256 ${authority.sha256})`,
          command: [certutil, '-addstore', '-f', 'Root', file],
          undo: [certutil, '-delstore', 'Root', thumbprint(authority.sha1)],
        },
      ];
    },

    async status(authority) {
      const { code } = await system.run(certutil, ['-verifystore', 'Root', thumbprint(authority.sha1)]);
      const isOldThere = (await ours()).some(({ base64 }) => base64 !== authority.base64);
      const state: Pick<PartState, 'state' | 'says'> =
        code !== 0
          ? { state: 'no', says: 'The device’s authority is not among them. As an administrator, run: holdpoint trust install' }
          : isOldThere
            ? { state: 'partly', says: 'An older authority of Holdpoint is among them too. Run: holdpoint trust install' }
            : { state: 'yes', says: `${authority.name} is trusted by what asks Windows.` };
      return [{ what: WHAT, ...state }];
    },
  };

  async function ours(): Promise<readonly Authority[]> {
    const powershell = `${folder}\\WindowsPowerShell\\v1.0\\powershell.exe`;
    const { out } = await system.run(powershell, ['-NoProfile', '-NonInteractive', '-Command', LIST]);
    return out.split(/\r?\n/).flatMap((line) => {
      const base64 = line.trim();
      return /^[A-Za-z0-9+/=]{100,8000}$/.test(base64) ? (holdpointAuthority(pemOf(base64)) ?? []) : [];
    });
  }
}

/** Older Firefoxes, by the registry's policy. What an administrator has set there stays. */
export function createWindowsFirefoxPolicy(system: System): TrustStore {
  const reg = `${system.env.SystemRoot || 'C:\\Windows'}\\System32\\reg.exe`;
  return {
    async plan() {
      if (!(await isFirefoxHere()) || (await set()) !== undefined) return [];
      return [
        {
          kind: 'run',
          says: 'Has Firefox read the computer’s trusted root certificates, by policy',
          command: [reg, 'add', FIREFOX_KEY, '/v', FIREFOX_VALUE, '/t', 'REG_DWORD', '/d', '1', '/f'],
          undo: [reg, 'delete', FIREFOX_KEY, '/v', FIREFOX_VALUE, '/f'],
          undoMayFail: true,
        },
      ];
    },
    async status() {
      if (!(await isFirefoxHere())) return [];
      const what = 'Firefox’s policies';
      const value = await set();
      if (value === '0x1') return [{ what, state: 'yes', says: 'They have it read the computer’s trusted root certificates.' }];
      return value === undefined
        ? [{ what, state: 'no', says: `They do not have it read the computer’s trusted roots. ${INSTALL}` }]
        : [{ what, state: 'no', says: `An administrator has set ${FIREFOX_VALUE} to off in ${FIREFOX_KEY}. Set it to 1 there.` }];
    },
  };

  /** "0x1"; undefined where nobody has set it. */
  async function set(): Promise<string | undefined> {
    const { code, out } = await system.run(reg, ['query', FIREFOX_KEY, '/v', FIREFOX_VALUE]);
    return code === 0 ? /REG_DWORD\s+(0x[0-9a-f]+)/i.exec(out)?.[1] : undefined;
  }

  async function isFirefoxHere(): Promise<boolean> {
    return (await system.run(reg, ['query', 'HKLM\\SOFTWARE\\Mozilla\\Mozilla Firefox'])).code === 0;
  }
}

function thumbprint(sha1: string): string {
  return sha1.replaceAll(':', '').toLowerCase();
}

function pemOf(base64: string): string {
  return `-----BEGIN CERTIFICATE-----\n${base64.match(/.{1,64}/g)?.join('\n')}\n-----END CERTIFICATE-----\n`;
}
