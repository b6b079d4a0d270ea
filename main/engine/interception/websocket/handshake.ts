/** The opening handshake of WebSockets on both sides (RFC 6455 §4), and `permessage-deflate` (RFC 7692), agreed with each side by itself. */

import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { extension, PerMessageDeflate } from 'ws';
import { values } from '../headers.ts';

const DEFLATE = 'permessage-deflate';
/** RFC 6455 §1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** Header fields of one connection, besides the handshake's own. `Alt-Svc` offers a way past this one. */
const OF_ONE_CONNECTION = new Set([
  'alt-svc',
  'content-length',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-authentication-info',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
]);

/** What is wrong with a client's handshake; undefined where nothing is. */
export function handshakeFault({ method, httpVersion, rawHeaders }: IncomingMessage): string | undefined {
  const one = (name: string) => {
    const all = values(rawHeaders, name);
    return all.length === 1 ? all[0]!.trim() : undefined;
  };
  if (method !== 'GET' || httpVersion !== '1.1') return 'A WebSocket is asked for with GET and HTTP/1.1.';
  if (one('upgrade')?.toLowerCase() !== 'websocket') return 'The request offers to upgrade to more than a WebSocket.';
  if (values(rawHeaders, 'transfer-encoding').length > 0 || !['0', undefined].includes(one('content-length')))
    return 'A request for a WebSocket has no body.';
  if (!/^[A-Za-z0-9+/]{22}==$/.test(one('sec-websocket-key') ?? '')) return 'The request has no single, valid Sec-WebSocket-Key.';
  if (one('sec-websocket-version') !== '13') return 'Only version 13 of WebSockets is spoken (Sec-WebSocket-Version).';
  return undefined;
}

/** The client's headers for the provider: in order and case, with a key and an offer of compression that are ours. */
export function headersToProvider(rawHeaders: readonly string[], key: string, host: string): string[] {
  const headers = passed(rawHeaders, (name) => {
    if (name === 'sec-websocket-key') return key;
    return name === 'sec-websocket-extensions' ? undefined : 'as it is';
  });
  if (offersDeflate(rawHeaders)) headers.push('Sec-WebSocket-Extensions', extension.format({ [DEFLATE]: clientDeflate(1).offer() }));
  return values(rawHeaders, 'host').length > 0 ? headers : ['Host', host, ...headers];
}

/** The headers of a handshake that is not ours to read: all but those of one connection, as they are. */
export function unreadHeaders(rawHeaders: readonly string[]): string[] {
  return passed(rawHeaders, () => 'as it is');
}

/** What a provider agreed to when it was asked with these headers. Throws where that is no WebSocket, or is not what it was asked for. */
export function providerAgreed(
  asked: readonly string[],
  { rawHeaders }: IncomingMessage,
  maxPayload: number,
): PerMessageDeflate | undefined {
  const [key = ''] = values(asked, 'sec-websocket-key');
  if (values(rawHeaders, 'sec-websocket-accept').join() !== acceptFor(key)) throw new Error('its handshake does not answer ours');
  const agreed = values(rawHeaders, 'sec-websocket-extensions').join(', ');
  if (agreed === '') return undefined;
  const extensions = extension.parse(agreed);
  const deflate = extensions[DEFLATE];
  if (!deflate || !offersDeflate(asked) || Object.keys(extensions).length > 1)
    throw new Error(`it speaks an extension that was not offered (${agreed.slice(0, 100)})`);
  const agreement = clientDeflate(maxPayload);
  agreement.accept(deflate);
  return agreement;
}

/** What we agree to with a client. */
export function agreedWithClient(
  rawHeaders: readonly string[],
  maxPayload: number,
): { readonly deflate: PerMessageDeflate; readonly header: string } | undefined {
  if (!offersDeflate(rawHeaders)) return undefined;
  const deflate = new PerMessageDeflate({ isServer: true, serverNoContextTakeover: true, clientNoContextTakeover: true, maxPayload });
  try {
    const params = deflate.accept(extension.parse(offered(rawHeaders))[DEFLATE] ?? []);
    return { deflate, header: extension.format({ [DEFLATE]: params }) };
  } catch {
    // None of its offers will do: it is told so by our saying nothing of it.
    return undefined;
  }
}

/** The head that opens the client's side, with what the provider's said besides the handshake. */
export function openingHead(request: IncomingMessage, provider: readonly string[], extensions: string | undefined): Buffer {
  const accept = acceptFor(values(request.rawHeaders, 'sec-websocket-key')[0]!.trim());
  const headers = passed(provider, (name) => {
    if (name === 'sec-websocket-accept') return accept;
    return name === 'sec-websocket-extensions' ? undefined : 'as it is';
  });
  if (extensions !== undefined) headers.push('Sec-WebSocket-Extensions', extensions);
  const lines = ['HTTP/1.1 101 Switching Protocols'];
  for (let i = 0; i + 1 < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1]}`);
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

function passed(rawHeaders: readonly string[], change: (name: string) => string | undefined): string[] {
  const named = new Set(values(rawHeaders, 'connection').flatMap((value) => value.split(',').map((name) => name.trim().toLowerCase())));
  const headers: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!;
    const lower = name.toLowerCase();
    if (lower === 'connection') headers.push(name, 'Upgrade');
    else if (lower === 'upgrade') headers.push(name, 'websocket');
    else if (OF_ONE_CONNECTION.has(lower) || (named.has(lower) && !/^(host|sec-websocket-)/.test(lower))) continue;
    else {
      const value = change(lower);
      if (value !== undefined) headers.push(name, value === 'as it is' ? rawHeaders[i + 1]! : value);
    }
  }
  return headers;
}

/** Without context takeover, memory does not grow with what was sent. Its answer is held to the same offer. */
function clientDeflate(maxPayload: number): PerMessageDeflate {
  return new PerMessageDeflate({
    isServer: false,
    serverNoContextTakeover: true,
    clientNoContextTakeover: true,
    clientMaxWindowBits: false,
    maxPayload,
  });
}

function offersDeflate(rawHeaders: readonly string[]): boolean {
  try {
    return Object.hasOwn(extension.parse(offered(rawHeaders)), DEFLATE);
  } catch {
    return false;
  }
}

function offered(rawHeaders: readonly string[]): string {
  return values(rawHeaders, 'sec-websocket-extensions').join(', ');
}

function acceptFor(key: string): string {
  return createHash('sha1')
    .update(key + GUID)
    .digest('base64');
}
