/** A proxy between us and the providers: a company's, say. */

import { hostName } from '../../certificates/names.ts';

export interface ParentProxy {
  /** As `hostName` spells it. */
  readonly host: string;
  readonly port: number;
  /** Whether TLS is spoken with the proxy itself. */
  readonly secure: boolean;
  /** `user:password`, percent-decoded. For this proxy alone, and never shown. */
  readonly credentials?: string;
  /** The setting or variable that named it, for a person. */
  readonly from: string;
}

/** `http://[USER:PASSWORD@]HOST[:PORT]`, or `https://` for a proxy that speaks TLS; undefined where it is neither. */
export function parseParentProxy(text: string, from: string): ParentProxy | undefined {
  const url = URL.parse(text);
  const host = url === null ? undefined : hostName(url.hostname);
  if (url === null || host === undefined || !/^https?:$/.test(url.protocol)) return undefined;
  if (!/^\/?$/.test(url.pathname) || url.search !== '' || url.hash !== '' || url.port === '0') return undefined;
  const secure = url.protocol === 'https:';
  const credentials = url.username === '' && url.password === '' ? undefined : `${decoded(url.username)}:${decoded(url.password)}`;
  return {
    host,
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    secure,
    ...(credentials !== undefined && { credentials }),
    from,
  };
}

/** `host:port`, for a person: without credentials. */
export function proxyName({ host, port }: Pick<ParentProxy, 'host' | 'port'>): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** A password with a bare `%` is what somebody typed who knew nothing of percent-encoding. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
