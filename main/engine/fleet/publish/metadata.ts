/** Signed metadata of a policy repository (The Update Framework, specification 1.0, section 4), as JSON. */

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../../../contract/canonical.ts';
import type { Json } from '../../../contract/record.ts';
import type { PublicKeyJson, SigningKey } from './keys.ts';

export const TOP_ROLES = ['root', 'targets', 'snapshot', 'timestamp'] as const;
export type TopRole = (typeof TOP_ROLES)[number];

const SPEC_VERSION = '1.0.31';
const hashes = z.object({ sha256: z.string() });
const meta = z.object({ version: z.int(), length: z.int(), hashes });
const key = z.object({ keytype: z.literal('ed25519'), scheme: z.literal('ed25519'), keyval: z.object({ public: z.string() }) });
const roleKeys = z.object({ keyids: z.array(z.string()), threshold: z.int() });
const common = { spec_version: z.string(), version: z.int(), expires: z.string() };
const target = z.object({ length: z.int(), hashes, custom: z.object({ revision: z.int(), rollout: z.int() }) });

const SIGNED = {
  root: z.object({
    _type: z.literal('root'),
    ...common,
    consistent_snapshot: z.literal(true),
    keys: z.record(z.string(), key),
    roles: z.record(z.enum(TOP_ROLES), roleKeys),
  }),
  targets: z.object({
    _type: z.literal('targets'),
    ...common,
    targets: z.record(z.string(), target),
    delegations: z
      .object({
        keys: z.record(z.string(), key),
        roles: z.array(z.object({ name: z.string(), ...roleKeys.shape, terminating: z.boolean(), paths: z.array(z.string()) })),
      })
      .optional(),
  }),
  snapshot: z.object({ _type: z.literal('snapshot'), ...common, meta: z.record(z.string(), meta) }),
  timestamp: z.object({ _type: z.literal('timestamp'), ...common, meta: z.record(z.string(), meta) }),
};

export type Kind = keyof typeof SIGNED;
export type Signed<K extends Kind> = z.infer<(typeof SIGNED)[K]>;
export type Target = z.infer<typeof target>;

/** Throws where the text is not metadata of that kind. The publisher's own files are read, so signatures are not looked at. */
export function parseMetadata<K extends Kind>(kind: K, text: string): Signed<K> {
  const { signed } = z.object({ signed: z.unknown() }).parse(JSON.parse(text));
  return SIGNED[kind].parse(signed) as Signed<K>;
}

/** The file's bytes. `signers`: every key that signs it. */
export function signedMetadata(signed: Signed<Kind>, signers: readonly SigningKey[]): Buffer {
  const bytes = Buffer.from(tufCanonical(signed as Json));
  const signatures = signers.map(({ id, sign }) => ({ keyid: id, sig: sign(bytes) }));
  return Buffer.from(JSON.stringify({ signatures, signed }));
}

export function commonPart(version: number, expires: Date) {
  return { spec_version: SPEC_VERSION, version, expires: expires.toISOString().replace(/\.\d+Z$/, 'Z') };
}

/** What another file says of this one. */
export function metaOf(version: number, bytes: Uint8Array): z.infer<typeof meta> {
  return { version, length: bytes.byteLength, hashes: { sha256: sha256(bytes) } };
}

export function targetOf(bytes: Uint8Array, custom: Target['custom']): Target {
  return { length: bytes.byteLength, hashes: { sha256: sha256(bytes) }, custom };
}

export function rootOf(version: number, expires: Date, keys: Readonly<Record<TopRole, Pick<SigningKey, 'id' | 'json'>>>): Signed<'root'> {
  return {
    _type: 'root',
    ...commonPart(version, expires),
    consistent_snapshot: true,
    keys: Object.fromEntries(TOP_ROLES.map((role) => [keys[role].id, copied(keys[role].json)])),
    roles: Object.fromEntries(TOP_ROLES.map((role) => [role, { keyids: [keys[role].id], threshold: 1 }])) as Signed<'root'>['roles'],
  };
}

/** A ring is signed by a key of its own, which can sign for nothing else. */
export function delegationsOf(rings: ReadonlyMap<string, Pick<SigningKey, 'id' | 'json'>>): NonNullable<Signed<'targets'>['delegations']> {
  return {
    keys: Object.fromEntries([...rings.values()].map(({ id, json }) => [id, copied(json)])),
    roles: [...rings].map(([name, { id }]) => ({ name, keyids: [id], threshold: 1, terminating: true, paths: [`rings/${name}/*`] })),
  };
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function copied({ keytype, scheme, keyval }: PublicKeyJson) {
  return { keytype, scheme, keyval: { public: keyval.public } };
}

/** TUF's canonical JSON escapes only backslash and quote. What we write has no other character that RFC 8785 would escape. */
function tufCanonical(signed: Json): string {
  return canonicalJson(signed);
}
