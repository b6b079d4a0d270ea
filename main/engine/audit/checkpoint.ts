/** Checkpoints: the head of the chain in a signed note (C2SP signed-note, Ed25519), which can leave the machine. */

import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/** First line of the note, and name of the key that signs it. */
export const ORIGIN = 'holdpoint/audit/v1';

/** What a checkpoint vouches for: the chain up to record `seq` ends in link `hash`. */
export interface Head {
  readonly seq: number;
  readonly hash: Buffer;
}

export function signedCheckpoint(head: Head, at: string, key: KeyObject): string {
  const text = `${ORIGIN}\n${head.seq}\n${head.hash.toString('base64')}\n${at}\n`;
  const signature = Buffer.concat([keyHash(rawPublicKey(key)), sign(null, Buffer.from(text), key)]);
  return `${text}\n— ${ORIGIN} ${signature.toString('base64')}\n`;
}

const NOTE =
  /^(holdpoint\/audit\/v1\n(\d{1,15})\n([A-Za-z0-9+/]{43}=)\n[0-9TZ:.+-]{20,30}\n)\n— holdpoint\/audit\/v1 ([A-Za-z0-9+/=]{92})\n$/;

/** The head that one of `keys` (raw, 32 bytes each) has signed; undefined where none has, or the note is not one. */
export function openCheckpoint(note: string, keys: readonly Buffer[]): Head | undefined {
  const [, text, seq, hash, signed] = NOTE.exec(note) ?? [];
  if (text === undefined || seq === undefined || hash === undefined || signed === undefined) return undefined;
  const signature = Buffer.from(signed, 'base64');
  const key = keys.find((candidate) => keyHash(candidate).equals(signature.subarray(0, 4)));
  if (!key || !verify(null, Buffer.from(text), publicKeyOf(key), signature.subarray(4))) return undefined;
  return { seq: Number(seq), hash: Buffer.from(hash, 'base64') };
}

/** The 32 bytes of an Ed25519 key's public half (RFC 8032). */
export function rawPublicKey(key: KeyObject): Buffer {
  const { x } = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' });
  return Buffer.from(x ?? '', 'base64url');
}

export function publicKeyOf(raw: Buffer): KeyObject {
  return createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') } });
}

/** C2SP signed-note: the first four bytes of SHA-256(name ‖ LF ‖ 0x01 ‖ public key). */
export function keyHash(raw: Buffer, name = ORIGIN): Buffer {
  return createHash('sha256').update(`${name}\n\x01`).update(raw).digest().subarray(0, 4);
}
