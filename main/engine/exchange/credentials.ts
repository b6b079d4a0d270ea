/** Credentials that a request's head carries, so that no record shows them. */

import { header, type RequestHead } from '../protocols/pieces.ts';

const HEADERS = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key', 'proxy-authorization', 'cookie'];

export function credentialsIn({ rawHeaders, path }: RequestHead): string[] {
  // Google takes its key in the query too.
  const query = new URLSearchParams(path.split('?').slice(1).join('?'));
  return [...HEADERS.flatMap((name) => header(rawHeaders, name)?.replace(/^(Bearer|Basic)\s+/i, '') ?? []), ...query.getAll('key')];
}
