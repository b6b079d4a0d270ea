/**
 * A policy repository as the publisher keeps it: `public/` is what a web server serves (TUF with consistent snapshots), `keys/` what signs
 * it, `repository.json` how it was set up.
 */

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { HoldpointError, messageOf } from '../../../contract/errors.ts';
import { ringName } from '../../../contract/settings/fleet.ts';
import { writeFileAtomically } from '../../data-dir.ts';
import { type SigningKey, unsealed } from './keys.ts';
import { type Kind, parseMetadata, type Signed } from './metadata.ts';

export const daysSchema = z.strictObject({
  root: z.number().positive().max(3660),
  targets: z.number().positive().max(3660),
  snapshot: z.number().positive().max(3660),
  timestamp: z.number().positive().max(3660),
});
/** How long what is signed counts. A ring's is as long as that of `targets`. */
export type Days = z.infer<typeof daysSchema>;

const setUpSchema = z.strictObject({
  format: z.literal('holdpoint-repository-1'),
  rings: z.array(ringName).min(1),
  days: daysSchema,
  /** What opens the keys: words that a person knows, or a secret in the operating system's keystore. */
  opens: z.enum(['passphrase', 'keystore']).default('passphrase'),
});
export type SetUp = z.infer<typeof setUpSchema>;

/** What is published now. */
export interface Published {
  readonly root: Signed<'root'>;
  readonly targets: Signed<'targets'>;
  readonly rings: ReadonlyMap<string, Signed<'targets'>>;
  readonly snapshot: Signed<'snapshot'>;
  readonly timestamp: Signed<'timestamp'>;
}

/** A file of `public/`. */
export interface Write {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface RepositoryFolder {
  readonly dir: string;
  readonly setUp: SetUp;
  published(): Published;
  /** Of what is served. */
  read(name: string): Buffer;
  /** In this order, each whole or not at all: whoever reads meanwhile sees what was published before or after. */
  write(writes: readonly Write[]): void;
  hasKey(role: string): boolean;
  /** The key that the repository names for a role, by its id. Throws HoldpointError `not-found` where it is not here. */
  key(role: string, id: string, passphrase: string): SigningKey;
  /** Beside the one that the role has, which counts until the repository names this one. */
  addKey(role: string, key: SigningKey, passphrase: string): void;
  /** The one that was added is the role's only one from now on. */
  settleKey(role: string): void;
}

/** Throws HoldpointError `not-found` where there is none, or `policy-invalid` where it cannot be read. */
export function openFolder(path: string): RepositoryFolder {
  const dir = resolve(path);
  const file = join(dir, 'repository.json');
  if (!existsSync(file))
    throw new HoldpointError('not-found', `There is no policy repository in ${dir}. Make one with: holdpoint fleet init ${path}`);
  return folder(
    dir,
    readable(file, () => setUpSchema.parse(JSON.parse(readFileSync(file, 'utf8')))),
  );
}

/** Throws HoldpointError `policy-invalid` where something is there already. */
export function newFolder(path: string, setUp: SetUp): RepositoryFolder {
  const dir = resolve(path);
  if (existsSync(dir) && readdirSync(dir).length > 0)
    throw new HoldpointError('policy-invalid', `${dir} is not empty. Name a folder that is new.`);
  mkdirSync(join(dir, 'public'), { recursive: true });
  mkdirSync(join(dir, 'keys'), { mode: 0o700 });
  writeFileAtomically(join(dir, 'repository.json'), `${JSON.stringify(setUp, null, 2)}\n`, 0o644);
  return folder(dir, setUp);
}

/** One publisher at a time. Throws HoldpointError `data-dir-busy`. */
export async function whileLocked<R>(dir: string, work: () => R | Promise<R>): Promise<R> {
  const file = join(dir, 'publishing.lock');
  takeLock(file, dir);
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function folder(dir: string, setUp: SetUp): RepositoryFolder {
  const publicFile = (name: string) => join(dir, 'public', name);
  const keyFile = (role: string) => join(dir, 'keys', `${role}.json`);
  const nextFile = (role: string) => join(dir, 'keys', `${role}.next.json`);
  const metadata = <K extends Kind>(kind: K, name: string) =>
    readable(publicFile(name), () => parseMetadata(kind, readFileSync(publicFile(name), 'utf8')));
  return {
    dir,
    setUp,
    published() {
      const versions = readdirSync(join(dir, 'public')).flatMap((name) => Number(/^(\d+)\.root\.json$/.exec(name)?.[1] ?? []));
      const timestamp = metadata('timestamp', 'timestamp.json');
      const snapshot = metadata('snapshot', `${timestamp.meta['snapshot.json']?.version}.snapshot.json`);
      const role = (name: string) => metadata('targets', `${snapshot.meta[`${name}.json`]?.version}.${name}.json`);
      return {
        root: metadata('root', `${Math.max(...versions)}.root.json`),
        targets: role('targets'),
        rings: new Map(setUp.rings.map((ring) => [ring, role(ring)])),
        snapshot,
        timestamp,
      };
    },
    read: (name) => readable(publicFile(name), () => readFileSync(publicFile(name))),
    write(writes) {
      for (const { name, bytes } of writes) {
        mkdirSync(dirname(publicFile(name)), { recursive: true });
        writeFileAtomically(publicFile(name), bytes, 0o644);
      }
    },
    hasKey: (role) => existsSync(keyFile(role)),
    key(role, id, passphrase) {
      // Beside it lies a new one where an exchange of keys was cut off.
      const files = [keyFile(role), nextFile(role)].filter((file) => existsSync(file));
      if (files.length === 0)
        throw new HoldpointError('not-found', `The key of ${role} is not in ${keyFile(role)}. Bring it there for as long as it is needed.`);
      for (const file of files) {
        const key = unsealed(readFileSync(file, 'utf8'), passphrase, file);
        if (key.id === id) return key;
      }
      throw new HoldpointError('not-found', `${keyFile(role)} is not the key that the repository names for ${role}. Restore that one.`);
    },
    addKey: (role, key, passphrase) => writeFileAtomically(nextFile(role), key.sealed(passphrase), 0o600),
    settleKey: (role) => renameSync(nextFile(role), keyFile(role)),
  };
}

function readable<R>(file: string, read: () => R): R {
  try {
    return read();
  } catch (thrown) {
    throw new HoldpointError(
      'policy-invalid',
      `${file} cannot be used: ${firstLine(thrown)}. Restore the repository from a backup.`,
      thrown,
    );
  }
}

function firstLine(thrown: unknown): string {
  return thrown instanceof z.ZodError ? 'it is not what Holdpoint writes' : (messageOf(thrown).split('\n', 1)[0] ?? '');
}

function takeLock(file: string, dir: string): void {
  for (const attempt of [1, 2]) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return;
    } catch (thrown) {
      const holder = Number(readIfThere(file));
      if (attempt === 1 && Number.isSafeInteger(holder) && holder > 0 && !isRunning(holder)) rmSync(file, { force: true });
      else
        throw new HoldpointError(
          'data-dir-busy',
          `Somebody else is publishing in ${dir}. Try again when that is done; if nobody is, remove ${file}.`,
          thrown,
        );
    }
  }
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
}
