/**
 * Keys that sign a policy repository: Ed25519 (TUF, section 4.2), each in a file of its own, encrypted with a passphrase
 * (scrypt, RFC 7914, and AES-256-GCM).
 */

import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  scryptSync,
  sign,
} from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../../../contract/canonical.ts';
import { HoldpointError } from '../../../contract/errors.ts';

/** As TUF metadata writes a public key. */
export interface PublicKeyJson {
  readonly keytype: 'ed25519';
  readonly scheme: 'ed25519';
  readonly keyval: { readonly public: string };
}

export interface SigningKey {
  /** SHA-256 (hex) of the canonical JSON of `json`. */
  readonly id: string;
  readonly json: PublicKeyJson;
  /** Hex. */
  sign(data: Uint8Array): string;
  /** As it is kept. */
  sealed(passphrase: string): string;
}

/** Some 0.1 s and 64 MB a guess. */
const COST = { N: 2 ** 16, r: 8, p: 1 } as const;
const MAX_MEMORY = 128 * 1024 * 1024;

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`));
const sealedSchema = z.strictObject({
  format: z.literal('holdpoint-key-1'),
  public: hex(32),
  kdf: z.literal('scrypt'),
  // Bounded: a file that somebody else wrote must not be able to make us compute for hours.
  N: z.literal(COST.N),
  r: z.literal(COST.r),
  p: z.literal(COST.p),
  salt: hex(16),
  iv: hex(12),
  tag: hex(16),
  sealed: z.string().regex(/^[0-9a-f]{2,1000}$/),
});

export function newKey(): SigningKey {
  return signingKey(generateKeyPairSync('ed25519').privateKey);
}

/** Throws HoldpointError `policy-invalid`: not a key file, or another passphrase. `file` names it. */
export function unsealed(text: string, passphrase: string, file: string): SigningKey {
  const kept = sealedSchema.safeParse(json(text));
  if (!kept.success) throw new HoldpointError('policy-invalid', `${file} is not a key of a policy repository. Restore it from a backup.`);
  const { salt, iv, tag, sealed } = kept.data;
  try {
    const decipher = createDecipheriv('aes-256-gcm', secretOf(passphrase, Buffer.from(salt, 'hex')), Buffer.from(iv, 'hex'));
    decipher.setAuthTag(Buffer.from(tag, 'hex'));
    const der = Buffer.concat([decipher.update(Buffer.from(sealed, 'hex')), decipher.final()]);
    return signingKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
  } catch (thrown) {
    throw new HoldpointError('policy-invalid', `The passphrase does not open ${file}. Nothing was changed.`, thrown);
  }
}

function signingKey(key: KeyObject): SigningKey {
  const raw = createPublicKey(key).export({ type: 'spki', format: 'der' }).subarray(-32).toString('hex');
  const json: PublicKeyJson = { keytype: 'ed25519', scheme: 'ed25519', keyval: { public: raw } };
  return {
    id: createHash('sha256')
      .update(canonicalJson({ ...json, keyval: { public: raw } }))
      .digest('hex'),
    json,
    sign: (data) => sign(undefined, data, key).toString('hex'),
    sealed(passphrase) {
      const [salt, iv] = [randomBytes(16), randomBytes(12)];
      const cipher = createCipheriv('aes-256-gcm', secretOf(passphrase, salt), iv);
      const sealed = Buffer.concat([cipher.update(key.export({ type: 'pkcs8', format: 'der' })), cipher.final()]);
      const kept: z.infer<typeof sealedSchema> = {
        format: 'holdpoint-key-1',
        public: raw,
        kdf: 'scrypt',
        ...COST,
        salt: salt.toString('hex'),
        iv: iv.toString('hex'),
        tag: cipher.getAuthTag().toString('hex'),
        sealed: sealed.toString('hex'),
      };
      return `${JSON.stringify(kept, null, 2)}\n`;
    },
  };
}

function secretOf(passphrase: string, salt: Buffer): Buffer {
  return scryptSync(passphrase.normalize('NFKC'), salt, 32, { ...COST, maxmem: MAX_MEMORY });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
