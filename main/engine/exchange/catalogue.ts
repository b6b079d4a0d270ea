/** The catalogue of one engine: the known providers, those of its settings, and hosts that a provider has named since the start. */

import { isLoopbackName } from '../interception/addresses.ts';
import { plainPath } from '../protocols/media.ts';
import type { Protocol, RequestTarget } from '../protocols/pieces.ts';
import { countingIn, PROTOCOLS, protocolFor, storedAnswerIn } from '../protocols/registry.ts';
import { hostMatches, pathIsWithin, pathMatches } from './patterns.ts';
import { PROVIDERS, type Provider } from './providers.ts';

export interface Catalogue {
  /** The provider of a host; one of that host's own name where the catalogue knows none. */
  providerOf(host: string): Provider;
  /** Whether connections to the host are decrypted. */
  intercepts(host: string): boolean;
  /** Patterns of hosts: of all that are decrypted, and of a few more perhaps. */
  interceptedHosts(): readonly string[];
  /**
   * Whether a path carries no model call. One that is not written plainly is none of these: some servers undo `%2F` and drop `;x`
   * before they go up at `..`, and a model call would be behind it.
   */
  isBeside(host: string, path: string): boolean;
  protocolFor(target: Target): Protocol | undefined;
  /** The protocol of a request that is only counted. */
  countingIn(target: Target): Protocol | undefined;
  /** The protocol of an answer that is stored and fetched. */
  storedAnswerIn(target: Target): Protocol | undefined;
  /** Members of the answer to this path that name where model calls go. */
  announcedBy(target: Target): readonly string[];
  /**
   * Takes `origin`, which `by` has named for its model calls, into the catalogue. Tells whether it was new; undefined where it is no
   * origin that can be followed.
   */
  follow(by: string, origin: string): { readonly host: string; readonly isNew: boolean } | undefined;
}

type Target = RequestTarget & { readonly host: string };

/** Followed at once, in an engine's life. */
const MAX_FOLLOWED = 64;

/** What it is given is looked at each time, because settings can change. */
export function createCatalogue(options: {
  /** Providers of the settings. They come first. */
  readonly own?: readonly Provider[];
  /** Patterns of hosts to decrypt besides. */
  readonly hosts?: readonly string[];
}): Catalogue {
  const followed = new Map<string, Provider>();

  return { providerOf, intercepts, interceptedHosts, isBeside, protocolFor: spokenAt, countingIn, storedAnswerIn, announcedBy, follow };

  function known(host: string): Provider | undefined {
    const serves = (provider: Provider) => provider.hosts.some((pattern) => hostMatches(pattern, host));
    return followed.get(host) ?? options.own?.find(serves) ?? PROVIDERS.find(serves);
  }

  function providerOf(host: string): Provider {
    return known(host) ?? { name: host, hosts: [host] };
  }

  function intercepts(host: string): boolean {
    const provider = known(host);
    return (provider !== undefined && !provider.onlyIfAsked) || (options.hosts?.some((pattern) => hostMatches(pattern, host)) ?? false);
  }

  function interceptedHosts(): readonly string[] {
    const providers = [...(options.own ?? []), ...PROVIDERS].filter(({ onlyIfAsked }) => !onlyIfAsked);
    return [...providers.flatMap(({ hosts }) => hosts), ...followed.keys(), ...(options.hosts ?? [])];
  }

  function isBeside(host: string, path: string): boolean {
    const plain = path.split(/[?#]/, 1)[0] ?? '';
    if (!/^(\/[\w\-.:@]*)+$/.test(plain) || plain.split('/').some((part) => part === '.' || part === '..')) return false;
    const { beside = [], onlyAt, announces } = providerOf(host);
    if (announces?.paths.includes(plain)) return false;
    if (beside.some((pattern) => pathIsWithin(pattern, plain))) return true;
    if (!onlyAt || plain.includes('//')) return false;
    const lower = plain.toLowerCase();
    return !onlyAt.some((pattern) => pathIsWithin(pattern, lower));
  }

  /** What the settings say of a path goes before what the path says. */
  function spokenAt(target: Target): Protocol | undefined {
    const path = plainPath(target.path);
    const told = target.method === 'POST' ? Object.entries(providerOf(target.host).protocols ?? {}) : [];
    const [, name] = told.find(([pattern]) => pathMatches(pattern, path)) ?? [];
    return name === undefined ? protocolFor(target) : PROTOCOLS.find((protocol) => protocol.name === name);
  }

  function announcedBy({ host, path }: Target): readonly string[] {
    const { announces } = providerOf(host);
    return announces?.paths.includes(plainPath(path)) ? announces.members : [];
  }

  function follow(by: string, origin: string): ReturnType<Catalogue['follow']> {
    const host = hostOf(origin);
    if (host === undefined) return undefined;
    if (intercepts(host)) return { host, isNew: false };
    if (followed.size >= MAX_FOLLOWED) return undefined;
    const { onlyIfAsked: _, ...provider } = providerOf(by);
    followed.set(host, provider);
    return { host, isNew: true };
  }
}

/** The host of an HTTPS origin whose host is a name on the network; undefined for anything else. */
function hostOf(origin: string): string | undefined {
  if (origin.length > 300 || !/^https:\/\/[^/?#@\\\s]+\/?$/i.test(origin) || !URL.canParse(origin)) return undefined;
  const host = new URL(origin).hostname;
  return /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/.test(host) && host.length < 254 && !isLoopbackName(host)
    ? host
    : undefined;
}
