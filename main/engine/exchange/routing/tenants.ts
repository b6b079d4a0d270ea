/** Tenant headers: what requests to a provider carry so that it serves the company's own accounts alone. */

import type { HeaderEdits, OutgoingHeaders, Place } from '../../interception/outgoing.ts';
import { hostMatches, pathIsWithin } from '../patterns.ts';
import { PLAIN } from '../plain.ts';
import { TENANTS, type Tenant, type Tenants } from './tenant-table.ts';

/** A row of the table whose setting is there. */
interface Restricted extends Tenant {
  readonly edits: HeaderEdits;
}

export interface TenantHeaders extends OutgoingHeaders {
  /** Whether a host is to be decrypted although it is not read. */
  headerOnly(host: string): boolean;
  /** Patterns of the hosts that a tenant is set for. */
  hosts(): readonly string[];
}

export function createTenants(options: {
  /** Asked at each request. The same object, as long as nothing has changed. */
  tenants: () => Tenants;
  /** Whether a host is decrypted anyway, and read. */
  isRead: (host: string) => boolean;
}): TenantHeaders {
  const { isRead } = options;
  let compiled: readonly Restricted[] = [];
  let from: Tenants | undefined;

  return {
    reads: isRead,
    headerOnly: (host) => rowsNow().length > 0 && rowFor(host) !== undefined && !isRead(host),
    hosts: () => rowsNow().flatMap(({ hosts }) => hosts),
    editsFor: ({ host }) => (rowsNow().length === 0 ? undefined : rowFor(host)?.edits),
    refusalOf(place) {
      if (rowsNow().length === 0) return undefined;
      const refused = rowFor(place.host)?.refused;
      if (!refused || !isRefused(refused, place)) return undefined;
      const answer = PLAIN.refuseRequest({ policy: 'tenants', reason: refused.because });
      return { message: `The company’s own accounts only: ${refused.because}`, answer };
    },
  };

  function rowsNow(): readonly Restricted[] {
    const tenants = options.tenants();
    if (tenants === from) return compiled;
    from = tenants;
    compiled = TENANTS.flatMap((row) => {
      const adds = row.headers(tenants);
      return adds.length === 0 ? [] : [{ ...row, edits: { adds, removes: (name: string) => isOneOf(row.names, name) } }];
    });
    return compiled;
  }

  function rowFor(host: string): Restricted | undefined {
    return rowsNow().find(({ hosts }) => hosts.some((pattern) => hostMatches(pattern, host)));
  }
}

/** Also where it is continued: a second line of the client's own would add to ours. */
function isOneOf(names: readonly string[], name: string): boolean {
  return names.some((ours) => name.startsWith(ours) && /^-?\d*$/.test(name.slice(ours.length)));
}

function isRefused({ hosts = [], paths = [] }: NonNullable<Tenant['refused']>, { host, path }: Place): boolean {
  if (hosts.some((pattern) => hostMatches(pattern, host))) return true;
  const plain = path.split(/[?;]/, 1)[0]!.toLowerCase();
  return paths.some((pattern) => pathIsWithin(pattern, plain));
}
