/**
 * For an engine of several users: a client shows whose it is by making a folder. Node does not tell who is at the other end of a socket;
 * the file system tells who made a folder. It must be a folder: a hard link to somebody else's file would be a name of one's own for it,
 * and folders cannot be linked. Nor can one be moved here by whoever may not write in it, which is nobody but its owner.
 */

import { randomBytes } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, readdirSync, rmdirSync, type Stats, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { CONTROL_CLAIMS } from '../../contract/control.ts';
import { HoldpointError } from '../../contract/errors.ts';
import type { Door, Identity } from './door.ts';

/** Whose a folder is. */
export interface FolderOwner {
  /** Login name, or the id as text. */
  readonly name: string;
  readonly admin: boolean;
  /** What the system knows the user by. */
  readonly id: string;
}

export interface ClaimsOptions {
  readonly runDir: string;
  /** Login name of a numeric user id. */
  readonly nameOf: (uid: number) => Promise<string>;
  /** Where files have no numeric owner (Windows): whose the folder is. Undefined where that cannot be told. */
  readonly ownerOf?: (path: string) => Promise<FolderOwner | undefined>;
}

/** Anybody may make a folder in it; nobody but the engine sees which there are; and what is one's own nobody else can take away. */
const CLAIMS_MODE = 0o1733;
const NONCE = /^[0-9a-f]{32}$/;

export function createClaimDoor({ runDir, nameOf, ownerOf }: ClaimsOptions): Door {
  const claims = join(runDir, CONTROL_CLAIMS);

  return {
    open() {
      removeAll(claims);
      mkdirSync(claims, { recursive: true });
      if (process.platform !== 'win32') chmodSync(claims, CLAIMS_MODE);
      const found = lstatSync(claims);
      if (!found.isDirectory() || (process.platform !== 'win32' && found.uid !== process.getuid?.()))
        throw new Error(`${claims} is not a folder of the engine’s own`);
    },
    challenge: () => randomBytes(16).toString('hex'),
    async admit({ claim }, nonce) {
      if (nonce === undefined || claim !== nonce || !NONCE.test(nonce)) throw refused();
      const path = join(claims, nonce);
      try {
        const owner = ownerOf ? await ownerOf(path) : await ownerIn(path);
        // What is mounted there, or holds something, is not what was asked for.
        rmdirSync(path);
        if (owner) return identityOf(owner);
      } catch {
        // Not there, or not as it must be: the same answer.
      }
      remove(path);
      throw refused();
    },
    forget: (nonce) => remove(join(claims, nonce)),
    close: () => removeAll(claims),
  };

  async function ownerIn(path: string): Promise<FolderOwner | undefined> {
    const found = lstatSync(path);
    if (!isClaim(found, lstatSync(claims))) return undefined;
    return { name: await nameOf(found.uid), admin: found.uid === 0, id: String(found.uid) };
  }
}

/**
 * Whether a folder says by its owner who made it. On another device than the folder it lies in, it is a file system of the user's own,
 * mounted there (FUSE), which names whatever owner it likes. Where others may write in it, they may have moved it here.
 */
export function isClaim(found: Pick<Stats, 'isDirectory' | 'dev' | 'mode'>, claims: Pick<Stats, 'dev'>): boolean {
  return found.isDirectory() && found.dev === claims.dev && (found.mode & 0o077) === 0;
}

function identityOf({ name, admin, id }: FolderOwner): Identity {
  return admin ? { level: 'admin', user: undefined, name, share: id } : { level: 'user', user: name, name, share: id };
}

function refused(): HoldpointError {
  return new HoldpointError(
    'control-refused',
    'The engine does not accept this client: it was not shown whose it is. Connect again; if that does not help, restart the guard’s service.',
  );
}

function removeAll(claims: string): void {
  let names: readonly string[];
  try {
    names = readdirSync(claims);
  } catch {
    return; // Nothing is there, or no folder, which is told of when one is to be made.
  }
  for (const name of names) remove(join(claims, name));
}

/**
 * What holds something stays, and is nobody's nonce: to go into other people's folders and remove what is there would let them lead us
 * elsewhere, by a link that was a folder a moment ago.
 */
function remove(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    try {
      unlinkSync(path);
    } catch {
      // It stays.
    }
  }
}
