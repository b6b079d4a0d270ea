/** Header fields of HTTP/2 (RFC 9113 §8.2) as HTTP/1.1 has them, and back. */

import { values } from './headers.ts';

export interface RequestFields {
  readonly method: string;
  readonly scheme: string;
  /** Empty for CONNECT, which has none. */
  readonly path: string;
  readonly rawHeaders: readonly string[];
}

/** Fields that HTTP/2 does not have: they are about a connection, or are pseudo-headers there. */
const NOT_IN_HTTP2: ReadonlySet<string> = new Set([
  'connection',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);

/** `:authority` becomes Host; a Host that says something else stays beside it, for `faultOf` to see. Cookies become one (§8.2.3). */
export function requestFields(raw: readonly string[]): RequestFields {
  const pseudo = new Map<string, string>();
  const rawHeaders: string[] = [];
  const cookies = values(raw, 'cookie');
  let hasCookie = false;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i]!;
    const value = raw[i + 1]!;
    if (name === ':authority') rawHeaders.push('host', value);
    if (name.startsWith(':')) {
      pseudo.set(name, value);
      continue;
    }
    if (name === 'host' && value === pseudo.get(':authority')) continue;
    if (name !== 'cookie') rawHeaders.push(name, value);
    else if (!hasCookie) {
      hasCookie = true;
      rawHeaders.push(name, cookies.join('; '));
    }
  }
  return { method: pseudo.get(':method') ?? '', scheme: pseudo.get(':scheme') ?? '', path: pseudo.get(':path') ?? '', rawHeaders };
}

/** Without `:status` and the like. */
export function plainFields(raw: readonly string[]): string[] {
  const out: string[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) if (!raw[i]!.startsWith(':')) out.push(raw[i]!, raw[i + 1]!);
  return out;
}

/** Headers of HTTP/1.1 as HTTP/2 takes them: in lower case, and without those that it does not have. */
export function http2Fields(rawHeaders: readonly string[]): string[] {
  const out: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!.toLowerCase();
    if (!NOT_IN_HTTP2.has(name)) out.push(name, rawHeaders[i + 1]!);
  }
  return out;
}

/** Trailers as `sendTrailers` takes them, of either version. */
export function trailerFields(raw: readonly string[]): Record<string, string[]> {
  const fields = http2Fields(raw);
  const out: Record<string, string[]> = {};
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const name = fields[i]!;
    if (Object.hasOwn(out, name)) out[name]!.push(fields[i + 1]!);
    else out[name] = [fields[i + 1]!];
  }
  return out;
}
