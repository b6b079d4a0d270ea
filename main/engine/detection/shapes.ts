/** What a credential's characters tell: checksums, entropy, and what is no credential though it looks like one. */

import { crc32 } from 'node:zlib';
import { isPublished } from './published.ts';

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

/** Shannon entropy in bits a character; all that is not ASCII counts as one. */
export function entropy(text: string): number {
  const counts = new Uint32Array(128);
  let bits = 0;
  for (let i = 0; i < text.length; i++) counts[Math.min(text.charCodeAt(i), 127)]!++;
  for (const count of counts) if (count > 0) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

const EXAMPLE =
  /example|placeholder|changeme|change[-_]?(?:me|this|it)|dummy|redacted|masked|censored|sample|insert|replace|generate|your[-_]|[-_]here|not[-_]a[-_]|my[-_]?(?:secret|token|key|password)|fake|mock|foobar|deadbeef|testtest|to-?do|fixme|none|null|undefined|abc123|a1b2c3|x{4}|\*{3}|\.{3}|…|•|0{6}|123456789|abcdefgh|qwerty|asdfgh|<[\w\s-]{1,40}>|\{\{|\$\{|\$\(|<%|^[[{(<]/i;
/** References to where a value is: variables of shells and of Windows, calls, templates, password managers. */
const REFERENCE =
  /^\$(?:[a-z_{(]|env:)|^%[a-z_]\w{0,60}%|\$[A-Z_]{3}|^(?:op|vault|secret|ssm|arn|env|file|bao|awssm|gcpsm|keyvault|ref|urn):|^@/i;
/** What people take where nothing is at stake. */
const WEAK =
  /^(?:p[a@]ss(?:w[o0]rd|wd|phrase)?|secret|admin|root|user|test(?:ing|er)?|demo|guest|default|postgres|mysql|redis|mongo|rabbit|token|pwd|foo|bar|baz|hunter|letmein|welcome|password|abc|key|value|string|hello|world|some|any|long|new|old|my|the|bad|good|wrong|valid|invalid|super|strong|weak|secure|random|api|auth|access|client|server|db|database|local|dev|prod|[-_.!@#\d]){1,8}$/i;

/** Whether a value stands for a credential instead of being one: `<your-key>`, `AKIAIOSFODNN7EXAMPLE`, `xxxx`. */
export function isExample(value: string): boolean {
  const { size } = new Set(value.slice(0, 256));
  return size < Math.min(6, value.length / 2) || EXAMPLE.test(value.slice(0, 512)) || isSequence(value) || isPublished(value);
}

/** Whether a value that was given a credential's name is one that nobody has to protect, or says only where it is. */
export function isStandIn(value: string): boolean {
  return isExample(value) || REFERENCE.test(value) || WEAK.test(value);
}

/** Encrypted, hashed or public: of use only to who has the key, or to everybody. */
const PROTECTED =
  /^(?:ENC\[|\{(?:cipher|vault|SSHA|SHA|aes|xor|bcrypt|noop)|!vault|\$ANSIBLE_VAULT|vault:v\d|AQICA[HG]|AgA|AgB|CiQA|gAAAAA|\$(?:2[abxy]?|argon2\w{0,2}|apr1|pbkdf2|scrypt|y|[156])\$|argon2|pbkdf2|scrypt|bcrypt|sha\d{1,3}[-:$]|h1:|pk\.eyJ|pk_(?:live|test)_|MFkwEwYH|MIIBIjAN|MIICIjAN|MIGfMA0G|MCowBQYDK2V|MHYwEAYH|MIGbMBAG|ssh-|ecdsa-|AAAA[BCE]3Nza|age1)/;

export function isProtected(value: string): boolean {
  return PROTECTED.test(value);
}

/** 00112233…, 000102030405…, abcdef…: each step like the one before. */
function isSequence(value: string): boolean {
  if (value.length < 8 || value.length > 256) return false;
  let even = 0;
  for (let i = 4; i < value.length; i++) {
    const step = value.charCodeAt(i) - value.charCodeAt(i - 2);
    if (step === value.charCodeAt(i - 2) - value.charCodeAt(i - 4) || step === value.charCodeAt(i) - value.charCodeAt(i - 1)) even++;
  }
  return even >= 0.75 * (value.length - 4);
}

/** Letters and digits both, which a random token has and a word or a number has not. */
export function mixesDigitsAndLetters(value: string): boolean {
  return /\d/.test(value) && /[a-z]/i.test(value);
}

/** The user and password of HTTP Basic authentication (RFC 7617): base-64 that decodes to printable text with a colon. */
export function isBasicCredential(value: string): boolean {
  const decoded = Buffer.from(value, 'base64').toString('latin1');
  const password = /^[^:]{0,255}:(.{1,255})$/.exec(decoded)?.[1];
  return password !== undefined && /^[\x20-\x7e]{1,255}$/.test(decoded) && !isStandIn(password);
}

/** A JWT's first part (RFC 7519): base-64url of JSON with an `alg`. */
export function isJwtHeader(part: string): boolean {
  return /"alg"\s{0,4}:/.test(Buffer.from(part, 'base64url').toString('latin1'));
}

/** Azure's storage and service-bus keys: base-64 of 32 or 64 bytes. */
export function isAzureKey(value: string): boolean {
  return /^(?:[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{86}==)$/.test(value);
}

export function isUuid(value: string): boolean {
  return /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(value);
}
