/** Private keys in their binary form (X.690), told by their first bytes. */

/** Whether these bytes begin PKCS #1, SEC 1, PKCS #8 or OpenSSH's own form of a private key. */
export function isPrivateKeyDer(bytes: Uint8Array): boolean {
  if (OPENSSH.every((byte, index) => bytes[index] === byte)) return true;
  if (bytes[0] !== 0x30) return false;
  const length = bytes[1] ?? 0;
  const at = length === 0x82 ? 4 : length === 0x81 ? 3 : length < 0x80 ? 2 : 0;
  if (at === 0) return false;
  const [tag, size, version, next] = bytes.subarray(at);
  if (tag !== 0x02 || size !== 0x01 || (version !== 0 && version !== 1)) return false;
  // Version 0 and a modulus or an algorithm; version 1 and an octet string of the key, or an algorithm.
  if (next === 0x02) return version === 0 && bytes[at + 4] === 0x82;
  if (next === 0x04) return version === 1;
  return next === 0x30 && (bytes[at + 5] === 0x06 || bytes[at + 4] === 0x0d);
}

const OPENSSH = [...'openssh-key-v1\0'].map((char) => char.charCodeAt(0));
