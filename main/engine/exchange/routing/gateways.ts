/** Routes: a provider's model calls go to a company's gateway, with the company's credential in the place of the agent's. */

import { HoldpointError } from '../../../contract/errors.ts';
import type { Settings } from '../../../contract/settings.ts';
import type { HeaderEdits, OutgoingWays, Way } from '../../interception/outgoing.ts';
import { authorityOf, parseAuthority, type Target } from '../../interception/target.ts';
import type { RequestHead } from '../../protocols/pieces.ts';
import type { Catalogue } from '../catalogue.ts';
import { CREDENTIAL_HEADERS, withoutKeys } from '../credentials.ts';
import { isOwnAffair } from './own-affairs.ts';

type RouteSettings = Settings['routes'];
type WaySettings = RouteSettings[number]['ways'][number];

interface Gateway {
  readonly settings: WaySettings;
  readonly target: Target;
  /** Put before the request's own path. */
  readonly base: string;
  readonly name: string;
}

interface Route {
  readonly provider: string;
  readonly gateways: readonly [Gateway, ...Gateway[]];
  readonly thenDirect: boolean;
  readonly patienceMs: number;
}

/** A credential that was set anew is used after so long at the latest. */
const REMEMBERED_MS = 10_000;

export function createGateways(options: {
  /** Asked at each request. The same array, as long as nothing has changed. */
  routes: () => RouteSettings;
  catalogue: Pick<Catalogue, 'providerOf' | 'isBeside'>;
  /** A secret by its name; undefined where there is none. */
  credential: (name: string) => Promise<string | undefined>;
  /** Told each credential before it is used, so that no record and no log shows it. */
  learnCredential: (value: string) => void;
  now?: () => number;
}): OutgoingWays {
  const { catalogue, credential, learnCredential, now = Date.now } = options;
  const remembered = new Map<string, { readonly value: string; readonly until: number }>();
  let compiled: readonly Route[] = [];
  let from: RouteSettings | undefined;

  return {
    leads: ({ host }) => routeOf(host)?.gateways[0].target,
    waysFor(head) {
      if (options.routes().length === 0) return undefined;
      const route = routeOf(head.host);
      return route === undefined || isOwnAffair(catalogue, head) ? undefined : waysOn(route, head);
    },
  };

  async function waysOn({ gateways, thenDirect, patienceMs, provider }: Route, head: RequestHead): Promise<[Way, ...Way[]]> {
    const through = async ({ settings, target, base, name }: Gateway): Promise<Way> => {
      const secret = settings.credential === undefined ? undefined : await secretFor(settings.credential, provider);
      const path = secret === undefined ? head.path : withoutKeys(head.path);
      return { elsewhere: { target, path: `${base}${path}`, edits: editsFor(settings, secret) }, patienceMs, name };
    };
    const [first, ...others] = gateways;
    return [await through(first), ...(await Promise.all(others.map(through))), ...(thenDirect ? [{ patienceMs, name: head.host }] : [])];
  }

  async function secretFor(name: string, provider: string): Promise<string> {
    const kept = remembered.get(name);
    const value = kept && kept.until > now() ? kept.value : await credential(name);
    if (value === undefined || value === '')
      throw new HoldpointError(
        'settings-unusable',
        `Calls to ${provider} go to a gateway of the company, but its credential "${name}" is not on this device, so nothing was sent. Set it with: holdpoint routes set-credential ${name}`,
      );
    if (value !== kept?.value || kept.until <= now()) remembered.set(name, { value, until: now() + REMEMBERED_MS });
    learnCredential(value);
    return value;
  }

  function routeOf(host: string): Route | undefined {
    const settings = options.routes();
    if (settings !== from) {
      from = settings;
      remembered.clear();
      compiled = settings.map((route) => ({
        provider: route.provider,
        gateways: route.ways.map(gatewayOf) as [Gateway, ...Gateway[]],
        thenDirect: route.thenDirect,
        patienceMs: route.timeoutSeconds * 1000,
      }));
    }
    if (compiled.length === 0) return undefined;
    const { name } = catalogue.providerOf(host);
    return compiled.find(({ provider }) => provider === name);
  }

  /** Headers of the settings that look as if they were credentials are kept out of records too. */
  function editsFor({ credentialHeader, headers }: WaySettings, secret: string | undefined): HeaderEdits {
    const own = Object.entries(headers);
    for (const [name, value] of own)
      if (/(^|-)(key|token|secret|auth\w*)(-|$)/i.test(name)) learnCredential(value.replace(/^(Bearer|Basic)\s+/i, ''));
    const replaced = new Set(own.map(([name]) => name.toLowerCase()));
    return {
      removes: (name) => replaced.has(name) || (secret !== undefined && CREDENTIAL_HEADERS.has(name)),
      adds: [
        ...(secret === undefined ? [] : [credentialHeader, credentialHeader === 'authorization' ? `Bearer ${secret}` : secret]),
        ...own.flat(),
      ],
    };
  }
}

function gatewayOf(settings: WaySettings): Gateway {
  const url = new URL(settings.url);
  const secure = url.protocol === 'https:';
  const port = secure ? 443 : 80;
  const target = { ...(parseAuthority(url.host, port) ?? { host: url.hostname, port }), secure };
  const base = url.pathname.replace(/\/+$/, '');
  return { settings, target, base, name: `${authorityOf(target)}${base}` };
}
