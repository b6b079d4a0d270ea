/** How a device makes itself known to whoever keeps the fleet's log: one record, once for each device, server and token. */

import type { AuditEntry } from '../../contract/record.ts';
import { enrolmentProof, type FleetIdentity } from './identity.ts';

/** The record, and the mark by which it is known to have been made; undefined where `mark` is that already. Never holds the token. */
export function enrolment(options: {
  readonly identity: FleetIdentity;
  readonly token: string;
  readonly url: string;
  readonly ring: string;
  readonly version: string;
  readonly mark: string | null;
}): { readonly entry: AuditEntry; readonly mark: string } | undefined {
  const { identity, token, url, ring, version } = options;
  const { device, publicKey } = identity;
  const mark = identity.seal(JSON.stringify([device, url, token]));
  if (mark === options.mark) return undefined;
  const data = { device, publicKey, proof: enrolmentProof(token, identity), ring, version };
  return {
    mark,
    entry: { kind: 'fleet', verdict: 'enrolled', summary: `This device enrols with the fleet at ${url}, ring ${ring}`, data },
  };
}
