/**
 * The keystores of Java's runtimes, by keytool, which each of them brings
 * (https://docs.oracle.com/en/java/javase/21/docs/specs/man/keytool.html). What a distribution makes for all of them together, such as
 * Debian's /etc/ssl/certs/java/cacerts, follows the system's own store: a runtime whose `cacerts` leads there has nothing to be done.
 */

import { lstatSync, readdirSync, realpathSync } from 'node:fs';
import type { PartState } from '../part.ts';
import type { Step, ToolCall } from '../steps/step.ts';
import type { System } from '../system.ts';
import type { Authority } from './authority.ts';
import { INSTALL, type TrustStore } from './store.ts';

/** The password that every `cacerts` has; it keeps nothing secret. */
const PASSWORD = 'changeit';
const MAX_RUNTIMES = 64;
/** Where runtimes lie by themselves: each folder in these may be one. */
const PARENTS: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ['/usr/lib/jvm', '/usr/lib64/jvm', '/usr/java', '/opt/java', '/opt'],
  darwin: ['/Library/Java/JavaVirtualMachines'],
  win32: ['Java', 'Eclipse Adoptium', 'Microsoft', 'Amazon Corretto', 'Zulu', 'BellSoft'],
};
/** Made by the distribution's own hook of its update tool. */
const FOLLOWS_SYSTEM = [
  '/etc/ssl/certs/java/cacerts',
  '/etc/pki/java/cacerts',
  '/etc/pki/ca-trust/extracted/java/cacerts',
  '/etc/ca-certificates/extracted/java-cacerts.jks',
  '/var/lib/ca-certificates/java-cacerts',
];
/** Debian names its entries after the links in /etc/ssl/certs, and leaves them there when a link has gone. */
const DEBIAN_ENTRY = 'debian:holdpoint.pem';

interface Runtime {
  readonly home: string;
  readonly keytool: string;
  /** Links followed. */
  readonly keystore: string;
  readonly followsSystem: boolean;
}

export function createJavaStore(system: System): TrustStore {
  return {
    async plan(authority) {
      const steps: Step[] = [];
      for (const runtime of runtimesOf(system)) {
        const entries = await entriesOf(runtime);
        if (runtime.followsSystem) {
          if (system.root + FOLLOWS_SYSTEM[0] !== runtime.keystore || entries?.some((entry) => entry.isOf(authority))) continue;
          steps.push({
            kind: 'run',
            says: `Once it is taken back, removes it from Debian’s keystore of Java, where its own tool leaves it`,
            undo: keytool(runtime, '-delete', '-alias', DEBIAN_ENTRY),
            undoMayFail: true,
          });
          continue;
        }
        if (entries === undefined) continue; // Another password: told by status.
        steps.push(...entries.filter((entry) => !entry.isOf(authority)).map((entry) => removal(runtime, entry.alias)));
        if (!entries.some((entry) => entry.isOf(authority))) steps.push(addition(runtime, authority));
      }
      return steps;
    },

    async status(authority) {
      const states: PartState[] = [];
      for (const runtime of runtimesOf(system)) {
        const what = `Java in ${runtime.home}`;
        const entries = await entriesOf(runtime);
        if (entries === undefined)
          states.push({ what, state: 'no', says: `${runtime.keystore} cannot be read with keytool. Add the authority to it yourself.` });
        else if (!entries.some((entry) => entry.isOf(authority)))
          states.push({ what, state: 'no', says: `Its keystore ${runtime.keystore} does not have the device’s authority. ${INSTALL}` });
        else if (entries.some((entry) => !entry.isOf(authority)))
          states.push({ what, state: 'partly', says: `It trusts an older authority of Holdpoint too. ${INSTALL}` });
        else states.push({ what, state: 'yes', says: `${authority.name} is trusted in ${runtime.keystore}.` });
      }
      return states;
    },
  };

  /** Holdpoint's entries, by the names that we and Debian give them; undefined where keytool cannot list the keystore. */
  async function entriesOf(runtime: Runtime): Promise<readonly Entry[] | undefined> {
    const [program, ...args] = keytool(runtime, '-J-Duser.language=en', '-list');
    const { code, out } = await system.run(program, args);
    return code === 0 ? entriesIn(out) : undefined;
  }
}

