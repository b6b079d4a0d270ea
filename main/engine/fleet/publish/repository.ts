/** What a publisher does: make a repository, publish for a ring, sign anew, exchange keys. */

import { HoldpointError } from '../../../contract/errors.ts';
import { bundlePath, type FleetBundle, packBundle } from '../bundle.ts';
import { type Days, newFolder, openFolder, type Published, type RepositoryFolder, type SetUp, type Write, whileLocked } from './folder.ts';
import { newKey, type SigningKey } from './keys.ts';
import {
  commonPart,
  delegationsOf,
  metaOf,
  rootOf,
  type Signed,
  sha256,
  signedMetadata,
  TOP_ROLES,
  type TopRole,
  targetOf,
} from './metadata.ts';

export const STANDARD_DAYS: Days = { root: 365, targets: 90, snapshot: 7, timestamp: 1 };
const DAY_MS = 86_400_000;

interface Signing {
  readonly dir: string;
  readonly passphrase: string;
  readonly now?: Date;
}

/** Makes keys and an empty repository. Gives its root of trust, which devices are told. */
export async function initRepository(
  options: Signing & { readonly rings: readonly string[]; readonly days?: Days; readonly opens?: SetUp['opens'] },
): Promise<string> {
  const { dir, passphrase, now = new Date(), rings, days = STANDARD_DAYS, opens = 'passphrase' } = options;
  const reserved = rings.find((ring) => (TOP_ROLES as readonly string[]).includes(ring));
  if (reserved !== undefined)
    throw new HoldpointError('policy-invalid', `A ring cannot be called ${reserved}: that is a role of the repository.`);
  const folder = newFolder(dir, { format: 'holdpoint-repository-1', rings: [...new Set(rings)], days, opens });
  const keys = Object.fromEntries(TOP_ROLES.map((role) => [role, newKey()])) as Record<TopRole, SigningKey>;
  const ringKeys = new Map(folder.setUp.rings.map((ring) => [ring, newKey()]));
  for (const [role, key] of [...Object.entries(keys), ...ringKeys]) {
    folder.addKey(role, key, passphrase);
    folder.settleKey(role);
  }

  const root = signedMetadata(rootOf(1, expiry(days.root, now), keys), [keys.root]);
  const empty = (version: number): Signed<'targets'> => ({
    _type: 'targets',
    ...commonPart(version, expiry(days.targets, now)),
    targets: {},
  });
  const roles: Role[] = [
    { name: 'targets', signed: { ...empty(1), delegations: delegationsOf(ringKeys) }, signers: [keys.targets] },
    ...[...ringKeys].map(([name, key]) => ({ name, signed: empty(1), signers: [key] })),
  ];
  folder.write([
    { name: '1.root.json', bytes: root },
    { name: 'root.json', bytes: root },
    ...sealedAs({
      days,
      now,
      snapshot: undefined,
      timestamp: undefined,
      keys: { snapshot: [keys.snapshot], timestamp: [keys.timestamp] },
      roles,
    }),
  ]);
  return root.toString('utf8');
}

export interface PublishResult {
  readonly revision: number;
  readonly rollout: number;
}

/** What is published for a ring: the newest for all devices, and what is only for some of them, newest first. */
export function bundlesOf(
  { rings }: Published,
  ring: string,
): readonly { readonly revision: number; readonly rollout: number; readonly name: string }[] {
  return Object.entries(rings.get(ring)?.targets ?? {})
    .map(([path, { custom, hashes }]) => ({ ...custom, name: fileOf(path, hashes.sha256) }))
    .sort((one, other) => other.revision - one.revision);
}

/** Publishes what is new as the next revision; of what is the ring's newest already, only the share of devices grows. */
export async function publish(
  options: Signing & {
    readonly ring: string;
    readonly content: Pick<FleetBundle, 'policies' | 'tests' | 'settings'>;
    readonly rollout: number;
    readonly sameAsNewest: boolean;
  },
): Promise<PublishResult> {
  const { dir, passphrase, now = new Date(), ring, content, rollout, sameAsNewest } = options;
  return await whileLocked(dir, () => {
    const folder = openFolder(dir);
    const published = folder.published();
    const current = ringOf(published, ring);
    const [newest] = bundlesOf(published, ring);
    const targets = { ...current.targets };
    const writes: Write[] = [];
    let revision: number;
    if (sameAsNewest && newest) {
      if (rollout < newest.rollout)
        throw new HoldpointError(
          'policy-invalid',
          `Revision ${newest.revision} is for ${newest.rollout} % of ring ${ring} already, and a share can only grow. To go back, publish the content from before.`,
        );
      ({ revision } = newest);
      const path = bundlePath(ring, revision);
      targets[path] = { ...targets[path]!, custom: { revision, rollout } };
    } else {
      revision = Math.max(0, ...folder.setUp.rings.flatMap((name) => bundlesOf(published, name).map((bundle) => bundle.revision))) + 1;
      const bytes = packBundle({ format: 1, ring, revision, publishedAt: now.toISOString(), ...content });
      const path = bundlePath(ring, revision);
      targets[path] = targetOf(bytes, { revision, rollout });
      writes.push({ name: fileOf(path, sha256(bytes)), bytes });
    }
    const whole = Math.max(0, ...Object.values(targets).flatMap(({ custom }) => (custom.rollout === 100 ? custom.revision : [])));
    const kept = Object.fromEntries(Object.entries(targets).filter(([, { custom }]) => custom.revision >= whole));
    const signed = { ...current, ...commonPart(current.version + 1, expiry(folder.setUp.days.targets, now)), targets: kept };
    const roles: Role[] = [{ name: ring, signed, signers: [keyFor(folder, published, ring, passphrase)] }];
    folder.write([...writes, ...sealedAs({ ...partsOf(folder, published, passphrase, now), roles })]);
    return { revision, rollout };
  });
}

