/** Proves that an export is as the device's key signed it, or names the first record that is not. Written from docs/audit-log.md. */

import { createHash, createPublicKey } from 'node:crypto';
import { createReadStream, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { HoldpointError, messageOf } from '../../../contract/errors.ts';
import { rawPublicKey } from '../checkpoint.ts';
import type { BadRecord } from '../verify.ts';
import {
  CHECKPOINTS_FILE,
  CONTENT_FOLDER,
  checkManifest,
  checkpointSchema,
  FORMAT_FILES,
  fingerprintOf,
  KEY_FILE,
  KEYS_FILE,
  keysSchema,
  MANIFEST_FILE,
  type Manifest,
  manifestSchema,
  NOTE_FILE,
  RECORDS_FILE,
  REPORT_FILE,
} from './format.ts';
import { linesIn, whole } from './lines.ts';
import { createRecordCheck } from './verify-records.ts';

export interface ExportVerdict {
  readonly ok: boolean;
  /** Records that were read. */
  readonly records: number;
  readonly firstBad?: BadRecord;
  /** What is wrong with the export as a whole, a sentence each. */
  readonly faults: readonly string[];
  /** Fingerprint of the key that signed the manifest; null where its signature does not hold. */
  readonly signedBy: string | null;
  /** Whether that was the key that was expected; `unpinned` where none was named. */
  readonly key: 'expected' | 'unpinned' | 'unexpected';
  readonly device: string;
  readonly madeAt: string;
  readonly range: { readonly from: number; readonly to: number };
  /** It has a page for people, which the signature covers as well. */
  readonly report: boolean;
}

const MAX_SMALL = 1024 * 1024;
const MAX_FAULTS = 20;
const MAX_CHECKPOINTS = 1_000_000;
const NAMES: ReadonlySet<string> = new Set([
  RECORDS_FILE,
  CHECKPOINTS_FILE,
  KEYS_FILE,
  KEY_FILE,
  REPORT_FILE,
  ...Object.values(FORMAT_FILES),
]);

/**
 * Reads the export in `dir`; needs nothing else of Holdpoint's. `pinned`: the public key that must have signed it (PEM).
 * @throws HoldpointError `not-found` where there is no export, or one that was never finished.
 */
export async function verifyExport(dir: string, { pinned }: { readonly pinned?: string | undefined } = {}): Promise<ExportVerdict> {
  const { bytes, manifest, note } = readManifest(dir);
  const faults: string[] = [];
  const signer = signedBy(dir, bytes, note, pinned);
  if (signer.fault !== undefined) faults.push(signer.fault);
  const keys = keysIn(dir, faults);
  const checkpoints = await checkpointsIn(dir, faults);

  const check = createRecordCheck({ manifest, keys, checkpoints, content: join(dir, CONTENT_FOLDER) });
  try {
    for await (const line of linesIn(join(dir, RECORDS_FILE))) if (!check.line(line)) break;
  } catch (error) {
    faults.push(`${RECORDS_FILE} cannot be read: ${messageOf(error)}.`);
  }
  const firstBad = check.end();
  for (const fault of await fileFaults(dir, manifest)) faults.push(fault);
  // Only then is it known which texts there should be.
  if (!firstBad) faults.push(...contentFaults(dir, manifest, check.contents()));

  return {
    ok: firstBad === undefined && faults.length === 0,
    records: check.records(),
    ...(firstBad && { firstBad }),
    faults: faults.slice(0, MAX_FAULTS),
    signedBy: signer.fingerprint,
    key: pinned === undefined ? 'unpinned' : signer.fingerprint === null ? 'unexpected' : 'expected',
    device: manifest.device.name,
    madeAt: manifest.madeAt,
    range: { from: manifest.range.from, to: manifest.range.to },
    report: manifest.files[REPORT_FILE] !== undefined,
  };
}

function readManifest(dir: string): { bytes: Buffer; manifest: Manifest; note: string } {
  const none = (what: string, cause?: unknown) =>
    new HoldpointError(
      'not-found',
      `There is no export of a log in ${dir}: ${what}. Name the folder that "holdpoint audit export --to" made.`,
      cause,
    );
  const [bytes, note] = [MANIFEST_FILE, NOTE_FILE].map((name) => whole(join(dir, name), MAX_SMALL));
  if (!bytes) throw none(`${MANIFEST_FILE} is missing or cannot be read`);
  if (!note) throw none(`${NOTE_FILE} is missing or cannot be read, so it was not finished or has lost its signature`);
  try {
    return { bytes, manifest: manifestSchema.parse(JSON.parse(bytes.toString('utf8'))), note: note.toString('utf8') };
  } catch (error) {
    throw none(`its ${MANIFEST_FILE} is not one that this version knows`, error);
  }
}

function signedBy(
  dir: string,
  manifest: Buffer,
  note: string,
  pinned: string | undefined,
): { readonly fingerprint: string | null; readonly fault?: string } {
  const key = pinned === undefined ? keyIn(whole(join(dir, KEY_FILE), MAX_SMALL)?.toString('utf8')) : keyIn(pinned);
  if (!key) {
    if (pinned !== undefined) throw new HoldpointError('config-invalid', 'The key to expect is not an Ed25519 public key in PEM.');
    return { fingerprint: null, fault: `${KEY_FILE} is missing, or holds no Ed25519 public key.` };
  }
  const fingerprint = fingerprintOf(key);
  switch (checkManifest(manifest, note, key)) {
    case 'signed':
      return { fingerprint };
    case 'other-key':
      return { fingerprint: null, fault: `It is signed with another key than ${fingerprint}.` };
    case 'other-manifest':
      return { fingerprint: null, fault: `${MANIFEST_FILE} was changed or replaced: the signature is another one's.` };
    case 'unsigned':
      return { fingerprint: null, fault: `The signature in ${NOTE_FILE} does not hold.` };
  }
}

function keyIn(pem: string | undefined): Buffer | undefined {
  try {
    const key = pem === undefined ? undefined : createPublicKey(pem);
    return key?.asymmetricKeyType === 'ed25519' ? rawPublicKey(key) : undefined;
  } catch {
    return undefined;
  }
}

function keysIn(dir: string, faults: string[]): Buffer[] {
  try {
    const bytes = whole(join(dir, KEYS_FILE), MAX_SMALL);
    return keysSchema.parse(JSON.parse(bytes?.toString('utf8') ?? '')).keys.map((key) => Buffer.from(key, 'hex'));
  } catch {
    faults.push(`${KEYS_FILE} is missing, or is not as Holdpoint writes it.`);
    return [];
  }
}

/** By the number of the record that they sign. */
async function checkpointsIn(dir: string, faults: string[]): Promise<Map<number, string>> {
  const checkpoints = new Map<number, string>();
  try {
    for await (const line of linesIn(join(dir, CHECKPOINTS_FILE))) {
      const { seq, note } = checkpointSchema.parse(JSON.parse(line));
      checkpoints.set(seq, note);
      if (checkpoints.size > MAX_CHECKPOINTS) throw new Error('too many');
    }
  } catch {
    faults.push(`${CHECKPOINTS_FILE} is missing, or is not as Holdpoint writes it.`);
  }
  return checkpoints;
}

async function fileFaults(dir: string, { files }: Manifest): Promise<string[]> {
  const faults: string[] = [];
  for (const name of [RECORDS_FILE, CHECKPOINTS_FILE, KEYS_FILE, KEY_FILE])
    if (!files[name]) faults.push(`${MANIFEST_FILE} does not name ${name}.`);
  for (const [name, { bytes, sha256 }] of Object.entries(files)) {
    if (!NAMES.has(name)) faults.push(`${MANIFEST_FILE} names ${JSON.stringify(name)}, which belongs to no export.`);
    else if (!isFile(join(dir, name))) faults.push(`${name} is missing.`);
    else if ((await digestOf(join(dir, name))) !== `${bytes} ${sha256}`) faults.push(`${name} is not the one that was signed.`);
  }
  const known = new Set([...Object.keys(files), MANIFEST_FILE, NOTE_FILE, CONTENT_FOLDER]);
  for (const name of readdirSync(dir)) if (!known.has(name)) faults.push(`${JSON.stringify(name)} was put in: nothing signed names it.`);
  return faults;
}

function contentFaults(dir: string, { content }: Manifest, wanted: ReadonlySet<string>): string[] {
  const folder = join(dir, CONTENT_FOLDER);
  const there = lstatSync(folder, { throwIfNoEntry: false });
  if (content === null) return there ? [`${CONTENT_FOLDER}/ was put in: nothing signed names it.`] : [];
  if (!there?.isDirectory()) return [`${CONTENT_FOLDER}/ is missing.`];
  const strange = readdirSync(folder).find((name) => !wanted.has(name));
  return strange === undefined ? [] : [`${CONTENT_FOLDER}/${strange} was put in: no record names it.`];
}

function isFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

async function digestOf(path: string): Promise<string> {
  const sha256 = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    sha256.update(chunk);
    bytes += chunk.length;
  }
  return `${bytes} ${sha256.digest('hex')}`;
}
