/** A policy repository for tests, in memory: the simplest signer there can be, which also signs what no honest publisher would. */

import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { Metadata, type MetadataKind, Signature } from '@tufjs/models';
import { type FleetBundle, packBundle } from '../../main/engine/fleet/bundle.ts';

const DAY = 86_400_000;
const TOP = ['root', 'targets', 'snapshot', 'timestamp'] as const;
const DAYS: Record<string, number> = { root: 365, targets: 90, snapshot: 7, timestamp: 1 };

type Content = { readonly [key: string]: unknown };

export interface TestKey {
  readonly id: string;
  readonly content: Content;
  readonly privateKey: KeyObject;
}

export interface TestRepository {
  /** Path below the URL to content: what a web server would serve. */
  readonly files: Map<string, Buffer>;
  /** The first root. */
  readonly root: string;
  readonly keys: Map<string, TestKey>;
  /** Publishes and signs everything anew. `bytes` instead of what the bundle packs to; `only`: nothing older stays listed. */
  publish(revision: number, options?: Publication): void;
  /** Signs snapshot and timestamp anew, at `now`. */
  resign(): void;
  /** A new root with new keys for these roles, signed by the old root keys and the new, unless `signedBy`. */
  rotate(roles: readonly string[], signedBy?: readonly TestKey[]): void;
  /** What is served now, to be served again later. */
  copy(): Map<string, Buffer>;
}

export interface Publication {
  readonly ring?: string;
  readonly rollout?: number;
  /** Keys that it has otherwise, or besides. */
  readonly bundle?: Content;
  readonly bytes?: Buffer;
  readonly only?: boolean;
  /** The ring that its path names. */
  readonly as?: string;
}

export function makeKey(): TestKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('hex');
  const content = { keytype: 'ed25519', scheme: 'ed25519', keyval: { public: raw } };
  return { id: sha256(JSON.stringify(content)), content, privateKey };
}

export function bundleOf(revision: number, ring = 'stable', more: Content = {}): FleetBundle {
  const bundle = { format: 1, ring, revision, publishedAt: '2026-11-01T08:00:00.000Z', policies: {}, tests: {}, settings: {}, ...more };
  return bundle as FleetBundle;
}

export function createTestRepository({
  rings = ['stable', 'canary'],
  now = Date.now,
}: {
  rings?: string[];
  now?: () => number;
} = {}): TestRepository {
  const keys = new Map([...TOP, ...rings].map((role) => [role, makeKey()]));
  const versions = new Map<string, number>();
  const listed = new Map<string, Record<string, unknown>>(rings.map((ring) => [ring, {}]));
  const raw = new Map<string, Buffer>();
  const files = new Map<string, Buffer>();

  const root = writeRoot([keys.get('root')!]).toString();
  signTargets();

  return {
    files,
    root,
    keys,
    publish(
      revision,
      { ring = 'stable', rollout = 100, bundle = {}, bytes = packBundle(bundleOf(revision, ring, bundle)), only = false, as = ring } = {},
    ) {
      if (only) listed.set(ring, {});
      const hash = sha256(bytes);
      const target = { length: bytes.byteLength, hashes: { sha256: hash }, custom: { revision, rollout } };
      listed.get(ring)![`rings/${as}/${revision}.json.gz`] = target;
      files.set(`targets/rings/${as}/${hash}.${revision}.json.gz`, bytes);
      signTargets();
    },
    resign: signTop,
    rotate(roles, signedBy) {
      const old = keys.get('root')!;
      for (const role of roles) keys.set(role, makeKey());
      writeRoot(signedBy ?? [...new Set([old, keys.get('root')!])]);
      signTargets();
    },
    copy: () => new Map(files),
  };

  function signTargets(): void {
    for (const ring of rings) write(ring, { _type: 'targets', targets: listed.get(ring) }, 90);
    const roles = rings.map((ring) => ({
      name: ring,
      keyids: [keys.get(ring)!.id],
      threshold: 1,
      terminating: true,
      paths: [`rings/${ring}/*`],
    }));
    const delegations = { keys: Object.fromEntries(rings.map((ring) => [keys.get(ring)!.id, keys.get(ring)!.content])), roles };
    write('targets', { _type: 'targets', targets: {}, delegations });
    signTop();
  }

  function signTop(): void {
    const meta = Object.fromEntries(['targets', ...rings].map((role) => [`${role}.json`, metaOf(role)]));
    write('snapshot', { _type: 'snapshot', meta });
    write('timestamp', { _type: 'timestamp', meta: { 'snapshot.json': metaOf('snapshot') } });
  }

  function writeRoot(signers: readonly TestKey[]): Buffer {
    const roles = Object.fromEntries(TOP.map((role) => [role, { keyids: [keys.get(role)!.id], threshold: 1 }]));
    const own = Object.fromEntries(TOP.map((role) => [keys.get(role)!.id, keys.get(role)!.content]));
    return write('root', { _type: 'root', consistent_snapshot: true, keys: own, roles }, 365, signers);
  }

  function write(role: string, content: Content, days = DAYS[role] ?? 90, signers: readonly TestKey[] = [keys.get(role)!]): Buffer {
    const version = (versions.get(role) ?? 0) + 1;
    versions.set(role, version);
    const expires = new Date(now() + days * DAY).toISOString().replace(/\.\d+Z$/, 'Z');
    const signed = { ...content, spec_version: '1.0.31', version, expires };
    const bytes = signedBy(signed, signers);
    raw.set(role, bytes);
    files.set(role === 'timestamp' ? 'timestamp.json' : `${version}.${role}.json`, bytes);
    return bytes;
  }

  function metaOf(role: string): Content {
    const bytes = raw.get(role)!;
    return { version: versions.get(role), length: bytes.byteLength, hashes: { sha256: sha256(bytes) } };
  }
}

/** Metadata with signatures. */
export function signedBy(signed: Content, signers: readonly TestKey[]): Buffer {
  const type = signed._type as MetadataKind.Targets;
  const metadata = Metadata.fromJSON(type, JSON.parse(JSON.stringify({ signed, signatures: [] })));
  for (const { id, privateKey } of signers)
    metadata.sign((bytes) => new Signature({ keyID: id, sig: sign(null, bytes, privateKey).toString('hex') }));
  return Buffer.from(JSON.stringify(metadata.toJSON()));
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}
