/**
 * The NSS databases in people's homes, which Chromium and its kin before they knew policies for this, Electron apps and Firefox read:
 * by certutil of NSS, with their owner's rights, where a database is there. Nobody gets one made.
 * https://chromium.googlesource.com/chromium/src/+/main/docs/linux/cert_management.md
 * https://firefox-source-docs.mozilla.org/security/nss/legacy/tools/certutil/index.html
 */

import { globSync } from 'node:fs';
import { certificatesIn } from '../../main/engine/certificates/bundle.ts';
import type { PartState } from '../part.ts';
import type { Step, ToolCall } from '../steps/step.ts';
import type { System } from '../system.ts';
import { type Authority, base64Of } from './authority.ts';
import { toolAt } from './layouts.ts';
import { INSTALL, type TrustStore } from './store.ts';
import { ACCOUNTS, type Account, accountsOf, asAccount } from './users.ts';

const WHAT = 'browsers’ own certificate databases';
/** In a home; a star is any one folder. Their order is the order of the steps. */
const PLACES = [
  '.pki/nssdb',
  '.local/share/pki/nssdb',
  'snap/*/current/.pki/nssdb',
  '.var/app/*/.pki/nssdb',
  '.mozilla/firefox/*',
  '.config/mozilla/firefox/*',
  'snap/firefox/common/.mozilla/firefox/*',
  '.var/app/org.mozilla.firefox/.mozilla/firefox/*',
];
const MAX_DATABASES = 100;

/** Debian, Fedora and Arch, and openSUSE call its package differently. */
const INSTALL_CERTUTIL = 'install certutil (package libnss3-tools, nss-tools, nss or mozilla-nss-tools)';

/** Its owner can do that as well as root. */
const AGAIN = 'Close what uses it, and run: holdpoint trust install';

interface Database {
  readonly account: Account;
  readonly folder: string;
  /** A profile of a Firefox that reads the machine's policies. */
  readonly isFirefox: boolean;
}

/** What goes by one nickname: certificates of one name share it. */
interface Found {
  readonly nickname: string;
  /** In base64. */
  readonly certificates: readonly string[];
  /** For servers: a C in the first of the three fields. */
  readonly isTrusted: boolean;
}

export function hasCertutil(system: System): boolean {
  return toolAt(system, 'certutil') !== undefined;
}

/** `hasPolicy`: whether Firefox trusts the authority by its policy, and its profiles need nothing but to lose older ones. */
export function createNssStore(system: System, hasPolicy: (authority: Authority) => boolean = () => false): TrustStore {
  return {
    async plan(authority) {
      const certutil = toolAt(system, 'certutil');
      if (!certutil) return [];
      const steps: Step[] = [];
      for (const database of await databasesOf(system)) {
        const found = await foundIn(certutil, database);
        if (found === undefined) continue; // Told by status.
        const stale = found.filter(({ certificates }) => certificates.some((one) => one !== authority.base64));
        for (const { nickname, certificates } of stale) steps.push(...certificates.map(() => removal(certutil, database, nickname)));
        const isThere = found.some((one) => one.isTrusted && one.certificates.includes(authority.base64) && !stale.includes(one));
        if (!isThere && !(database.isFirefox && hasPolicy(authority))) steps.push(addition(certutil, database, authority));
      }
      return steps.length === 0 ? [] : [sweep(system, certutil, authority), ...steps];
    },

    async status(authority) {
      const certutil = toolAt(system, 'certutil');
      const databases = await databasesOf(system);
      if (!certutil)
        return databases.length === 0
          ? []
          : [{ what: WHAT, state: 'no', says: `There are ${databases.length}, and no tool for them: ${INSTALL_CERTUTIL}. ${INSTALL}` }];
      const states: PartState[] = [];
      for (const database of databases) states.push(await stateOf(certutil, database, authority));
      return states;
    },
  };

  async function stateOf(certutil: string, database: Database, authority: Authority): Promise<PartState> {
    const { account, folder } = database;
    const what = `${account.name}’s certificate database ${folder}`;
    const found = await foundIn(certutil, database);
    if (found === undefined) return { what, state: 'no', says: 'certutil cannot read it. It may be damaged, or in use.' };
    const ours = found.find(({ certificates }) => certificates.includes(authority.base64));
    const byPolicy = database.isFirefox && hasPolicy(authority);
    if (!byPolicy && (!ours || !(await isValid(certutil, database, ours.nickname))))
      return {
        what,
        state: 'no',
        says: `Programs that read it, Electron apps and older browsers, do not trust the device’s authority. ${AGAIN}`,
      };
    if (found.some(({ certificates }) => certificates.some((one) => one !== authority.base64)))
      return { what, state: 'partly', says: `It trusts an older authority of Holdpoint too. ${AGAIN}` };
    return { what, state: 'yes', says: byPolicy ? 'Firefox’s policy counts in it.' : `${authority.name} is trusted in it.` };
  }

  /** Holdpoint's certificates; undefined where the database cannot be read. */
  async function foundIn(certutil: string, database: Database): Promise<readonly Found[] | undefined> {
    const listed = await ask(database, [certutil, '-L', '-d', `sql:${database.folder}`]);
    if (listed.code !== 0) return undefined;
    const found: Found[] = [];
    for (const [nickname, flags] of nicknamesIn(listed.out)) {
      const { out } = await ask(database, [certutil, '-L', '-d', `sql:${database.folder}`, '-n', nickname, '-a']);
      found.push({ nickname, certificates: certificatesIn(out).map(base64Of), isTrusted: /^[^,]*C/.test(flags) });
    }
    return found;
  }

  /** As an authority for servers' certificates. */
  async function isValid(certutil: string, database: Database, nickname: string): Promise<boolean> {
    return (await ask(database, [certutil, '-V', '-u', 'L', '-n', nickname, '-d', `sql:${database.folder}`])).code === 0;
  }

  function ask({ account }: Database, call: ToolCall) {
    const [program, ...args] = asAccount(system, account, call);
    return system.run(program, args);
  }

  function removal(certutil: string, { account, folder }: Database, nickname: string): Step {
    return {
      kind: 'run',
      says: `Removes an older authority of Holdpoint from ${account.name}’s certificate database, for good`,
      command: asAccount(system, account, [certutil, '-D', '-d', `sql:${folder}`, '-n', nickname]),
      mayFail: true,
    };
  }

  function addition(certutil: string, { account, folder }: Database, authority: Authority): Step {
    return {
      kind: 'run',
      says: `Has browsers of ${account.name} that read ${folder} trust “${authority.name}”`,
      command: asAccount(system, account, [certutil, '-A', '-a', '-t', 'C,,', '-n', authority.name, '-d', `sql:${folder}`]),
      input: authority.pem,
      mayFail: true,
    };
  }
}

