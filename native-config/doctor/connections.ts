/** Established connections, from the kernel's tables (proc(5), /proc/net/tcp). */

import { readFileSync } from 'node:fs';
import { endianness } from 'node:os';
import { join } from 'node:path';

export interface ConnectionRow {
  readonly inode: string;
  readonly local: Endpoint;
  readonly remote: Endpoint;
}

export interface Endpoint {
  /** An IPv4 address that is mapped into IPv6 as IPv4. */
  readonly address: string;
  readonly port: number;
}

const ESTABLISHED = '01';
const MOST_ROWS = 50_000;

export function establishedConnections(proc: string): readonly ConnectionRow[] {
  return ['net/tcp', 'net/tcp6'].flatMap((table) => rowsOf(textOf(join(proc, table))));
}

function rowsOf(text: string): readonly ConnectionRow[] {
  return text
    .split('\n', MOST_ROWS)
    .slice(1)
    .flatMap((line) => {
      const [, local = '', remote = '', state, , , , , , inode = '0'] = line.trim().split(/\s+/);
      const [from, to] = [endpointOf(local), endpointOf(remote)];
      return state === ESTABLISHED && inode !== '0' && from && to ? [{ inode, local: from, remote: to }] : [];
    });
}

/** `0100007F:01BB`, each word of the address in the machine's own byte order. */
function endpointOf(text: string): Endpoint | undefined {
  const match = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/.exec(text);
  if (!match?.[1] || !match[2]) return undefined;
  const bytes = Buffer.from(match[1], 'hex');
  if (endianness() === 'LE') bytes.swap32();
  return { address: addressOf(bytes), port: Number.parseInt(match[2], 16) };
}

function addressOf(bytes: Buffer): string {
  const isMapped = bytes.length === 16 && bytes.subarray(0, 12).equals(Buffer.from('00000000000000000000ffff', 'hex'));
  const four = bytes.length === 4 ? bytes : isMapped ? bytes.subarray(12) : undefined;
  if (four) return four.join('.');
  const groups = Array.from({ length: 8 }, (_, at) => bytes.readUInt16BE(at * 2).toString(16)).join(':');
  return groups.replace(/(^|:)0(:0)+(:|$)/, '::');
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
