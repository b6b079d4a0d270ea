/** Sending: what it means that local data reaches another machine. Knows no shell. */

import type { Gathering, Range } from './gathering.ts';
import type { Holding } from './holes.ts';
import { isHere } from './hosts.ts';

export interface Sent {
  /** The gravest of what is sent; absent where nothing is known of it. */
  readonly holds: Holding | undefined;
  /** Where to; undefined where that is not known. */
  readonly host: string | undefined;
  /** For a person: what is sent, as written. */
  readonly what?: string | undefined;
  readonly range: Range;
}

/** Files of the project and what cannot be told are `network`; what a person would not expect to leave is `exfiltrate`. */
export function judgeSending({ holds, host, what, range }: Sent, gathering: Gathering): void {
  if (host !== undefined && isHere(host)) return;
  const to = host ?? 'another machine';
  const named = what ? ` (${what})` : '';
  switch (holds) {
    case 'secret': {
      const says = `sends passwords or keys to ${to}${named}`;
      gathering.effect('exfiltrate', 'risk', says, range);
      gathering.effect('credential-access', 'risk', says, range);
      return;
    }
    case 'environment': {
      const says = `sends every variable of the environment, keys too, to ${to}${named}`;
      gathering.effect('exfiltrate', 'risk', says, range);
      gathering.effect('credential-access', 'risk', says, range);
      return;
    }
    case 'key':
      gathering.effect('exfiltrate', 'risk', `sends a password or key to ${to}${named}`, range);
      return;
    case 'private':
      gathering.effect('exfiltrate', 'risk', `sends what is not this project’s business to ${to}${named}`, range);
      return;
    case 'data':
      gathering.effect('exfiltrate', 'watch', `sends this project’s data to ${to}${named}`, range);
      return;
    case 'identity':
      gathering.effect('exfiltrate', 'watch', `tells ${to} who you are or which machine this is${named}`, range);
      return;
    default:
      gathering.effect('network', 'watch', `sends data to ${to}${named}`, range);
  }
}
