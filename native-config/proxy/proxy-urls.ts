/** Addresses that follow from the guard's own. */

import type { GuardOfMachine } from '../part.ts';

/** The proxy auto-configuration script, which the engine serves. The address, not the name: a name may be looked up by the proxy that it is to set. */
export function pacUrl({ proxyUrl }: GuardOfMachine): string {
  return `http://127.0.0.1:${new URL(proxyUrl).port || 80}/holdpoint.pac`;
}

/** Whether it is such an address, perhaps of the port that the guard had before: no proxy of the company's. */
export function isPacOfGuard(url: string): boolean {
  return /^http:\/\/127\.0\.0\.1:\d+\/holdpoint\.pac$/.test(url);
}
