/** How providers are to be reached: what the settings say, else what the user's environment said already. */

import { type ParentProxy, parseParentProxy, proxyName } from './parent-proxy.ts';

export interface RouteSettings {
  readonly parentProxy?: ParentProxy;
  /** URL (http, https) or path of a proxy auto-configuration script. */
  readonly pac?: string;
  readonly noProxy: readonly string[];
  /** A variable names a proxy of a kind that is not known here, so that it is not used. */
  readonly ignored?: string;
}

export interface WantedRoutes {
  readonly parentProxy?: string | undefined;
  readonly pac?: string | undefined;
  readonly noProxy?: readonly string[] | undefined;
}

/** In the order in which the first that is set counts; curl and others read the lower-case one first. */
const PROXY_VARIABLES = ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'];
const NO_PROXY_VARIABLES = ['no_proxy', 'NO_PROXY'];

/** A setting beats the environment; the environment's exceptions go with the environment's proxy. */
export function routeSettings(wanted: WantedRoutes, env: NodeJS.ProcessEnv): RouteSettings {
  const { parentProxy, pac, noProxy } = wanted;
  if (parentProxy !== undefined || pac !== undefined) {
    const parsed = parentProxy === undefined ? undefined : parseParentProxy(parentProxy, 'upstream.parentProxy');
    return { ...(parsed && { parentProxy: parsed }), ...(pac !== undefined && { pac }), noProxy: noProxy ?? [] };
  }
  const variable = PROXY_VARIABLES.find((name) => env[name]);
  const value = variable === undefined ? undefined : env[variable];
  if (variable === undefined || value === undefined) return { noProxy: [] };
  const proxy = parseParentProxy(value.includes('://') ? value : `http://${value}`, variable);
  const exceptions = NO_PROXY_VARIABLES.map((name) => env[name]).find((list) => list) ?? '';
  return {
    ...(proxy ? { parentProxy: proxy } : { ignored: `${variable} names no proxy of http or https, and is not used.` }),
    noProxy: noProxy ?? exceptions.split(/[\s,]+/).filter((entry) => entry !== ''),
  };
}

/** For a person: `direct`, `proxy host:port`, or `PAC host`. Never credentials. */
export function describeRoutes({ parentProxy, pac }: RouteSettings): string {
  const proxy = parentProxy && `proxy ${proxyName(parentProxy)} (${parentProxy.from})`;
  if (pac === undefined) return proxy ?? 'direct';
  return `PAC ${pacName(pac)}${proxy ? `, else ${proxy}` : ''}`;
}

/** A script's URL may hold a user, a password or a token: its host is enough to know it by. */
export function pacName(pac: string): string {
  const url = /^https?:/i.test(pac) ? URL.parse(pac) : null;
  return url === null ? pac : `${url.protocol}//${url.host}${url.pathname}`;
}