/**
 * Holdpoint's nicknames and their flags, in what `certutil -L` lists: a nickname and three fields a line. Firefox adds the organisation
 * to its nicknames.
 */
export function nicknamesIn(out: string): ReadonlyMap<string, string> {
  const pairs = out.split('\n').flatMap((line): [string, string][] => {
    const [, nickname, flags] = /^(Holdpoint on .*?)\s+([A-Za-z]*,[A-Za-z]*,[A-Za-z]*)\s*$/.exec(line) ?? [];
    return nickname !== undefined && flags !== undefined ? [[nickname, flags]] : [];
  });
  return new Map(pairs);
}

async function databasesOf(system: System): Promise<readonly Database[]> {
  const found = (await accountsOf(system)).flatMap((account) =>
    PLACES.flatMap((place) => globSync(`${place}/cert9.db`, { cwd: system.root + account.home }).sort()).map((file) => ({
      account,
      folder: `${account.home}/${file.slice(0, -'/cert9.db'.length)}`,
      isFirefox: file.includes('firefox/') && !file.startsWith('.var/'),
    })),
  );
  return found.slice(0, MAX_DATABASES);
}

/**
 * Removes this very certificate from every database that is there when it is taken back: Firefox copies what its policy names into
 * profiles that are made later (Policies.sys.mjs, `Certificates.Install`).
 */
export function sweep(system: System, certutil: string, authority: Authority): Step {
  const databases = PLACES.map((place) => `"$HOME"/${place}/cert9.db`).join(' ');
  const inHome = [
    `for file in ${databases}; do`,
    '[ -f "$file" ] || continue; db="sql:$' + '{file%/cert9.db}";',
    `"$1" -L -d "$db" | sed -n 's/^\\(Holdpoint on .*[^ ]\\)  *[A-Za-z]*,[A-Za-z]*,[A-Za-z]* *$/\\1/p' | while read -r name; do`,
    `found=$("$1" -L -d "$db" -n "$name" -a | grep -v -e ----- | tr -d '\\r\\n');`,
    '[ "$found" = "$2" ] && "$1" -D -d "$db" -n "$name";',
    'done; done',
  ].join(' ');
  const everywhere = [
    `${ACCOUNTS} | while IFS=: read -r name x uid gid about home shell; do`,
    '[ -d "$home" ] || continue;',
    'env -i PATH=/usr/bin:/bin HOME="$home" setpriv --reuid="$uid" --regid="$gid" --clear-groups sh -c "$3" sh "$1" "$2" </dev/null;',
    'done',
  ].join(' ');
  const words = [certutil, authority.base64];
  return {
    kind: 'run',
    says: 'Once it is taken back, removes it from browsers’ certificate databases',
    undo: system.uid === 0 ? ['/bin/sh', '-c', everywhere, 'sh', ...words, inHome] : ['/bin/sh', '-c', inHome, 'sh', ...words],
    undoMayFail: true,
  };
}
