/** Which addresses a name may lead to: DNS is not trusted to point inwards. */

import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { HoldpointError, messageOf } from '../../contract/errors.ts';

export interface Address {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Link-local ranges hold the metadata services of clouds, which give out credentials; the others are such services elsewhere. */
const NEVER = blockList([
  ['169.254.0.0', 16],
  ['fe80::', 10],
  // All of it is Amazon's own: instance metadata at ::254, the credentials of pods at ::23.
  ['fd00:ec2::', 32],
  ['fd20:ce::254', 128],
  ['100.100.100.200', 32],
  ['168.63.129.16', 32],
  ['192.0.0.192', 32],
  ['0.0.0.0', 8],
  ['::', 128],
]);

/** Services of this machine, which trust whoever can reach them. */
const LOOPBACK = blockList([
  ['127.0.0.0', 8],
  ['::1', 128],
]);

/** Names under which clouds serve their metadata: a proxy would look them up where it stands. */
const METADATA_NAMES: ReadonlySet<string> = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'instance-data',
  'instance-data.ec2.internal',
]);

/** Names that mean this machine (RFC 6761 §6.3). */
export function isLoopbackName(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || within(LOOPBACK, host);
}

/** For a host that somebody else may look up: what can be told from its name alone. `HoldpointError` `upstream-refused`. */
export function refuseInward(host: string): void {
  if (within(NEVER, host)) throw refusal(host, host);
  if (METADATA_NAMES.has(host)) throw refusal(host, 'an address inside a cloud');
}

/**
 * Where to connect for a host, as `hostName` spells it. What is returned is what must be dialled: to ask DNS again could give another answer.
 * `HoldpointError`: `upstream-unreachable` where the name has no address, `upstream-refused` where none of its addresses is permitted.
 */
export async function addressesOf(host: string): Promise<Address[]> {
  const found = await resolved(host);
  const loopback = isLoopbackName(host);
  const permitted = found.filter(({ address }) => !within(NEVER, address) && (loopback || !within(LOOPBACK, address)));
  if (permitted.length > 0) return permitted;
  throw refusal(host, found[0]?.address ?? 'no address');
}

/** Whether it is we who do not connect, whatever the network would. */
export function isRefusal(error: unknown): error is HoldpointError {
  return error instanceof HoldpointError && error.code === 'upstream-refused';
}

function refusal(host: string, where: string): HoldpointError {
  return new HoldpointError(
    'upstream-refused',
    `${host} leads to ${where}, which is this machine's own or a cloud's metadata service. Holdpoint does not connect there; upstream.resolve in its settings can name an address.`,
  );
}

async function resolved(host: string): Promise<Address[]> {
  const family = isIP(host);
  if (family !== 0) return [{ address: host, family: family === 4 ? 4 : 6 }];
  try {
    const answers = await lookup(host, { all: true });
    return answers.map(({ address, family }) => ({ address, family: family === 4 ? 4 : 6 }));
  } catch (error) {
    throw new HoldpointError(
      'upstream-unreachable',
      `No address could be found for ${host} (${messageOf(error)}). Check its spelling and the network.`,
      error,
    );
  }
}

/** NAT64 (RFC 6052) leads to the IPv4 address in its last 32 bits; IPv4-mapped addresses are compared as IPv4 by Node itself. */
function within(list: BlockList, address: string): boolean {
  const family = isIP(address);
  return family !== 0 && list.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

function blockList(subnets: readonly (readonly [network: string, prefix: number])[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of subnets) {
    const family = isIP(network) === 4 ? 'ipv4' : 'ipv6';
    list.addSubnet(network, prefix, family);
    if (family === 'ipv4') list.addSubnet(`64:ff9b::${network}`, 96 + prefix, 'ipv6');
  }
  return list;
}
