/** Where private keys are kept: the operating system's keystore, or a private file where there is none. */

import { resolve } from 'node:path';
import { HoldpointError } from '../../contract/errors.ts';
import { readOwnFile, removeOwnFile, writeOwnFile } from './files.ts';

export type KeystoreState = 'keystore' | 'unprotected';

export interface Keystore {
  /**
   * The secret kept under a name; undefined where there is none. Names are lower case, digits and dashes.
   * `HoldpointError` `ca-invalid` where a key file is a link, or open to others.
   */
  get(name: string): Promise<string | undefined>;
  set(name: string, value: string): Promise<void>;
  /** Forgets a secret wherever it is kept; false where there was none. `HoldpointError` where it is still there. */
  remove(name: string): Promise<boolean>;
  /** `unprotected` once a secret was read from or written to a file. */
  state(): KeystoreState;
}

/** What a keystore needs of the operating system's. Rejects where it cannot be reached. */
export interface SystemKeystore {
  get(account: string): Promise<string | undefined>;
  set(account: string, value: string): Promise<void>;
  /** False where there was none. */
  remove?(account: string): Promise<boolean>;
}

/** The name under which the credential of a route is kept. */
export function credentialKey(name: string): string {
  return `route-${name}`;
}

/**
 * The keys of one data folder. A key that is in a file stays there; a new one goes to the operating system's keystore, or to
 * `dir/NAME.key` where that cannot be reached. `system: undefined` always takes files.
 */
export function openKeystore(options: { dir: string; system: SystemKeystore | undefined }): Keystore {
  const { dir, system } = options;
  let unprotected = false;

  return {
    async get(name) {
      const inFile = await readOwnFile(fileOf(name), 'private');
      if (inFile === undefined) return await system?.get(accountOf(name)).catch(() => undefined);
      unprotected = true;
      return inFile;
    },
    async set(name, value) {
      if (system && (await keptBySystem(system, accountOf(name), value))) return;
      await writeOwnFile(fileOf(name), value, 'private');
      unprotected = true;
    },
    async remove(name) {
      const wasInFile = await removeOwnFile(fileOf(name));
      const wasInSystem = (await system?.remove?.(accountOf(name)).catch(() => false)) ?? false;
      if ((await system?.get(accountOf(name)).catch(() => undefined)) !== undefined)
        throw new HoldpointError('internal', `The system's keystore does not let go of "${name}". Unlock it, or remove it there by hand.`);
      return wasInFile || wasInSystem;
    },
    state: () => (unprotected ? 'unprotected' : 'keystore'),
  };

  function fileOf(name: string): string {
    if (!/^[a-z0-9-]+$/.test(name)) throw new HoldpointError('internal', `"${name}" cannot name a key. This is a fault in Holdpoint.`);
    return resolve(dir, `${name}.key`);
  }

  /** Two data folders on one machine must not share keys, and a person who looks should see whose they are. */
  function accountOf(name: string): string {
    return `${name} ${resolve(dir)}`;
  }
}

/** The operating system's keystore; undefined with `HOLDPOINT_KEYSTORE=file`, or where its library cannot be loaded. */
export async function systemKeystore(env: NodeJS.ProcessEnv): Promise<SystemKeystore | undefined> {
  if (env.HOLDPOINT_KEYSTORE === 'file') return undefined;
  if (env.HOLDPOINT_KEYSTORE !== undefined && env.HOLDPOINT_KEYSTORE !== 'system') {
    throw new HoldpointError(
      'config-invalid',
      `HOLDPOINT_KEYSTORE is "${env.HOLDPOINT_KEYSTORE}". It may be "system" or "file", or absent.`,
    );
  }
  const library = await import('@napi-rs/keyring').catch(() => undefined);
  if (!library) return undefined;
  // Unasked, the library falls back to the kernel's keyring, which forgets everything when the machine restarts.
  const entry = (account: string) => new library.AsyncEntry('Holdpoint', account, { linux: { store: 'secret-service' } });
  return {
    get: async (account) => (await entry(account).getPassword()) ?? undefined,
    set: (account, value) => entry(account).setPassword(value),
    remove: async (account) => await entry(account).deleteCredential(),
  };
}

/** Read back, because a keystore that forgets would cost the user a new authority at the next start. */
async function keptBySystem(system: SystemKeystore, account: string, value: string): Promise<boolean> {
  try {
    await system.set(account, value);
    return (await system.get(account)) === value;
  } catch {
    // Locked, absent or refused: it makes no difference, the file is taken and shown as unprotected.
    return false;
  }
}
