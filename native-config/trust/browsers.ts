/**
 * Browsers on Linux by their policies, which are the whole machine's: what a person makes of their own profile later does not matter.
 * - Chromium and its kin: `CACertificates` (https://chromeenterprise.google/policies/#CACertificates), since about version 132. Of two
 *   files that set the same policy only one counts, so where somebody has set it, it stays theirs.
 * - Firefox: `Certificates.Install` (https://mozilla.github.io/policy-templates/#certificates--install), read by packages and the snap
 *   alike from /etc/firefox/policies. Its `ImportEnterpriseRoots` does nothing on Linux.
 */

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import type { PartState } from '../part.ts';
import { isAsWanted } from '../steps/perform.ts';
import type { EditStep, Step, WriteStep } from '../steps/step.ts';
import type { System } from '../system.ts';
import type { Authority } from './authority.ts';
import { toolAt } from './layouts.ts';
import { hasCertutil, sweep } from './nss.ts';
import { INSTALL, removeOld, type TrustStore } from './store.ts';

interface Browser {
  readonly name: string;
  /** Any of them is there where the browser is. */
  readonly signs: readonly string[];
  readonly policies: string;
}

const CHROMIUM_KIN: readonly Browser[] = [
  { name: 'Chrome', signs: ['/opt/google/chrome', '/usr/bin/google-chrome'], policies: '/etc/opt/chrome/policies/managed' },
  { name: 'Chromium', signs: ['/usr/bin/chromium', '/usr/lib64/chromium-browser'], policies: '/etc/chromium/policies/managed' },
  {
    name: 'Chromium of Ubuntu',
    signs: ['/snap/chromium', '/usr/lib/chromium-browser'],
    policies: '/etc/chromium-browser/policies/managed',
  },
  { name: 'Edge', signs: ['/opt/microsoft/msedge'], policies: '/etc/opt/edge/policies/managed' },
  { name: 'Brave', signs: ['/opt/brave.com/brave', '/usr/bin/brave-browser'], policies: '/etc/brave/policies/managed' },
];
const POLICY = 'CACertificates';
const MAX_POLICY = 1024 * 1024;

const FIREFOX = [
  '/usr/bin/firefox',
  '/usr/bin/firefox-esr',
  '/usr/lib/firefox',
  '/usr/lib64/firefox',
  '/opt/firefox',
  '/snap/firefox',
  '/etc/firefox/policies',
];
const FIREFOX_POLICIES = '/etc/firefox/policies/policies.json';
/** Beside the policies: of the machine's files the snap sees this folder and no other. */
const FIREFOX_CERTIFICATE = '/etc/firefox/policies/holdpoint.crt';

export function createChromiumPolicies(system: System): TrustStore {
  return {
    async plan(authority) {
      return browsersOf(system).flatMap((browser) => {
        const step = policyOf(browser, authority);
        if (isAsWanted(system, step) || setByOthers(system, browser) !== undefined) return [];
        return [...(existsSync(system.root + step.file) ? [removeOld(step.file, `${browser.name}’s policies`)] : []), step];
      });
    },
    async status(authority) {
      return browsersOf(system).map((browser): PartState => {
        const what = `${browser.name}’s policies`;
        const others = setByOthers(system, browser);
        const step = policyOf(browser, authority);
        if (others === undefined)
          return isAsWanted(system, step)
            ? { what, state: 'yes', says: `${step.file} has it trust ${authority.name}. chrome://policy there shows it.` }
            : { what, state: 'no', says: `They do not name the device’s authority. ${INSTALL}` };
        return readBounded(system, others)?.includes(authority.base64)
          ? { what, state: 'yes', says: `${others} has it trust ${authority.name}.` }
          : { what, state: 'no', says: `${others} sets ${POLICY} already, and only one file can. Add the device’s authority there.` };
      });
    },
  };
}

/** Only with certutil: what the policy has copied into profiles could not be taken back without. */
export function createFirefoxPolicy(system: System): TrustStore {
  return {
    async plan(authority) {
      const certutil = toolAt(system, 'certutil');
      if (!isHere(system, FIREFOX) || certutil === undefined) return [];
      const file = certificateOf(authority);
      const missing: readonly Step[] = [file, firefoxPolicy()].filter((step) => !isAsWanted(system, step));
      if (missing.length === 0) return [];
      const isOld = missing.includes(file) && existsSync(system.root + file.file);
      return [sweep(system, certutil, authority), ...(isOld ? [removeOld(file.file, 'Firefox’s policies')] : []), ...missing];
    },
    async status(authority) {
      if (!isHere(system, FIREFOX)) return [];
      const what = 'Firefox’s policies';
      if (!hasCertutil(system))
        return [{ what, state: 'no', says: `They are set only where certutil is there to take them back: install it. ${INSTALL}` }];
      return [certificateOf(authority), firefoxPolicy()].every((step) => isAsWanted(system, step))
        ? [{ what, state: 'yes', says: `${FIREFOX_POLICIES} has it trust ${authority.name}. about:policies there shows it.` }]
        : [{ what, state: 'no', says: `They do not name the device’s authority. ${INSTALL}` }];
    },
  };
}

/** Whether Firefox trusts the authority by its policy: root sees to that, and for others it is so or not. */
export function hasFirefoxPolicy(system: System, authority: Authority): boolean {
  if (system.uid === 0) return isHere(system, FIREFOX) && hasCertutil(system);
  return [certificateOf(authority), firefoxPolicy()].every((step) => isAsWanted(system, step));
}

function policyOf({ name, policies }: Browser, authority: Authority): WriteStep {
  return {
    kind: 'write',
    says: `Has ${name} trust “${authority.name}”, by policy`,
    file: `${policies}/holdpoint.json`,
    text: `${JSON.stringify({ [POLICY]: [authority.base64] }, null, 2)}\n`,
    mode: 0o644,
  };
}

function certificateOf(authority: Authority): WriteStep {
  return {
    kind: 'write',
    says: `Puts “${authority.name}” where Firefox can read it`,
    file: FIREFOX_CERTIFICATE,
    text: authority.pem,
    mode: 0o644,
  };
}

function firefoxPolicy(): EditStep {
  return {
    kind: 'edit',
    says: 'Has Firefox trust it, by policy',
    file: FIREFOX_POLICIES,
    edit: { kind: 'items', path: ['policies', 'Certificates', 'Install'], items: [FIREFOX_CERTIFICATE] },
    mode: 0o644,
  };
}

function browsersOf(system: System): readonly Browser[] {
  return CHROMIUM_KIN.filter(({ signs }) => isHere(system, signs));
}

function isHere(system: System, signs: readonly string[]): boolean {
  return signs.some((sign) => existsSync(system.root + sign));
}

/** Another file that sets the policy. */
function setByOthers(system: System, { policies }: Browser): string | undefined {
  let names: readonly string[];
  try {
    names = readdirSync(system.root + policies);
  } catch {
    return undefined;
  }
  const others = names.filter((name) => name.endsWith('.json') && name !== 'holdpoint.json').map((name) => `${policies}/${name}`);
  return others.sort().find((file) => readBounded(system, file)?.includes(`"${POLICY}"`));
}

function readBounded(system: System, file: string): string | undefined {
  try {
    return statSync(system.root + file).size <= MAX_POLICY ? readFileSync(system.root + file, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}
