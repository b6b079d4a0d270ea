/** The fleet's policy that is in force, as it is kept on this device for a start without network. */

import { HoldpointError, messageOf } from '../../contract/errors.ts';
import { bundlePath, type FleetBundle, unpackBundle } from './bundle.ts';
import type { LastGood } from './kept.ts';
import { problemOf } from './problem.ts';
import { verifySignedFiles, verifyTarget } from './verify-cached.ts';

/**
 * The bundle of what is kept, verified from the pinned root on; or, where the root is another one now, by this device's own seal:
 * a wrong root must not take a policy out of force. `expired`: roles whose time is over. Rejects with FleetProblem where neither holds.
 */
export async function verifyLastGood(
  { good, sealed }: { readonly good: LastGood; readonly sealed: boolean },
  { pinnedRoot, url, at }: { readonly pinnedRoot: string; readonly url: string; readonly at: number },
): Promise<{ readonly bundle: FleetBundle; readonly expired: readonly string[]; readonly otherRoot: boolean }> {
  let expired: readonly string[] = [];
  let otherRoot = false;
  try {
    const verified = verifySignedFiles(pinnedRoot, good.files);
    const target = verified.find(good.path);
    if (target === undefined) throw new Error(`${good.path} was not signed`);
    await verifyTarget(target, good.bundle);
    expired = verified.expiredAt(at);
  } catch (thrown) {
    if (!sealed) throw problemOf('cache-broken', url, messageOf(thrown), thrown);
    otherRoot = true;
  }
  return { bundle: await unpackAs(good.bundle, { ring: good.ring, revision: good.revision, url }), expired, otherRoot };
}

/** The bundle, which must say of itself what was signed of it. Rejects with FleetProblem. */
export async function unpackAs(
  bytes: Buffer,
  { ring, revision, url }: { readonly ring: string; readonly revision: number; readonly url: string },
): Promise<FleetBundle> {
  let bundle: FleetBundle;
  try {
    bundle = await unpackBundle(bytes);
  } catch (thrown) {
    const why = thrown instanceof HoldpointError ? thrown.message.replace(/^[^:]*: |\.$/g, '') : messageOf(thrown);
    throw problemOf('bundle', url, why.startsWith('format:') ? 'it has another format, of a newer version' : why, thrown);
  }
  if (bundle.ring !== ring || bundle.revision !== revision)
    throw problemOf('wrong-bundle', url, `${bundlePath(bundle.ring, bundle.revision)} in the place of ${bundlePath(ring, revision)}`);
  return bundle;
}
