/** Which way to a target: its own address, or a parent proxy. */

import { HoldpointError, messageOf } from '../../../contract/errors.ts';
import { isLoopbackName } from '../addresses.ts';
import type { Log } from '../log.ts';
import { authorityOf, type Target } from '../target.ts';
import { createNoProxy } from './no-proxy.ts';
import { createPac } from './pac.ts';
import { parsePacAnswer } from './pac-answer.ts';
import { type ParentProxy, proxyName } from './parent-proxy.ts';
import { pacName, type RouteSettings } from './route-settings.ts';

export type Route = { readonly kind: 'direct' } | { readonly kind: 'proxy'; readonly proxy: ParentProxy };

export interface Routes {
  /**
   * The ways to a target, to be tried in this order; `tunnelled` where its client's bytes are not read.
   * `HoldpointError` `upstream-unreachable` where no way can be known.
   */
  choose(target: Target, tunnelled: boolean): Promise<readonly Route[]>;
  close(): void;
}

export const DIRECT: Route = { kind: 'direct' };

export function createRoutes(
  options: RouteSettings & {
    /** The port that we listen on: a route to ourselves would go round for ever. */
    ownPort(): number | undefined;
    /** What the script's server may be signed by, in PEM. */
    roots(): readonly string[];
    log: Log;
  },
): Routes {
  const { parentProxy, ownPort, roots, log } = options;
  const excepted = createNoProxy(options.noProxy);
  const pac = options.pac === undefined ? undefined : createPac({ source: options.pac, roots });

  let lastTold = '';

  return {
    async choose(target, tunnelled) {
      // A proxy elsewhere would take this machine's names for its own.
      if (isLoopbackName(target.host) || excepted(target.host, target.port)) return [DIRECT];
      if (pac && options.pac !== undefined) {
        try {
          return routesIn(await pac.findProxy(scriptUrl(target, tunnelled), target.host), target, options.pac);
        } catch (error) {
          if (!parentProxy) throw error;
          tell(`${messageOf(error)} The parent proxy is used instead.`);
        }
      }
      return parentProxy ? throughParent(parentProxy) : [DIRECT];
    },
    close: () => pac?.close(),
  };

  /** Once, not at each connection. */
  function tell(message: string): void {
    if (message !== lastTold) log({ kind: 'route-failed', message });
    lastTold = message;
  }

  function routesIn(answer: string, target: Target, source: string): readonly Route[] {
    const routes = parsePacAnswer(answer).filter((route) => route.kind === 'direct' || !isOurselves(route.proxy));
    if (routes.length > 0) return routes.map(withCredentials);
    throw new HoldpointError(
      'upstream-unreachable',
      `The proxy script ${pacName(source)} names no way to ${authorityOf(target)} that Holdpoint can go: HTTP and HTTPS proxies and DIRECT are. Correct upstream.pac, or except the host in upstream.noProxy.`,
    );
  }

  /** A script names proxies without credentials; those of the settings are for the same proxy. */
  function withCredentials(route: Route): Route {
    if (route.kind === 'direct' || !parentProxy) return route;
    const { host, port, secure } = route.proxy;
    const same = host === parentProxy.host && port === parentProxy.port && secure === parentProxy.secure;
    return same ? { kind: 'proxy', proxy: parentProxy } : route;
  }

  function throughParent(proxy: ParentProxy): readonly Route[] {
    if (!isOurselves(proxy)) return [{ kind: 'proxy', proxy }];
    // An engine that was started from a guarded terminal inherits the variable that sends agents to it.
    if (proxy.from !== 'upstream.parentProxy') return [DIRECT];
    throw new HoldpointError(
      'upstream-unreachable',
      `upstream.parentProxy is ${proxyName(proxy)}, which is Holdpoint's own port. Name the proxy that is behind Holdpoint, or remove the setting.`,
    );
  }

  function isOurselves({ host, port }: ParentProxy): boolean {
    return port === ownPort() && (isLoopbackName(host) || host === '0.0.0.0' || host === '::');
  }
}

/** As browsers ask: no path, which is nobody's business, and `https` for whatever they would open a tunnel for. */
function scriptUrl(target: Target, tunnelled: boolean): string {
  const secure = target.secure || tunnelled;
  return `${secure ? 'https' : 'http'}://${authorityOf({ ...target, secure })}/`;
}
