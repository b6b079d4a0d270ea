/** What a proxy auto-configuration script answers: `PROXY a:8080; HTTPS b; DIRECT`. */

import { hostName } from '../../certificates/names.ts';
import type { Route } from './routes.ts';

/** No script lists more; each may cost a connection attempt. */
const MOST_ROUTES = 10;

/** In order; what we do not speak (`SOCKS`) and what is nothing known is left out. */
export function parsePacAnswer(answer: string): Route[] {
  return answer
    .slice(0, 10_000)
    .split(';')
    .flatMap((part) => routeOf(part.trim()) ?? [])
    .slice(0, MOST_ROUTES);
}

function routeOf(part: string): Route | undefined {
  if (/^DIRECT$/i.test(part)) return { kind: 'direct' };
  const [, kind = '', name = '', port] = /^(PROXY|HTTP|HTTPS)\s+(\[[^\]]*\]|[^\s:]+)(?::(\d{1,5}))?$/i.exec(part) ?? [];
  const host = hostName(name);
  if (host === undefined) return undefined;
  const secure = /^HTTPS$/i.test(kind);
  const number = port === undefined ? (secure ? 443 : 80) : Number(port);
  if (number < 1 || number > 65535) return undefined;
  return { kind: 'proxy', proxy: { host, port: number, secure, from: 'upstream.pac' } };
}