export interface Entry {
  readonly alias: string;
  isOf(authority: Authority): boolean;
}

/** In what `keytool -list` prints: an entry a line, its fingerprint in the next, SHA-256 since Java 9 and SHA-1 before. */
export function entriesIn(out: string): readonly Entry[] {
  const lines = out.split(/\r?\n/);
  return lines.flatMap((line, at) => {
    const alias = /^((?:debian:)?holdpoint[^,]*),/i.exec(line)?.[1];
    const next = lines[at + 1] ?? '';
    return alias === undefined
      ? []
      : [{ alias, isOf: ({ sha256, sha1 }: Authority) => next.endsWith(` ${sha256}`) || next.endsWith(` ${sha1}`) }];
  });
}

function removal(runtime: Runtime, alias: string): Step {
  return {
    kind: 'run',
    says: `Removes an older authority of Holdpoint from Java in ${runtime.home}, for good`,
    command: keytool(runtime, '-delete', '-alias', alias),
  };
}

function addition(runtime: Runtime, authority: Authority): Step {
  const alias = `holdpoint-${authority.sha256.replaceAll(':', '').slice(0, 12).toLowerCase()}`;
  return {
    kind: 'run',
    says: `Has Java in ${runtime.home} trust “${authority.name}”`,
    command: keytool(runtime, '-importcert', '-noprompt', '-alias', alias),
    input: authority.pem,
    undo: keytool(runtime, '-delete', '-alias', alias),
    undoMayFail: true, // The runtime may have been removed, or replaced by its next version.
  };
}

/** `-keystore`, not `-cacerts`: Java 8 does not know that. */
function keytool({ keytool: program, keystore }: Runtime, ...args: readonly string[]): ToolCall {
  return [program, ...args, '-keystore', keystore, '-storepass', PASSWORD];
}

/** One for each keystore, however many names lead to it. */
function runtimesOf(system: System): readonly Runtime[] {
  const homes = parentsOf(system).flatMap((parent) => foldersIn(system.root + parent).map((name) => `${parent}/${name}`));
  const runtimes = homes.slice(0, MAX_RUNTIMES).flatMap((home) => runtimeAt(system, home) ?? []);
  return [...new Map(runtimes.map((runtime) => [runtime.keystore, runtime])).values()];
}

function parentsOf({ platform, env }: System): readonly string[] {
  const parents = PARENTS[platform] ?? [];
  return platform === 'win32' ? parents.map((name) => `${env.ProgramFiles || 'C:\\Program Files'}/${name}`) : parents;
}

function runtimeAt(system: System, home: string): Runtime | undefined {
  const real = system.root + home;
  const inside = system.platform === 'darwin' ? `${real}/Contents/Home` : real;
  const program = realFile(`${inside}/bin/keytool${system.platform === 'win32' ? '.exe' : ''}`);
  const keystore = realFile(`${inside}/lib/security/cacerts`) ?? realFile(`${inside}/jre/lib/security/cacerts`);
  if (program === undefined || keystore === undefined || !isOurs(system, program)) return undefined;
  return { home, keytool: program, keystore, followsSystem: FOLLOWS_SYSTEM.some((file) => system.root + file === keystore) };
}

/** What another user could have written is not run as root. */
function isOurs({ uid }: System, file: string): boolean {
  const stats = lstatSync(file);
  return uid === undefined || ((stats.uid === 0 || stats.uid === uid) && (stats.mode & 0o022) === 0);
}

function realFile(file: string): string | undefined {
  try {
    const real = realpathSync(file);
    return lstatSync(real).isFile() ? real : undefined;
  } catch {
    return undefined;
  }
}

function foldersIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
