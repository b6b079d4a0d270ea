/** What a credential's characters tell: checksums, entropy, and whether it is only an example. */

import { crc32 } from 'node:zlib';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** GitHub and npm end a token with six base-62 digits: the CRC-32 of what stands between the prefix and them. */
export function hasCrc32(token: string): boolean {
  const body = token.slice(token.indexOf('_') + 1);
  return body.length > 6 && body.slice(-6) === base62(crc32(body.slice(0, -6)));
}

/** The checksum that `hasCrc32` looks for. */
export function base62(value: number): string {
  let digits = '';
  for (let rest = value; rest > 0; rest = Math.floor(rest / 62)) digits = BASE62[rest % 62] + digits;
  return digits.padStart(6, '0');
}

/** Shannon entropy in bits a character. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

const EXAMPLE =
  /example|placeholder|changeme|change[-_]me|dummy|redacted|sample|insert|replace|your[-_]|[-_]here|my[-_]?(?:secret|token|key|password)|fake|mock|x{4}|\*{3}|\.{3}|…|0{6}|123456789|abcdefgh|[<>{}]|\$\(|\$[a-z_]/i;

/** Whether a value stands for a credential instead of being one: `<your-key>`, `AKIAIOSFODNN7EXAMPLE`, `xxxx`. */
export function isExample(value: string): boolean {
  return EXAMPLE.test(value) || new Set(value).size < Math.min(6, value.length / 2);
}

/** Letters and digits both, which a random token has and a word or a number has not. */
export function mixesDigitsAndLetters(value: string): boolean {
  return /\d/.test(value) && /[a-z]/i.test(value);
}

/** The user and password of HTTP Basic authentication (RFC 7617): base-64 that decodes to printable text with a colon. */
export function isBasicCredential(value: string): boolean {
  const decoded = Buffer.from(value, 'base64').toString('latin1');
  return /^[\x20-\x7e]{1,255}$/.test(decoded) && /^[^:]{1,255}:./.test(decoded);
}

/** A JWT's first part (RFC 7519): base-64url of JSON with an `alg`. */
export function isJwtHeader(part: string): boolean {
  return /"alg"\s{0,4}:/.test(Buffer.from(part, 'base64url').toString('latin1'));
}

/** Azure's storage and service-bus keys: base-64 of 32 or 64 bytes. */
export function isAzureKey(value: string): boolean {
  return /^(?:[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{86}==)$/.test(value);
}
