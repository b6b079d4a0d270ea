/** The kernel's tables of TCP sockets (proc(5), /proc/net/tcp): from a connection's addresses to its inode and owner. */

import { isIPv4, isIPv6 } from 'node:net';
import { endianness } from 'node:os';
import { join } from 'node:path';
import type { Endpoints } from './endpoints.ts';
import { createSharedReading } from './shared-reading.ts';

export interface SocketOwner {
  readonly inode: string;
  readonly uid: number;
}

export interface SocketTable {
  /** Who made the client's end of a connection; undefined where the socket is gone, or belongs to nobody any more. Never rejects. */
  ownerOf(endpoints: Endpoints): Promise<SocketOwner | undefined>;
}

export function createSocketTable(proc: string): SocketTable {
  const readings = { tcp: createSharedReading(join(proc, 'net/tcp')), tcp6: createSharedReading(join(proc, 'net/tcp6')) };

  return {
    async ownerOf(endpoints) {
      const alone: SocketOwner[] = [];
      for (const { table, client, proxy } of rowsFor(endpoints)) {
        const row = await readings[table].search(
          (text, from) => ownersIn(text, ` ${client} ${proxy} `, from)[0],
          (text) => void alone.push(...ownersIn(text, ` ${client} `, 0)),
        );
        if (row) return row.inode === '0' ? undefined : row;
      }
      // Of a connection that was redirected to us, the client's row still says where it was going to. Its own address must do,
      // where only one connection has it. A table that changes between two reads may show a row twice.
      const [only, ...others] = alone;
      return only && others.every(({ inode }) => inode === only.inode) && only.inode !== '0' ? only : undefined;
    },
  };
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

/**
 * Those whose row has `addresses`. After them: st, tx:rx, tr:when, retrnsmt, uid, timeout, inode. A socket that nobody holds has the inode 0;
 * one that listens (0A) has no other end.
 */
function ownersIn(table: string, addresses: string, from: number): SocketOwner[] {
  const owners: SocketOwner[] = [];
  for (let at = table.indexOf(addresses, from); at >= 0; at = table.indexOf(addresses, at + 1)) {
    const end = table.indexOf('\n', at);
    // The rest of this row is still to be read.
    if (end < 0) break;
    const line = table.slice(table.lastIndexOf('\n', at) + 1, end);
    const [, local = '', , state, , , , uid = '', , inode = '0'] = line.trim().split(/\s+/);
    if (addresses.startsWith(` ${local} `) && state !== '0A') owners.push({ inode, uid: Number(uid) });
  }
  return owners;
}
