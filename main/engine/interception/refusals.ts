/** Requests on an intercepted connection that are refused whatever they say: those whose meaning depends on who reads them. */

import type { IncomingMessage } from 'node:http';
import { requestFraming, values } from './headers.ts';
import { authorityOf, namesTarget, type Target } from './target.ts';

export interface Fault {
  readonly status: 400 | 405 | 421;
  /** What is wrong and what to do. */
  readonly message: string;
}

/** What of a request's head is looked at, of any version. */
interface RequestLike {
  readonly rawHeaders: readonly string[];
  readonly httpVersion: string;
  readonly method?: string | undefined;
  /** In HTTP/2. */
  readonly scheme?: string;
}

/** What is wrong with a request for this target; undefined where nothing is. `path` is in origin-form. */
export function faultOf(request: RequestLike, target: Target, path: string): Fault | undefined {
  const { method = '', rawHeaders, httpVersion, scheme } = request;
  const hosts = values(rawHeaders, 'host');
  if (hosts.length > 1) return { status: 400, message: 'The request has several Host headers, so it is not clear whom it is for.' };
  if (hosts[0] !== undefined && !namesTarget(hosts[0], target)) {
    return {
      status: 421,
      message: `The connection is for ${authorityOf(target)}, but the request's Host header names another. Connect to the host that the request is for.`,
    };
  }
  if (method === 'TRACE' || method === 'CONNECT')
    return {
      status: 405,
      message: `${method} is not passed on, because it shows the client's own credentials or opens a tunnel that cannot be inspected.`,
    };
  if (!/^[A-Z][A-Z-]*$/.test(method)) {
    return { status: 400, message: 'The method is not written in capitals, so two readers could take it for two different ones.' };
  }
  if (scheme !== undefined && scheme !== (target.secure ? 'https' : 'http')) {
    return { status: 400, message: `The request is for ${scheme}, but the connection is not. Ask for it as what the connection is.` };
  }
  if (requestFraming(rawHeaders, httpVersion) === undefined) {
    return {
      status: 400,
      message:
        'The request has no single, clear length (Content-Length and Transfer-Encoding), so two readers could take it for two different requests.',
    };
  }
  if (isAmbiguousPath(path)) {
    return {
      status: 400,
      message:
        'The path can be read in several ways (//, /./, /../, #, a backslash, or plain characters written as %XX). Write it plainly; a base URL that ends in a slash is a common cause.',
    };
  }
  return undefined;
}

/** An inspector that knows `/v1/messages` must not be passed by `/v1/%6dessages`, which the provider may take for the same. */
function isAmbiguousPath(path: string): boolean {
  if (path !== '*' && !path.startsWith('/')) return true;
  // A fragment is never sent (RFC 9112 §3.2): one server stops reading at it, another does not.
  if (path.includes('#')) return true;
  const [plain = ''] = path.split('?', 1);
  if (/\/\/|\\|[^\x21-\x7e]|%(?![0-9a-f]{2})|%5c/i.test(plain)) return true;
  if (plain.split('/').some((segment) => /^(\.|%2e){1,2}$/i.test(segment))) return true;
  return (plain.match(/%[0-9a-f]{2}/gi) ?? []).some((written) =>
    /[A-Za-z0-9\-._~]/.test(String.fromCharCode(Number.parseInt(written.slice(1), 16))),
  );
}

/** Whether a client asks for a WebSocket. */
export function wantsWebSocket(request: IncomingMessage): boolean {
  return values(request.rawHeaders, 'upgrade').some((value) =>
    value.split(',').some((name) => name.trim().toLowerCase().startsWith('websocket')),
  );
}
