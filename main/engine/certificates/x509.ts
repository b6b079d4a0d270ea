/** X.509 certificates and revocation lists (RFC 5280), signed with ECDSA P-256 by node:crypto. */

import { createHash, type KeyObject, randomBytes, sign } from 'node:crypto';
import {
  bits,
  boolean,
  children,
  content,
  type Der,
  decode,
  encode,
  explicit,
  implicit,
  integer,
  octets,
  oid,
  sequence,
  set,
  time,
  utf8,
} from './der.ts';
import { ipBytes } from './names.ts';

const DAY_MS = 24 * 3600_000;
/** Clocks differ: a certificate that begins now is not yet valid for a neighbour whose clock is slow. */
const BACKDATED_MS = DAY_MS;

const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const COMMON_NAME = '2.5.4.3';
const ORGANISATION = '2.5.4.10';
const SUBJECT_KEY_ID = '2.5.29.14';
const KEY_USAGE = '2.5.29.15';
const SUBJECT_ALT_NAME = '2.5.29.17';
const BASIC_CONSTRAINTS = '2.5.29.19';
const CRL_NUMBER = '2.5.29.20';
const CRL_DISTRIBUTION_POINTS = '2.5.29.31';
const AUTHORITY_KEY_ID = '2.5.29.35';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

/** Who signs: the key, and from its certificate the name and key identifier, byte for byte as they stand there. */
export interface Issuer {
  readonly name: Der;
  readonly keyId: Buffer;
  readonly notAfter: Date;
  readonly key: KeyObject;
}

/** A certificate authority's own certificate, in DER. It may sign leaves and revocation lists, and no other authority. */
export function authorityCertificate(options: {
  commonName: string;
  publicKey: KeyObject;
  privateKey: KeyObject;
  days: number;
  now: Date;
}): Buffer {
  const { commonName, publicKey, privateKey, days, now } = options;
  const point = publicPoint(publicKey);
  const name = distinguishedName([
    [ORGANISATION, 'Holdpoint'],
    [COMMON_NAME, commonName],
  ]);
  const keyId = keyIdentifier(point);
  return signed(privateKey, [
    ...head(),
    name,
    sequence(time(new Date(now.getTime() - BACKDATED_MS)), time(new Date(now.getTime() + days * DAY_MS))),
    name,
    publicKeyInfo(point),
    extensions([
      extension(BASIC_CONSTRAINTS, sequence(boolean(true), integer(Uint8Array.of(0))), 'critical'),
      extension(KEY_USAGE, keyUsage('keyCertSign', 'cRLSign'), 'critical'),
      extension(SUBJECT_KEY_ID, octets(keyId)),
      extension(AUTHORITY_KEY_ID, sequence(implicit(0, keyId))),
    ]),
  ]);
}

/** What a leaf needs of its issuer, read from the issuer's certificate in DER. Undefined where it has no key identifier. */
export function issuerOf(certificate: Uint8Array, key: KeyObject, notAfter: Date): Issuer | undefined {
  const tbs = children(children(decode(certificate))[0]);
  const list = children(children(tbs.find((part) => part.tagClass === 0x80 && (part.type as number) === 3))[0]);
  const ski = list.find((item) => content(children(item)[0]).equals(content(oid(SUBJECT_KEY_ID))));
  if (!ski || !tbs[5]) return undefined;
  // Read, not computed anew: Go's identifiers are truncated SHA-256, and Python's strict check compares bytes.
  const keyId = content(decode(content(children(ski).at(-1))));
  return { name: tbs[5], keyId, notAfter, key };
}

