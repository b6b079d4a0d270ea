/** Private keys of the right outward form: their numbers are drawn by chance, so they open nothing. */

import { type Chance, UPPER } from './chance.ts';

export function rsaPem(chance: Chance): string {
  const number = (length: number): Buffer =>
    integer(Buffer.concat([Buffer.from([0x00, 0x80 | chance.between(1, 127)]), chance.bytes(length - 1)]));
  const half = (): Buffer => number(128);
  const key = sequence([
    integer(Buffer.from([0])),
    number(256),
    integer(Buffer.from([1, 0, 1])),
    number(256),
    half(),
    half(),
    half(),
    half(),
    half(),
  ]);
  return pem('RSA PRIVATE KEY', key);
}

export function ecPem(chance: Chance): string {
  const curve = Buffer.from('a00a06082a8648ce3d030107', 'hex');
  const point = Buffer.concat([Buffer.from('a14403420004', 'hex'), chance.bytes(64)]);
  return pem('EC PRIVATE KEY', sequence([integer(Buffer.from([1])), tagged(0x04, chance.bytes(32)), curve, point]));
}

export function pkcs8Pem(chance: Chance): string {
  const algorithm = Buffer.from('300506032b6570', 'hex');
  return pem('PRIVATE KEY', sequence([integer(Buffer.from([0])), algorithm, tagged(0x04, tagged(0x04, chance.bytes(32)))]));
}

export function opensshPem(chance: Chance): string {
  const text = (value: string | Buffer): Buffer => {
    const bytes = Buffer.from(value as string);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const publicKey = chance.bytes(32);
  const check = chance.bytes(4);
  const secret = Buffer.concat([
    check,
    check,
    text('ssh-ed25519'),
    text(publicKey),
    text(Buffer.concat([chance.bytes(32), publicKey])),
    text('dev@laptop'),
    Buffer.from([1, 2, 3, 4, 5]),
  ]);
  const one = Buffer.from([0, 0, 0, 1]);
  const publicPart = text(Buffer.concat([text('ssh-ed25519'), text(publicKey)]));
  return pem(
    'OPENSSH PRIVATE KEY',
    Buffer.concat([Buffer.from('openssh-key-v1\0'), text('none'), text('none'), text(''), one, publicPart, text(secret)]),
    70,
  );
}

/** RFC 4880 armour; the packet's first octet says secret key. */
export function pgpBlock(chance: Chance): string {
  const body = Buffer.concat([Buffer.from('950486', 'hex'), Buffer.from([4]), chance.bytes(480)]).toString('base64');
  return `-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n${wrapped(body, 64)}\n=${chance.chars(UPPER, 4)}\n-----END PGP PRIVATE KEY BLOCK-----`;
}

/** Public things in the same armour, which are no secret: a certificate, a public key. */
export function publicPem(chance: Chance, name: string): string {
  return pem(name, sequence([sequence([integer(chance.bytes(16)), chance.bytes(180)]), tagged(0x03, chance.bytes(256))]));
}

/** An identity file of age: Bech32 (BIP 173) of 32 octets. */
export function ageKey(chance: Chance): string {
  const prefix = 'age-secret-key-';
  const letters = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
  const bits = [...chance.bytes(32)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const words = (bits.padEnd(260, '0').match(/.{5}/g) ?? []).map((five) => Number.parseInt(five, 2));
  const head = [...[...prefix].map((c) => c.charCodeAt(0) >> 5), 0, ...[...prefix].map((c) => c.charCodeAt(0) & 31)];
  const rest = polymod([...head, ...words, 0, 0, 0, 0, 0, 0]) ^ 1;
  const check = [5, 4, 3, 2, 1, 0].map((place) => (rest >> (5 * place)) & 31);
  return `${prefix}1${[...words, ...check].map((word) => letters[word]).join('')}`.toUpperCase();
}

function polymod(values: readonly number[]): number {
  const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
  let sum = 1;
  for (const value of values) {
    const top = sum >> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    generators.forEach((generator, bit) => {
      if ((top >> bit) & 1) sum ^= generator;
    });
  }
  return sum;
}

function pem(name: string, der: Buffer, width = 64): string {
  return `-----BEGIN ${name}-----\n${wrapped(der.toString('base64'), width)}\n-----END ${name}-----`;
}

function wrapped(text: string, width: number): string {
  return (text.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join('\n');
}

function sequence(parts: readonly Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

function integer(bytes: Buffer): Buffer {
  return tagged(0x02, bytes);
}

function tagged(tag: number, content: Buffer): Buffer {
  const size = content.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}