export interface Refreshed {
  /** What was signed anew, with when that expires. */
  readonly signed: ReadonlyMap<string, string>;
  /** What expires within half of its time, and whose key is not here. */
  readonly due: ReadonlyMap<string, string>;
}

/** Signs snapshot and timestamp anew, and what else has lived half of its time and whose key is here. */
export async function refresh({ dir, passphrase, now = new Date() }: Signing): Promise<Refreshed> {
  return await whileLocked(dir, () => {
    const folder = openFolder(dir);
    const published = folder.published();
    const { days } = folder.setUp;
    const old = (signed: { expires: string }, life: number) => Date.parse(signed.expires) - now.getTime() < (life * DAY_MS) / 2;
    const all = [['targets', published.targets] as const, ...published.rings].filter(([, signed]) => old(signed, days.targets));
    const due = new Map(all.filter(([name]) => !folder.hasKey(name)).map(([name, { expires }]) => [name, expires]));
    if (old(published.root, days.root)) due.set('root', published.root.expires);
    const roles: Role[] = all
      .filter(([name]) => folder.hasKey(name))
      .map(([name, signed]) => ({
        name,
        signed: { ...signed, ...commonPart(signed.version + 1, expiry(days.targets, now)) },
        signers: [keyFor(folder, published, name, passphrase)],
      }));
    folder.write(sealedAs({ ...partsOf(folder, published, passphrase, now), roles }));
    const after = folder.published();
    const signed = new Map([
      ...roles.map(({ name, signed: { expires } }) => [name, expires] as const),
      ['snapshot', after.snapshot.expires] as const,
      ['timestamp', after.timestamp.expires] as const,
    ]);
    return { signed, due };
  });
}

/**
 * Gives a role a new key. What depends on it is signed by both keys before devices hear of the new one, so that each of them, wherever it
 * stands in between, finds a signature that it knows.
 */
export async function rotate({ dir, passphrase, now = new Date(), role }: Signing & { readonly role: string }): Promise<void> {
  await whileLocked(dir, () => {
    const folder = openFolder(dir);
    const published = folder.published();
    const { days, rings } = folder.setUp;
    const isTop = (TOP_ROLES as readonly string[]).includes(role);
    if (!isTop && !rings.includes(role))
      throw new HoldpointError('not-found', `There is no role ${role}: ${[...TOP_ROLES, ...rings].join(', ')}.`);
    const next = newKey();
    if (!isTop) {
      const { delegations } = published.targets;
      const kept = new Map(rings.map((ring) => [ring, ring === role ? next : publicKeyOf(delegations, ring)]));
      const targets = {
        ...published.targets,
        ...commonPart(published.targets.version + 1, expiry(days.targets, now)),
        delegations: delegationsOf(kept),
      };
      const ring = ringOf(published, role);
      const signed = { ...ring, ...commonPart(ring.version + 1, expiry(days.targets, now)) };
      const roles: Role[] = [
        { name: 'targets', signed: targets, signers: [keyFor(folder, published, 'targets', passphrase)] },
        { name: role, signed, signers: [next] },
      ];
      const writes = sealedAs({ ...partsOf(folder, published, passphrase, now), roles });
      folder.addKey(role, next, passphrase);
      folder.write(writes);
      folder.settleKey(role);
      return;
    }
    const rootKey = keyFor(folder, published, 'root', passphrase);
    const oldKeys = { ...topKeysOf(published.root) };
    const root = rootOf(published.root.version + 1, expiry(days.root, now), { ...oldKeys, [role]: next });
    const bytes = signedMetadata(root, role === 'root' ? [rootKey, next] : [rootKey]);
    const rootFiles = [
      { name: `${root.version}.root.json`, bytes },
      { name: 'root.json', bytes },
    ];
    if (role === 'root') {
      folder.addKey(role, next, passphrase);
      folder.write(rootFiles);
      folder.settleKey(role);
      return;
    }
    const both = [keyFor(folder, published, role, passphrase), next];
    const parts = partsOf(folder, published, passphrase, now);
    const targets = { ...published.targets, ...commonPart(published.targets.version + 1, expiry(days.targets, now)) };
    const roles: Role[] = role === 'targets' ? [{ name: 'targets', signed: targets, signers: both }] : [];
    const writes = sealedAs({ ...parts, keys: { ...parts.keys, ...(role !== 'targets' && { [role]: both }) }, roles });
    folder.addKey(role, next, passphrase);
    folder.write([...writes, ...rootFiles]);
    folder.settleKey(role);
  });
}

