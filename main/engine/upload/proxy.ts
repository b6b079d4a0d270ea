/** Which proxy leads to the collector: the one that leads to providers. A proxy script (PAC) is not asked. */

import { isLoopbackName } from '../interception/addresses.ts';
import { createNoProxy } from '../interception/routes/no-proxy.ts';
import { proxyName } from '../interception/routes/parent-proxy.ts';
import type { RouteSettings } from '../interception/routes/route-settings.ts';

/** Its URL with credentials; undefined where the collector is reached directly. */
export function proxyFor(url: string, { parentProxy, noProxy }: RouteSettings, ownPort: number): string | undefined {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  if (!parentProxy || isLoopbackName(host) || createNoProxy(noProxy)(host, Number(port) || (protocol === 'https:' ? 443 : 80)))
    return undefined;
  // An engine that was started from a guarded terminal is told of itself. Each upload would make records, and so another upload.
  if (parentProxy.port === ownPort && isLoopbackName(parentProxy.host)) return undefined;
  const { secure, credentials } = parentProxy;
  const [user, ...password] = (credentials ?? '').split(':');
  const login = credentials === undefined ? '' : `${encodeURIComponent(user ?? '')}:${encodeURIComponent(password.join(':'))}@`;
  return `${secure ? 'https' : 'http'}://${login}${proxyName(parentProxy)}`;
}
