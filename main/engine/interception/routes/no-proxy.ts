/** Which targets are reached without the parent proxy: what NO_PROXY means, of which there is no standard. */

import { BlockList, isIP } from 'node:net';
import { hostName } from '../../certificates/names.ts';

/** Asked with hosts as `hostName` spells them. */
export type NoProxy = (host: string, port: number) => boolean;

/**
 * Entries as curl, Go and Python read them: `*`; `example.com` with its sub-domains; `.example.com` or `*.example.com` for those alone;
 * an address; a network (`10.0.0.0/8`), which names no host by name; each but a network with `:port` where it is for one port only.
 * What is none of these excepts nothing.
 */
export function createNoProxy(entries: readonly string[]): NoProxy {
  const rules = entries.flatMap((entry) => ruleOf(entry.trim()) ?? []);
  return (host, port) => rules.some((rule) => rule(host, port));
}

function ruleOf(entry: string): NoProxy | undefined {
  if (entry === '*') return () => true;
  const network = /^([^/]+)\/(\d{1,3})$/.exec(entry);
  if (network) return networkRule(network[1]!, Number(network[2]));
  const { name, wantedPort } = withoutPort(entry);
  const below = /^\*?\./.test(name);
  const wanted = hostName(below ? name.replace(/^\*?\./, '') : name);
  if (wanted === undefined) return undefined;
  const named = (host: string) => host.endsWith(`.${wanted}`) || (!below && host === wanted);
  return (host, port) => (wantedPort === undefined || wantedPort === port) && named(host);
}

/** An IPv6 address has a port only where it stands in brackets. */
function withoutPort(entry: string): { name: string; wantedPort?: number } {
  const match = isIP(entry) === 6 ? undefined : /^(.*):(\d{1,5})$/.exec(entry);
  return match ? { name: match[1]!, wantedPort: Number(match[2]) } : { name: entry };
}

function networkRule(address: string, prefix: number): NoProxy | undefined {
  const family = isIP(address);
  if (family === 0 || prefix > (family === 4 ? 32 : 128)) return undefined;
  const list = new BlockList();
  list.addSubnet(address, prefix, family === 4 ? 'ipv4' : 'ipv6');
  return (host) => isIP(host) !== 0 && list.check(host, isIP(host) === 4 ? 'ipv4' : 'ipv6');
}
