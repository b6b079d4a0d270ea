/**
 * Verifies kept metadata with no network, from the pinned root on: every signature, every hash and version that one file says of the next.
 * Expiry is told, not enforced: an expired policy is still the last one that was known to be good. (tuf-js refuses it.)
 */

import { Readable } from 'node:stream';
import { Metadata, MetadataKind, type Root, type TargetFile, type Targets } from '@tufjs/models';
import type { SignedFiles } from './signed-files.ts';

export interface VerifiedFiles {
  readonly timestampVersion: number;
  /** Roles whose time is over at a moment (ms since 1970). */
  expiredAt(time: number): string[];
  /** What the metadata says of a target; undefined where it says nothing. */
  find(path: string): TargetFile | undefined;
}

/** Throws where anything does not hold. */
export function verifySignedFiles(pinnedRoot: string, files: SignedFiles): VerifiedFiles {
  const root = latestRoot(pinnedRoot, files.roots);
  const role = (name: string) => {
    const raw = files.roles.get(name);
    if (raw === undefined) throw new Error(`${name} is missing`);
    return { raw, json: JSON.parse(raw.toString('utf8')) };
  };

  const timestamp = Metadata.fromJSON(MetadataKind.Timestamp, role('timestamp').json);
  root.verifyDelegate('timestamp', timestamp);

  const keptSnapshot = role('snapshot');
  timestamp.signed.snapshotMeta.verify(keptSnapshot.raw);
  const snapshot = Metadata.fromJSON(MetadataKind.Snapshot, keptSnapshot.json);
  root.verifyDelegate('snapshot', snapshot);
  sameVersion('snapshot', snapshot.signed.version, timestamp.signed.snapshotMeta.version);

  const targetsOf = (name: string, delegator: Metadata<Root> | Metadata<Targets>) => {
    const said = Object.entries(snapshot.signed.meta).find(([file]) => file === `${name}.json`)?.[1];
    if (said === undefined) throw new Error(`the snapshot does not name ${name}`);
    const { raw, json } = role(name);
    said.verify(raw);
    const metadata = Metadata.fromJSON(MetadataKind.Targets, json);
    delegator.verifyDelegate(name, metadata);
    sameVersion(name, metadata.signed.version, said.version);
    return metadata;
  };
  const targets = targetsOf('targets', root);
  const verified = new Map<string, { readonly signed: { readonly expires: string } }>([
    ['root', root],
    ['timestamp', timestamp],
    ['snapshot', snapshot],
    ['targets', targets],
  ]);

  return {
    timestampVersion: timestamp.signed.version,
    expiredAt: (time) => [...verified].filter(([, { signed }]) => time >= Date.parse(signed.expires)).map(([name]) => name),
    find(path) {
      const own = targetIn(targets, path);
      if (own) return own;
      for (const { role: name, terminating } of targets.signed.delegations?.rolesForTarget(path) ?? []) {
        const delegate = targetsOf(name, targets);
        verified.set(name, delegate);
        const found = targetIn(delegate, path);
        if (found || terminating) return found;
      }
      return undefined;
    },
  };
}

/** Rejects where the bytes are not those that were signed as `path`. */
export async function verifyTarget(target: TargetFile, bytes: Buffer): Promise<void> {
  await target.verify(Readable.from([bytes]));
}

/** The last root of the chain that the pinned one begins. Throws where that is no root, or the next one was not signed by the one before. */
export function latestRoot(pinnedRoot: string, following: readonly Buffer[]): Metadata<Root> {
  let trusted = Metadata.fromJSON(MetadataKind.Root, JSON.parse(pinnedRoot));
  trusted.verifyDelegate('root', trusted);
  for (const bytes of following) {
    const next = Metadata.fromJSON(MetadataKind.Root, JSON.parse(bytes.toString('utf8')));
    // The pinned one may have been replaced by a later one of the same chain.
    if (next.signed.version <= trusted.signed.version) continue;
    trusted.verifyDelegate('root', next);
    next.verifyDelegate('root', next);
    sameVersion('root', next.signed.version, trusted.signed.version + 1);
    trusted = next;
  }
  return trusted;
}

function targetIn({ signed }: Metadata<Targets>, path: string): TargetFile | undefined {
  return Object.hasOwn(signed.targets, path) ? signed.targets[path] : undefined;
}

function sameVersion(name: string, version: number, wanted: number): void {
  if (version !== wanted) throw new Error(`${name} has version ${version}, not ${wanted}`);
}
