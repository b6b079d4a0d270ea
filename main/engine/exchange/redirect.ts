/** Redirects of a model call: an agent's library follows them by itself, also to where nothing is inspected. */

import { values } from '../interception/headers.ts';
import type { RequestHead, ResponseHead } from '../protocols/pieces.ts';
import type { Catalogue } from './catalogue.ts';

/** What is wrong with a redirect; undefined where there is none, or where it leads to the same kind of call on the same host. */
export function leadsAway(catalogue: Catalogue, request: RequestHead, { status, rawHeaders }: ResponseHead): string | undefined {
  if (status < 300 || status > 399) return undefined;
  const away = values(rawHeaders, 'location').filter((location) => !staysWith(catalogue, request, status, location));
  if (away.length === 0) return undefined;
  return `${request.host} redirects this model call to where it would not be inspected, so the redirect was not passed on. Set the agent's base URL to where the call is answered.`;
}

function staysWith(catalogue: Catalogue, request: RequestHead, status: number, location: string): boolean {
  const base = `https://${request.host.includes(':') ? `[${request.host}]` : request.host}:${request.port}${request.path}`;
  if (!URL.canParse(location, base)) return false;
  const { protocol, hostname, pathname } = new URL(location, base);
  if (!/^https?:$/.test(protocol) || hostname !== new URL(base).hostname) return false;
  // Others than these two make a GET of a POST.
  const method = status === 307 || status === 308 ? request.method : 'GET';
  const [from, to] = [request, { method, host: request.host, path: pathname }];
  const before = catalogue.protocolFor(from) ?? catalogue.storedAnswerIn(from);
  const after = catalogue.protocolFor(to) ?? catalogue.storedAnswerIn(to);
  return before === after && !catalogue.isBeside(request.host, pathname);
}
