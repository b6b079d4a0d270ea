/** How a client of an engine of several users shows whose it is: it makes the folder that the engine names. Runs on Node 18 and later. */

import { lstatSync, mkdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { CONTROL_CLAIMS, CONTROL_TOKEN } from '../../contract/control.ts';
import { HoldpointError, messageOf } from '../../contract/errors.ts';

/** Whether an engine that serves several users has this folder. */
export function isPublic(dir: string): boolean {
  return isThere(join(dir, CONTROL_CLAIMS)) && !isThere(join(dir, CONTROL_TOKEN));
}

/**
 * The folder is removed again where the engine has not done it. Throws HoldpointError `control-refused` where it cannot be made, or where
 * the folder is not one to make claims in: a link, which leads to where another engine would take the claim for its own client's.
 */
export function makeClaim(dir: string, nonce: string): { remove(): void } {
  const claims = join(dir, CONTROL_CLAIMS);
  const path = join(claims, nonce);
  try {
    const [outer, inner] = [lstatSync(dir), lstatSync(claims)];
    if (!outer.isDirectory() || !inner.isDirectory()) throw new Error('it is a link, or no folder');
    if (outer.uid !== inner.uid) throw new Error('it belongs to somebody else than the folder that it lies in');
    mkdirSync(path, { mode: 0o700 });
  } catch (thrown) {
    throw new HoldpointError(
      'control-refused',
      `The guard cannot be shown who you are: in ${claims} nothing can be made (${messageOf(thrown)}).`,
      thrown,
    );
  }
  return {
    remove() {
      try {
        rmdirSync(path);
      } catch {
        // The engine has, as it should.
      }
    },
  };
}

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false; // What cannot be looked at is no place to show anything in.
  }
}
