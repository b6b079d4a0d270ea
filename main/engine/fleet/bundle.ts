/**
 * What is published for a ring: policies, their tests and settings, in one file that TUF signs. Publisher and device share this.
 * The file is gzip (RFC 1952) of JSON, named `rings/RING/REVISION.json.gz` in the repository.
 */

import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { HoldpointError, messageOf } from '../../contract/errors.ts';
import { ringName } from '../../contract/settings/fleet.ts';

const MAX_BUNDLE_BYTES = 32 * 1024 * 1024;
const MAX_PACKED_BYTES = 4 * 1024 * 1024;

const fileName = (ending: RegExp, what: string) => z.string().max(200).regex(ending, `expected the name of a ${what}`);

export const fleetBundleSchema = z.strictObject({
  format: z.literal(1),
  ring: ringName,
  /** Of the whole repository: it only goes up, whatever the ring. */
  revision: z.int().min(1),
  publishedAt: z.iso.datetime(),
  /** File name to text. None: the policy is what settings choose. */
  policies: z.record(fileName(/^[\w.-]+\.cedar$/i, 'policy file'), z.string()),
  tests: z.record(fileName(/^(tests\/)?[\w.-]+\.json$/i, 'file of tests'), z.string()),
  /** As a configuration file has them. Checked by whoever puts them in force, because only that engine knows which keys it has. */
  settings: z.record(z.string(), z.json()),
});
export type FleetBundle = z.infer<typeof fleetBundleSchema>;

/** What the signed metadata says of a bundle besides its length and hash. */
export const bundleNoteSchema = z.object({
  revision: z.int().min(1),
  /** Percentage of the ring's devices that it is for. */
  rollout: z.int().min(1).max(100),
});
export type BundleNote = z.infer<typeof bundleNoteSchema>;

export function bundlePath(ring: string, revision: number): string {
  return `rings/${ring}/${revision}.json.gz`;
}

/** The same bundle gives the same bytes. */
export function packBundle(bundle: FleetBundle): Buffer {
  return gzipSync(JSON.stringify(bundle), { level: 9 });
}

/** Rejects with HoldpointError `bundle-invalid` in one sentence. */
export async function unpackBundle(bytes: Uint8Array): Promise<FleetBundle> {
  if (bytes.byteLength > MAX_PACKED_BYTES) throw invalid(`it has ${bytes.byteLength} bytes, more than ${MAX_PACKED_BYTES}`);
  let json: unknown;
  try {
    const text = await promisify(gunzip)(bytes, { maxOutputLength: MAX_BUNDLE_BYTES });
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text));
  } catch (thrown) {
    throw invalid(`it cannot be unpacked (${messageOf(thrown)})`, thrown);
  }
  const parsed = fleetBundleSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  throw invalid(
    first?.code === 'unrecognized_keys'
      ? `it has the key ${first.keys[0]}, which this version does not know`
      : `${first?.path.map(String).join('.') || 'all of it'}: ${first?.message ?? 'not as agreed'}`,
  );
}

/**
 * Whether a device is among the first `rollout` percent. The same device always answers the same for a revision, and whoever is in at a
 * percentage is in at every greater one.
 */
export function isInRollout(device: string, ring: string, { revision, rollout }: BundleNote): boolean {
  const draw = createHash('sha256')
    .update(JSON.stringify([device, ring, revision]))
    .digest()
    .readUInt32BE(0);
  return draw % 100 < rollout;
}

function invalid(why: string, cause?: unknown): HoldpointError {
  return new HoldpointError('bundle-invalid', `The published bundle cannot be used: ${why}.`, cause);
}
