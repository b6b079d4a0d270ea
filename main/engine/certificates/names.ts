/** Host names as targets and certificates need them: one spelling each, or none. */

import { isIPv4, isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';

/** Underscores are not for host names (RFC 1123), but real services have them and clients connect to them. */
const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;
/** `127.1`, `0x7f000001` and `2130706433` are IPv4 addresses to a resolver, so no name may end like one. */
const READS_AS_NUMBER = /^(\d+|0x[0-9a-f]*)$/;

/**
 * The one spelling of a host: a DNS name in lower case and ASCII without its final dot, or an IP address in its canonical form without
 * brackets. Undefined where it is neither, or where a resolver could read it otherwise than we do.
 */
export function hostName(text: string): string | undefined {
  if (text.length > 255) return undefined;
  const host = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  if (isIPv6(host)) return canonicalIPv6(host);
  if (host !== text) return undefined;
  if (isIPv4(host)) return host;
  const name = (isAscii(host) ? host : domainToASCII(host)).toLowerCase().replace(/\.$/, '');
  const labels = name.split('.');
  if (name.length > 253 || !labels.every((label) => LABEL.test(label))) return undefined;
  return READS_AS_NUMBER.test(labels.at(-1)!) ? undefined : name;
}

/** The bytes of an IP address in canonical form; undefined for a name. */
export function ipBytes(host: string): Buffer | undefined {
  if (isIPv4(host)) return Buffer.from(host.split('.').map(Number));
  if (!isIPv6(host)) return undefined;
  const [head = '', tail] = host.split('::');
  const front = groups(head);
  const back = tail === undefined ? [] : groups(tail);
  const zeros = Array<number>(8 - front.length - back.length).fill(0);
  const bytes = Buffer.alloc(16);
  [...front, ...zeros, ...back].forEach((group, i) => {
    bytes.writeUInt16BE(group, i * 2);
  });
  return bytes;
}

function groups(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}

/** An address with a zone (`fe80::1%eth0`) means something on one machine only, and has no place in a certificate. */
function canonicalIPv6(host: string): string | undefined {
  return host.includes('%') ? undefined : new URL(`http://[${host}]/`).hostname.slice(1, -1);
}

function isAscii(text: string): boolean {
  return !/[^\x21-\x7e]/.test(text);
}
