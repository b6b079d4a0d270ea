/** What opens a publisher's keys: a passphrase from HOLDPOINT_PASSPHRASE or typed unseen, or a secret in the system's keystore. */

import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { HoldpointError } from '../contract/errors.ts';
import { type SystemKeystore, systemKeystore } from '../engine/certificates/keystore.ts';
import { openFolder } from '../engine/fleet/publish/folder.ts';
import { type Io, UsageError } from './io.ts';
import { readSecret } from './secret-input.ts';

const LEAST = 8;

type OpenKeystore = (env: NodeJS.ProcessEnv) => Promise<SystemKeystore | undefined>;

/** Of the repository in `dir`. Throws UsageError where nobody can be asked, or HoldpointError `not-found` where the keystore has none. */
export async function passphrase(io: Io, dir: string, keystore: OpenKeystore = systemKeystore): Promise<string> {
  if (openFolder(dir).setUp.opens === 'passphrase') return io.env.HOLDPOINT_PASSPHRASE ?? (await asked(io, 'Passphrase of the keys: '));
  const kept = await (await keystore(io.env))?.get(accountOf(dir)).catch(() => undefined);
  if (kept !== undefined) return kept;
  throw new HoldpointError(
    'not-found',
    `The keystore of this system has nothing that opens the keys in ${resolve(dir)}. Publish as the user, and on the machine, that made it.`,
  );
}

/** One that is new: long enough, and typed twice where it is typed. */
export async function newPassphrase(io: Io): Promise<string> {
  const given = io.env.HOLDPOINT_PASSPHRASE;
  const first = given ?? (await asked(io, `A passphrase for the keys, ${LEAST} characters or more: `));
  if (first.length < LEAST) throw new UsageError(`The passphrase is too short: ${LEAST} characters or more, better several words.`);
  if (given === undefined && (await asked(io, 'Once more: ')) !== first) throw new UsageError('The two are not the same.');
  return first;
}

/** A secret that nobody has to know, kept for `dir` by the system. Throws HoldpointError `not-found` where there is no keystore. */
export async function newKeystoreSecret(io: Io, dir: string, keystore: OpenKeystore = systemKeystore): Promise<string> {
  const system = await keystore(io.env);
  const secret = randomBytes(32).toString('base64url');
  try {
    await system?.set(accountOf(dir), secret);
    if ((await system?.get(accountOf(dir))) === secret) return secret;
  } catch {
    // Locked, or refused: the same as none.
  }
  throw new HoldpointError('not-found', 'This system offers no keystore that can be used. Leave --keystore out, and choose a passphrase.');
}

function accountOf(dir: string): string {
  return `fleet ${resolve(dir)}`;
}

function asked(io: Io, question: string): Promise<string> {
  if (!io.input.isTTY) throw new UsageError('Nobody can be asked for the passphrase here: set HOLDPOINT_PASSPHRASE.');
  return readSecret(io, question);
}