interface Role {
  readonly name: string;
  readonly signed: Signed<'targets'>;
  readonly signers: readonly SigningKey[];
}

interface Parts {
  readonly days: Days;
  readonly now: Date;
  readonly snapshot: Signed<'snapshot'> | undefined;
  readonly timestamp: Signed<'timestamp'> | undefined;
  readonly keys: { readonly snapshot: readonly SigningKey[]; readonly timestamp: readonly SigningKey[] };
}

function partsOf(folder: RepositoryFolder, published: Published, passphrase: string, now: Date): Parts {
  const keyOf = (role: TopRole) => [keyFor(folder, published, role, passphrase)];
  const { snapshot, timestamp } = published;
  return { days: folder.setUp.days, now, snapshot, timestamp, keys: { snapshot: keyOf('snapshot'), timestamp: keyOf('timestamp') } };
}

function keyFor(folder: RepositoryFolder, { root, targets }: Published, role: string, passphrase: string): SigningKey {
  const isTop = (TOP_ROLES as readonly string[]).includes(role);
  const { id } = isTop ? topKeysOf(root)[role as TopRole] : publicKeyOf(targets.delegations, role);
  return folder.key(role, id, passphrase);
}

/** The roles, then what says which of them count: a device that comes in between sees what was published before. */
function sealedAs({ days, now, snapshot, timestamp, keys, roles }: Parts & { readonly roles: readonly Role[] }): Write[] {
  const files = roles.map(({ name, signed, signers }) => ({ name, version: signed.version, bytes: signedMetadata(signed, signers) }));
  const listed = Object.fromEntries(files.map(({ name, version, bytes }) => [`${name}.json`, metaOf(version, bytes)]));
  const nextSnapshot: Signed<'snapshot'> = {
    _type: 'snapshot',
    ...commonPart((snapshot?.version ?? 0) + 1, expiry(days.snapshot, now)),
    meta: { ...snapshot?.meta, ...listed },
  };
  const snapshotBytes = signedMetadata(nextSnapshot, keys.snapshot);
  const nextTimestamp: Signed<'timestamp'> = {
    _type: 'timestamp',
    ...commonPart((timestamp?.version ?? 0) + 1, expiry(days.timestamp, now)),
    meta: { 'snapshot.json': metaOf(nextSnapshot.version, snapshotBytes) },
  };
  return [
    ...files.map(({ name, version, bytes }) => ({ name: `${version}.${name}.json`, bytes })),
    { name: `${nextSnapshot.version}.snapshot.json`, bytes: snapshotBytes },
    { name: 'timestamp.json', bytes: signedMetadata(nextTimestamp, keys.timestamp) },
  ];
}

/** With consistent snapshots the hash stands before the file's own name. */
function fileOf(path: string, hash: string): string {
  return `targets/${path.replace(/[^/]+$/, `${hash}.$&`)}`;
}

function ringOf({ rings }: Published, ring: string): Signed<'targets'> {
  const found = rings.get(ring);
  if (!found) throw new HoldpointError('not-found', `There is no ring ${ring}: ${[...rings.keys()].join(', ')}.`);
  return found;
}

function topKeysOf({ keys, roles }: Signed<'root'>): Record<TopRole, Pick<SigningKey, 'id' | 'json'>> {
  return Object.fromEntries(
    TOP_ROLES.map((role) => {
      const id = roles[role].keyids[0]!;
      return [role, { id, json: keys[id]! }];
    }),
  ) as Record<TopRole, Pick<SigningKey, 'id' | 'json'>>;
}

function publicKeyOf(delegations: Signed<'targets'>['delegations'], ring: string): Pick<SigningKey, 'id' | 'json'> {
  const id = delegations?.roles.find(({ name }) => name === ring)?.keyids[0] ?? '';
  const json = delegations?.keys[id];
  if (!json)
    throw new HoldpointError('policy-invalid', `The repository does not say with which key ring ${ring} signs. Restore it from a backup.`);
  return { id, json };
}

function expiry(days: number, now: Date): Date {
  return new Date(now.getTime() + days * DAY_MS);
}
