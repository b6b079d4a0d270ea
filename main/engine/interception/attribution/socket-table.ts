/** The kernel's tables of TCP sockets (proc(5), /proc/net/tcp): from a connection's addresses to its inode and owner. */

import { readFile } from 'node:fs/promises';
import { isIPv4, isIPv6 } from 'node:net';
import { endianness } from 'node:os';
import { join } from 'node:path';

/** A connection as the proxy sees it. */
export interface Endpoints {
  readonly clientPort: number;
  readonly clientAddress: string;
  readonly proxyPort: number;
  readonly proxyAddress: string;
}

export interface SocketOwner {
  readonly inode: string;
  readonly uid: number;
}

/** Who made the client's end of a connection; undefined where the socket is gone, or belongs to nobody any more. */
export async function ownerOf(endpoints: Endpoints, proc: string): Promise<SocketOwner | undefined> {
  for (const { table, client, proxy } of rowsFor(endpoints)) {
    const text = await readFile(join(proc, 'net', table), 'latin1').catch(() => '');
    const owner = ownerInRow(text, ` ${client} ${proxy} `);
    if (owner !== undefined) return owner;
  }
  return undefined;
}

interface Row {
  readonly table: 'tcp' | 'tcp6';
  readonly client: string;
  readonly proxy: string;
}

/** Where the client's end may stand: an IPv4 connection of an IPv6 socket is in the second table, its addresses mapped. */
export function rowsFor({ clientPort, clientAddress, proxyPort, proxyAddress }: Endpoints): readonly Row[] {
  const client = wordsOf(clientAddress);
  const proxy = wordsOf(proxyAddress);
  if (client === undefined || proxy === undefined) return [];
  const row = (table: Row['table'], words: (all: readonly number[]) => readonly number[]): Row => ({
    table,
    client: `${hex(words(client))}:${hexPort(clientPort)}`,
    proxy: `${hex(words(proxy))}:${hexPort(proxyPort)}`,
  });
  const asTcp6 = row('tcp6', (all) => all);
  const isMapped = (words: readonly number[]) => words[0] === 0 && words[1] === 0 && words[2] === 0xffff;
  return isMapped(client) && isMapped(proxy) ? [row('tcp', (all) => all.slice(3)), asTcp6] : [asTcp6];
}

/** An address as four words of 32 bits, an IPv4 one mapped (RFC 4291, section 2.5.5.2). */
function wordsOf(address: string): readonly number[] | undefined {
  const bare = address.split('%', 1)[0] ?? '';
  const mapped = /^::ffff:([0-9.]+)$/i.exec(bare)?.[1] ?? bare;
  if (isIPv4(mapped)) {
    const [a = 0, b = 0, c = 0, d = 0] = mapped.split('.').map(Number);
    return [0, 0, 0xffff, ((a << 24) | (b << 16) | (c << 8) | d) >>> 0];
  }
  if (!isIPv6(bare)) return undefined;
  const [left = '', right] = bare.split('::');
  const head = groupsOf(left);
  const tail = groupsOf(right ?? '');
  const groups = [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail];
  return [0, 2, 4, 6].map((at) => (((groups[at] ?? 0) << 16) | (groups[at + 1] ?? 0)) >>> 0);
}

function groupsOf(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}

/** The kernel prints each word as a number of the machine's own byte order. */
function hex(words: readonly number[]): string {
  return words
    .map((word) => {
      const bytes = Buffer.alloc(4);
      if (endianness() === 'LE') bytes.writeUInt32LE(word);
      else bytes.writeUInt32BE(word);
      return bytes.toString('hex').toUpperCase();
    })
    .join('');
}

function hexPort(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0');
}

/** After the addresses: st, tx:rx, tr:when, retrnsmt, uid, timeout, inode. A socket that nobody holds has the inode 0. */
function ownerInRow(table: string, addresses: string): SocketOwner | undefined {
  const at = table.indexOf(addresses);
  if (at < 0) return undefined;
  const end = table.indexOf('\n', at);
  const [, , , , uid = '', , inode = '0'] = table
    .slice(at + addresses.length, end < 0 ? undefined : end)
    .trim()
    .split(/\s+/);
  return inode === '0' ? undefined : { inode, uid: Number(uid) };
}