/** A server's certificate for one host (as `hostName` spells it), in DER. It never outlives its issuer. */
export function leafCertificate(options: { host: string; publicKey: KeyObject; issuer: Issuer; crlUrl: string; days: number; now: Date }): {
  der: Buffer;
  notAfter: Date;
} {
  const { host, publicKey, issuer, crlUrl, days, now } = options;
  const point = publicPoint(publicKey);
  const notBefore = new Date(now.getTime() - BACKDATED_MS);
  // Back-dated inside the span: Apple counts the whole of it.
  const notAfter = new Date(Math.min(notBefore.getTime() + days * DAY_MS, issuer.notAfter.getTime()));
  const address = ipBytes(host);
  const der = signed(issuer.key, [
    ...head(),
    issuer.name,
    sequence(time(notBefore), time(notAfter)),
    // A common name has at most 64 characters (RFC 5280 appendix A); clients read the alternative name.
    distinguishedName(host.length < 64 ? [[COMMON_NAME, host]] : [[ORGANISATION, 'Holdpoint']]),
    publicKeyInfo(point),
    extensions([
      extension(BASIC_CONSTRAINTS, sequence(), 'critical'),
      extension(KEY_USAGE, keyUsage('digitalSignature'), 'critical'),
      extension(EXTENDED_KEY_USAGE, sequence(oid(SERVER_AUTH))),
      extension(SUBJECT_ALT_NAME, sequence(address ? implicit(7, address) : implicit(2, Buffer.from(host)))),
      extension(SUBJECT_KEY_ID, octets(keyIdentifier(point))),
      extension(AUTHORITY_KEY_ID, sequence(implicit(0, issuer.keyId))),
      // Schannel fails hard where a certificate names no revocation list (CRYPT_E_NO_REVOCATION_CHECK).
      extension(CRL_DISTRIBUTION_POINTS, sequence(sequence(explicit(0, explicit(0, implicit(6, Buffer.from(crlUrl))))))),
    ]),
  ]);
  return { der, notAfter };
}

/** A revocation list that revokes nothing, in DER (RFC 5280 §5). */
export function emptyRevocationList(issuer: Issuer, days: number, now: Date): Buffer {
  const number = Buffer.alloc(6);
  number.writeUIntBE(Math.floor(now.getTime() / 1000), 0, 6);
  return signed(issuer.key, [
    integer(Uint8Array.of(1)),
    ECDSA_WITH_SHA256,
    issuer.name,
    time(new Date(now.getTime() - BACKDATED_MS)),
    time(new Date(now.getTime() + days * DAY_MS)),
    explicit(0, sequence(extension(AUTHORITY_KEY_ID, sequence(implicit(0, issuer.keyId))), extension(CRL_NUMBER, integer(number)))),
  ]);
}

/** DER as PEM (RFC 7468). */
export function pem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

function head(): Der[] {
  return [explicit(0, integer(Uint8Array.of(2))), integer(serialNumber()), ECDSA_WITH_SHA256];
}

/** Positive, with no leading zero byte, at most 20 bytes (RFC 5280 §4.1.2.2). */
function serialNumber(): Buffer {
  const serial = randomBytes(16);
  serial[0] = (serial[0]! & 0x3f) | 0x40;
  return serial;
}

function signed(key: KeyObject, parts: Der[]): Buffer {
  const body = sequence(...parts);
  const signature = sign('sha256', encode(body), key);
  return encode(sequence(body, ECDSA_WITH_SHA256, bits(signature)));
}

/** The P-256 point, uncompressed (SEC 1 §2.3.3): the last 65 bytes of what node:crypto exports. */
function publicPoint(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' }).subarray(-65);
}

/** RFC 5480 §2. */
function publicKeyInfo(point: Buffer): Der {
  return sequence(sequence(oid('1.2.840.10045.2.1'), oid('1.2.840.10045.3.1.7')), bits(point));
}

/** SHA-1 of the key's bits, the first method of RFC 5280 §4.2.1.2. It names a key, and protects nothing. */
function keyIdentifier(point: Buffer): Buffer {
  return createHash('sha1').update(point).digest();
}

function distinguishedName(attributes: readonly (readonly [type: string, value: string])[]): Der {
  return sequence(...attributes.map(([type, value]) => set(sequence(oid(type), utf8(value)))));
}

function extensions(list: Der[]): Der {
  return explicit(3, sequence(...list));
}

function extension(id: string, value: Der, critical?: 'critical'): Der {
  return sequence(oid(id), ...(critical ? [boolean(true)] : []), octets(encode(value)));
}

const KEY_USAGES = { digitalSignature: 0, keyCertSign: 5, cRLSign: 6 } as const;

/** Named bits, from the left; trailing zero bits are left out, as DER wants. */
function keyUsage(...uses: (keyof typeof KEY_USAGES)[]): Der {
  const places = uses.map((use) => KEY_USAGES[use]);
  const byte = places.reduce<number>((sum, place) => sum | (0x80 >> place), 0);
  return bits(Uint8Array.of(byte), 7 - Math.max(...places));
}
