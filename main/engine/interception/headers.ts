/** Header fields on their way through a proxy (RFC 9110 §7.6): what belongs to one connection stays on it, all else keeps order and case. */

import { DECODABLE } from './encoding.ts';

/** `TE` and `Trailer` go on: they speak of trailers, which pass through. `Alt-Svc` offers another way to the provider, past this one. */
const OF_ONE_CONNECTION: ReadonlySet<string> = new Set([
  'alt-svc',
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-authentication-info',
  'transfer-encoding',
  'upgrade',
]);

/** `content-length` and `transfer-encoding: chunked` say the same as the body's own framing; `none` says that there is no body. */
export type RequestFraming = 'length' | 'chunked' | 'none';

/** How a request's body is framed; undefined where its head is ambiguous about it, which is how requests are smuggled (RFC 9112 §11.2). */
export function requestFraming(rawHeaders: readonly string[], httpVersion: string): RequestFraming | undefined {
  const encodings = values(rawHeaders, 'transfer-encoding');
  const lengths = values(rawHeaders, 'content-length');
  if (encodings.length > 0) {
    const plain = encodings.length === 1 && encodings[0]?.trim().toLowerCase() === 'chunked';
    return plain && lengths.length === 0 && httpVersion === '1.1' ? 'chunked' : undefined;
  }
  if (lengths.length === 0) return 'none';
  return lengths.length === 1 && /^\d+$/.test(lengths[0]!.trim()) ? 'length' : undefined;
}

/**
 * A request's headers for the provider. `accept-encoding` changes only where it asks for an encoding that could not be inspected.
 */
export function requestHeaders(options: {
  rawHeaders: readonly string[];
  framing: RequestFraming;
  method: string;
  host: string;
  inspected: boolean;
}): string[] {
  const { rawHeaders, framing, method, host, inspected } = options;
  const named = namedByConnection(rawHeaders);
  const out: string[] = [];
  let hasHost = false;
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!;
    const value = rawHeaders[i + 1]!;
    const lower = name.toLowerCase();
    // The client's wish to be told to continue is met by us, as it must be where the body is read first.
    if (lower === 'expect') continue;
    if (lower === 'transfer-encoding') out.push(name, 'chunked');
    else if (staysHere(lower, named)) continue;
    else if (lower === 'te') {
      if (/(^|,)\s*trailers\s*(;|,|$)/i.test(value)) out.push(name, 'trailers');
    } else if (inspected && lower === 'accept-encoding') out.push(name, decodableOnly(value));
    else out.push(name, value);
    hasHost ||= lower === 'host';
  }
  if (!hasHost) out.unshift('Host', host);
  // HTTP/2 has no need to say that a body of no known length follows.
  if (framing === 'chunked' && values(out, 'transfer-encoding').length === 0) out.push('Transfer-Encoding', 'chunked');
  // A POST without a body needs to say so, or Node would announce one in chunks.
  if (framing === 'none' && method !== 'GET' && method !== 'HEAD') out.push('Content-Length', '0');
  return out;
}

/** A request's headers where its body gives way to another of `length` bytes, in no content encoding. */
export function reframed(rawHeaders: readonly string[], length: number): string[] {
  const out: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2)
    if (!OF_A_BODY.has(rawHeaders[i]!.toLowerCase())) out.push(rawHeaders[i]!, rawHeaders[i + 1]!);
  return [...out, 'Content-Length', String(length)];
}

const OF_A_BODY: ReadonlySet<string> = new Set([
  'content-length',
  'transfer-encoding',
  'content-encoding',
  'content-digest',
  'digest',
  'trailer',
]);

/** A response's headers for the client. `decoded`: the body goes out as `identity`, and its length is not known. */
export function responseHeaders(rawHeaders: readonly string[], decoded: boolean): string[] {
  const named = namedByConnection(rawHeaders);
  const chunked = values(rawHeaders, 'transfer-encoding').length > 0;
  const out: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const lower = rawHeaders[i]!.toLowerCase();
    if (staysHere(lower, named)) continue;
    if (lower === 'content-length' && (decoded || chunked)) continue;
    if (lower === 'content-encoding' && decoded) continue;
    out.push(rawHeaders[i]!, rawHeaders[i + 1]!);
  }
  return out;
}

/** Trailers as `addTrailers` takes them. */
export function pairs(raw: readonly string[]): [string, string][] {
  const out: [string, string][] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) out.push([raw[i]!, raw[i + 1]!]);
  return out;
}

/** Every value of a header, by lower-case name. */
export function values(rawHeaders: readonly string[], name: string): string[] {
  const out: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) if (rawHeaders[i]?.toLowerCase() === name) out.push(rawHeaders[i + 1]!);
  return out;
}

function staysHere(lower: string, named: ReadonlySet<string>): boolean {
  return OF_ONE_CONNECTION.has(lower) || named.has(lower);
}

/** `Connection: close, X-Debug` makes X-Debug a matter of this connection too. Those that frame the message cannot be made so. */
function namedByConnection(rawHeaders: readonly string[]): ReadonlySet<string> {
  const names = values(rawHeaders, 'connection').flatMap((value) => value.split(',').map((name) => name.trim().toLowerCase()));
  return new Set(names.filter((name) => !['host', 'content-length', 'content-encoding', 'content-type', 'te', 'trailer'].includes(name)));
}

function decodableOnly(value: string): string {
  const asked = value.split(',').map((item) => item.trim());
  const known = asked.filter((item) => DECODABLE.has(item.split(';')[0]!.trim().toLowerCase()));
  if (known.length === asked.length) return value;
  return known.length > 0 ? known.join(', ') : 'identity';
}
