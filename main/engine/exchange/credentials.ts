/** Credentials that a request's head carries, so that no record shows them. */

import type { RequestHead } from '../protocols/pieces.ts';

/** Headers that carry a credential, in lower case: those of providers, of their gateways, and of AWS's signatures. */
export const CREDENTIAL_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'x-api-key',
  'api-key',
  'x-goog-api-key',
  'x-portkey-api-key',
  'x-litellm-api-key',
  'x-amz-security-token',
  'proxy-authorization',
  'cookie',
]);

/** Parameters of the query that carry one. */
const KEYS: ReadonlySet<string> = new Set(['key', 'api_key', 'api-key', 'access_token', 'x-amz-signature', 'x-amz-security-token']);

export function credentialsIn({ rawHeaders, path }: RequestHead): string[] {
  const found: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2)
    if (CREDENTIAL_HEADERS.has(rawHeaders[i]!.toLowerCase())) found.push(rawHeaders[i + 1]!.replace(/^(Bearer|Basic)\s+/i, ''));
  const query = path.indexOf('?');
  // Google takes its key in the query too.
  if (query >= 0)
    for (const [name, value] of new URLSearchParams(path.slice(query + 1))) if (KEYS.has(name.toLowerCase())) found.push(value);
  return found;
}

/** The path without the credentials in its query; all else of it as it is written. */
export function withoutKeys(path: string): string {
  const at = path.indexOf('?');
  if (at < 0) return path;
  const left = path
    .slice(at + 1)
    .split('&')
    .filter((parameter) => ![...new URLSearchParams(parameter).keys()].some((name) => KEYS.has(name.toLowerCase())));
  return left.length === 0 ? path.slice(0, at) : `${path.slice(0, at)}?${left.join('&')}`;
}
