/** What an export of the log consists of. See docs/audit-log.md, "Exports". */

import { createHash, type KeyObject, sign, verify } from 'node:crypto';
import { z } from 'zod';
import { keyHash, publicKeyOf, rawPublicKey } from '../checkpoint.ts';

export const MANIFEST_FILE = 'manifest.json';
/** The signature over the manifest. Written last: an export without it is none. */
export const NOTE_FILE = 'manifest.note';
export const RECORDS_FILE = 'records.ndjson';
export const CHECKPOINTS_FILE = 'checkpoints.ndjson';
export const KEYS_FILE = 'keys.json';
/** The public key that the manifest is signed with (PEM). */
export const KEY_FILE = 'audit.pub';
export const CONTENT_FOLDER = 'content';
/** A session's records as a person reads them. */
export const REPORT_FILE = 'report.html';
/** The same records in another tool's form. */
export const FORMAT_FILES = { otlp: 'otlp.ndjson', ocsf: 'ocsf.ndjson' } as const;

const hex = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits');
const column = z.string().nullable();

export const manifestSchema = z.strictObject({
  format: z.literal(1),
  madeAt: z.iso.datetime(),
  /** Of Holdpoint. */
  version: z.string().max(100),
  device: z.strictObject({ name: z.string().max(300), key: hex }),
  /** What was asked for. */
  since: z.iso.datetime().nullable(),
  session: z.string().max(1024).nullable(),
  /** First and last record, and the link before the first; `to` is `from - 1` where there is none. */
  range: z.strictObject({ from: z.int().min(1), to: z.int().min(0), previous: hex, head: hex }),
  /** The whole log's number of records when it was made. */
  log: z.int().min(0),
  /** Up to this record, retention had purged bodies and content. */
  purgedThrough: z.int().min(0),
  /** Texts in `content/`; null where they were not asked for. */
  content: z.int().min(0).nullable(),
  files: z.record(z.string().max(100), z.strictObject({ bytes: z.int().min(0), sha256: hex })),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** A line of `records.ndjson`: the columns, the body as it was hashed, and the link. */
export const lineSchema = z.strictObject({
  seq: z.int().min(1),
  id: z.string(),
  at: z.string(),
  kind: z.string(),
  session: column,
  exchange: column,
  action: column,
  agent: column,
  host: column,
  verdict: column,
  bodyHash: hex,
  hash: hex,
  /** `withheld`: of another session than the one asked for. */
  state: z.enum(['kept', 'purged', 'withheld']),
  body: z.string().nullable(),
});
export type Line = z.infer<typeof lineSchema>;

export const checkpointSchema = z.strictObject({ seq: z.int().min(1), note: z.string().max(1000) });
/** Raw Ed25519 keys, hex: those that the log's checkpoints were signed with. */
export const keysSchema = z.strictObject({ keys: z.array(hex).max(10_000) });

/** Name of the key, and first line of the note. */
const ORIGIN = 'holdpoint/export/v1';
const NOTE = /^(holdpoint\/export\/v1\n([A-Za-z0-9+/]{43}=)\n)\n— holdpoint\/export\/v1 ([A-Za-z0-9+/=]{92})\n$/;

/** A C2SP signed note over the manifest's SHA-256. */
export function signedManifest(manifest: Buffer, key: KeyObject): string {
  const text = `${ORIGIN}\n${createHash('sha256').update(manifest).digest('base64')}\n`;
  const signature = Buffer.concat([keyHash(rawPublicKey(key), ORIGIN), sign(null, Buffer.from(text), key)]);
  return `${text}\n— ${ORIGIN} ${signature.toString('base64')}\n`;
}

/** Whether `key` (raw) has signed this manifest; `other-key` where the note names another one. */
export function checkManifest(manifest: Buffer, note: string, key: Buffer): 'signed' | 'other-key' | 'other-manifest' | 'unsigned' {
  const [, text, digest, signed] = NOTE.exec(note) ?? [];
  if (text === undefined || digest === undefined || signed === undefined) return 'unsigned';
  const signature = Buffer.from(signed, 'base64');
  // Another spelling of the same bytes is a changed file, too.
  if (signature.toString('base64') !== signed) return 'unsigned';
  if (!keyHash(key, ORIGIN).equals(signature.subarray(0, 4))) return 'other-key';
  if (!verify(null, Buffer.from(text), publicKeyOf(key), signature.subarray(4))) return 'unsigned';
  return createHash('sha256').update(manifest).digest('base64') === digest ? 'signed' : 'other-manifest';
}

/** How a key is named to people: SHA-256 of its 32 bytes, hex. */
export function fingerprintOf(raw: Buffer): string {
  return createHash('sha256').update(raw).digest('hex');
}
